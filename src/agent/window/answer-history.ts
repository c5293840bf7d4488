/** What stands in the vault, and what was. */
import { Failure } from '../../base/failure.ts';
import type { historyActs, ToldItem, ToldVersion } from '../../control/acts/history-acts.ts';
import type { WindowAnswers } from '../../control/answer-act.ts';
import { filesIn, foldersIn, type NamedItem } from '../../index/nodes/vault-folders.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import { restore } from '../ask-or-do.ts';
import { deletedIn, historyOf, type ListedVersion } from '../past/list-history.ts';
import { compareNames, orderedMax } from '../show/name-order.ts';
import { listedItem } from '../show/list-vault.ts';
import { lookInto } from '../folder/look-into.ts';
import { findWanted } from '../past/restore-path.ts';
import { requireFolder } from '../folder/selection.ts';
import { showContent } from './show-content.ts';
import type { WindowDesk } from './window-desk.ts';

export function historyAnswers(desk: WindowDesk): Pick<WindowAnswers, keyof typeof historyActs> {
  const { host } = desk;
  return {
    'list-items': ({ path, after, limit }) =>
      lookInto(host.profileDir, ({ index }) => {
        const folder = path === '' ? rootId : requireFolder(index, path).id;
        const rows = itemsIn(index, folder, { after: after as NodeName | undefined, limit: limit + 1 });
        const told = rows.slice(0, limit).map((id) => toldItem(index, id, path));
        return { rows: told.filter((row) => row !== undefined), hasMore: rows.length > limit };
      }),
    'list-versions': ({ path, skip, limit }) => lookInto(host.profileDir, (look) => pageOf(historyOf(look, path), skip, limit)),
    'list-deleted': ({ path, skip, limit }) => lookInto(host.profileDir, (look) => pageOf(deletedIn(look, path), skip, limit)),
    'read-version': async ({ path, version, maxBytes }) => {
      const { session } = await desk.whenKept();
      const [item] = findWanted(session, { path, version });
      if (item?.state.kind !== 'file') throw new Failure('E_NOT_FOUND', 'this version is no file');
      return showContent(session, { ref: item.state.content, node: undefined }, { maxBytes, signal: host.signal });
    },
    restore: async ({ path, version, to }) => {
      const { path: place, files } = await restore(host, { path, version, to });
      desk.tell('activity', 'folders');
      return { path: place, files };
    },
  };
}

interface ItemsWish {
  readonly after: NodeName | undefined;
  readonly limit: number;
}

/** Folders first, each kind by name. Where `after` is gone by now, it goes on as after a folder of that name. */
function itemsIn(index: SyncIndex, folder: NodeId, { after, limit }: ItemsWish): NodeId[] {
  const isPastFolders = after !== undefined && (index.remote.childNamed(folder, after)?.state.kind ?? 'folder') !== 'folder';
  const folders = isPastFolders ? [] : pageOfKind((...from) => foldersIn(index.database, folder, ...from), { after, limit });
  const rest = { after: isPastFolders ? after : undefined, limit: limit - folders.length };
  return rest.limit <= 0 ? folders : [...folders, ...pageOfKind((...from) => filesIn(index.database, folder, ...from), rest)];
}

function pageOfKind(read: (after: NodeName | undefined, limit: number) => readonly NamedItem[], { after, limit }: ItemsWish): NodeId[] {
  const all = read(undefined, orderedMax + 1);
  if (all.length > orderedMax) return read(after, limit).map(({ id }) => id);
  const left = after === undefined ? all : all.filter(({ name }) => compareNames(name, after) > 0);
  const ordered = left.toSorted((one, other) => compareNames(one.name, other.name));
  return ordered.slice(0, limit).map(({ id }) => id);
}

function toldItem(index: SyncIndex, id: NodeId, folder: string): ToldItem | undefined {
  const node = index.remote.find(id);
  if (node === undefined) return undefined;
  const { name } = node.state;
  return { ...listedItem(index, node, folder === '' ? name : `${folder}/${name}`), name };
}

function pageOf(versions: Iterable<ListedVersion>, skip: number, limit: number): { rows: ToldVersion[]; hasMore: boolean } {
  const rows: ToldVersion[] = [];
  let at = 0;
  for (const version of versions) {
    at += 1;
    if (at <= skip) continue;
    if (rows.length === limit) return { rows, hasMore: true };
    rows.push({ ...version, lost: version.lost === true });
  }
  return { rows, hasMore: false };
}
