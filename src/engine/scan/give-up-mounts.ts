/** A disk that is gone for good: whoever leaves its folder out waits for it no longer. */
import { topPath, type DiskPath, type Observed } from '../../disk/disk.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { NodeId } from '../../model/ids.ts';
import type { LocalNode } from '../../model/node.ts';
import type { EngineParts } from '../engine-parts.ts';
import { findLocalPath } from '../local-path.ts';
import { isRefusedHere } from '../problems.ts';

const batchRows = 1000;

/**
 * Forgets what stood on disks that are away and whose folders are left out: to be left out is no deletion, whatever is
 * still seen of it. Where another disk stands in its place nothing is forgotten, as what is on that would pass for its content.
 */
export async function giveUpMounts(parts: EngineParts): Promise<void> {
  const { index, clock } = parts;
  for (const id of index.mounts.away()) {
    const row = index.local.find(id);
    if (row === undefined || !index.leftOut.has(id) || index.mounts.find(id)?.device === '') continue;
    const path = findLocalPath((node) => index.local.find(node), id);
    const now = path === undefined ? undefined : await lookUnderneath(parts, path);
    if (now === 'mounted') continue;
    while (!index.transaction(() => forgetSome(index, id))) await clock.sleep(0);
    index.transaction(() => {
      index.mounts.erase(id);
      index.problems.clear(path ?? '', 'E_MOUNT_GONE');
      if (now?.kind === 'folder') index.local.write({ ...row, identity: now.identity, fingerprint: now.fingerprint });
      else index.local.erase(id);
      // What waited for the disk.
      index.dirty.releaseHeld();
    });
  }
}

/** What stands at the mount's place now; 'mounted' for another disk. */
async function lookUnderneath(parts: EngineParts, path: DiskPath): Promise<Observed | 'mounted' | undefined> {
  try {
    return await look(parts, path);
  } catch (error) {
    // A dead mount: whatever is under it is not to be seen now, and all else goes on.
    if (!isRefusedHere(error)) throw error;
    return 'mounted';
  }
}

async function look({ disk }: EngineParts, path: DiskPath): Promise<Observed | 'mounted' | undefined> {
  const now = await disk.look(path);
  const above = await disk.look((path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : topPath) as DiskPath);
  return now?.kind === 'folder' && now.device !== above?.device ? 'mounted' : now;
}

/** Erases some of the rows below the folder, deepest first; true once there is none. */
function forgetSome({ local, mounts }: SyncIndex, folder: NodeId): boolean {
  let at = folder;
  let page: readonly LocalNode[] = local.childrenOf(at, undefined, batchRows);
  for (
    let below = page.find(({ id }) => local.hasChildren(id));
    below !== undefined;
    below = page.find(({ id }) => local.hasChildren(id))
  ) {
    at = below.id;
    page = local.childrenOf(at, undefined, batchRows);
  }
  for (const { id } of page) {
    mounts.erase(id);
    local.erase(id);
  }
  return page.length === 0;
}
