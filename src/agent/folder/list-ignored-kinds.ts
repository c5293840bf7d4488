import { systemClock } from '../../base/clock.ts';
import { Failure } from '../../base/failure.ts';
import { systemRandom } from '../../base/random.ts';
import { joinPath, topPath, type DiskPath } from '../../disk/disk.ts';
import { openNodeDisk } from '../../disk/node-disk.ts';
import { isSyncable } from '../../engine/local-row.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import type { ListedProblem } from '../show/list-problems.ts';
import { lookInto } from './look-into.ts';

const pageSize = 1000;

/**
 * Sockets, pipes and devices in the synced folders: they stay out, which is no fault. Looks at the folder itself, so it
 * takes as long as a scan. Throws E_FOLDER_MISSING.
 */
export async function listIgnoredKinds(profileDir: string): Promise<ListedProblem[]> {
  const { folders, place } = await lookInto(profileDir, ({ index, settings }) => ({
    folders: [...foldersBelow(index.local, rootId, topPath)],
    place: { rootDir: settings.folder, mark: settings.mark },
  }));
  const disk = openNodeDisk({ ...place, clock: systemClock, random: systemRandom });
  await disk.checkRoot();
  const found: ListedProblem[] = [];
  for (const folder of folders) {
    const listing = await disk.list(folder);
    if (typeof listing === 'string') continue;
    for (const item of listing.entries) if (!isSyncable(item)) found.push(ignored(joinPath(folder, item.name)));
  }
  return found;
}

function ignored(path: DiskPath): ListedProblem {
  const { code, message } = new Failure('E_UNSUPPORTED', 'sockets, pipes and devices are not synced');
  return { code, path, message, action: 'nothing to do: it stays where it is' };
}

function* foldersBelow(local: SyncIndex['local'], id: NodeId, path: DiskPath): Generator<DiskPath> {
  yield path;
  const below: { id: NodeId; name: NodeName }[] = [];
  for (let after: NodeName | undefined; ;) {
    const page = local.childrenOf(id, after, pageSize);
    for (const { id: child, state } of page) if (state.kind === 'folder') below.push({ id: child, name: state.name });
    after = page.at(-1)?.state.name;
    if (page.length < pageSize) break;
  }
  for (const folder of below) yield* foldersBelow(local, folder.id, joinPath(path, folder.name));
}
