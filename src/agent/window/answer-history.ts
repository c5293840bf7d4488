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
import { compareNames } from '../show/name-order.ts';
import { listedItem } from '../show/list-vault.ts';
import { lookInto } from '../folder/look-into.ts';
import { findWanted } from '../past/restore-path.ts';
import { requireFolder } from '../folder/selection.ts';
import { KeptOrders } from './kept-orders.ts';
import { showContent } from './show-content.ts';
import { treeState } from './tree-state.ts';
import type { WindowDesk } from './window-desk.ts';

export function historyAnswers(desk: WindowDesk): Pick<WindowAnswers, keyof typeof historyActs> {
  const { host } = desk;
  const orders = new KeptOrders();
  return {
    'list-items': ({ path, after, limit }) =>
      lookInto(host.profileDir, ({ index }) => {
        const folder = path === '' ? rootId : requireFolder(index, path).id;
        const rows = itemsIn({ index, orders }, folder, { after: after as NodeName | undefined, limit: limit + 1 });
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

/** The tree, and what of it was put in order before. */
interface Items {
  readonly index: SyncIndex;
  readonly orders: KeptOrders;
}

/** Folders first, each kind by name. Where `after` is gone by now, it goes on as after a folder of that name. */
function itemsIn({ index, orders }: Items, folder: NodeId, { after, limit }: ItemsWish): readonly NodeId[] {
  const { database } = index;
  const [folders, files] = [
    { key: `folders ${folder}`, read: (from: NodeName | undefined, most: number) => foldersIn(database, folder, from, most) },
    { key: `files ${folder}`, read: (from: NodeName | undefined, most: number) => filesIn(database, folder, from, most) },
  ];
  const pageOf = ({ key, read }: typeof folders, wish: ItemsWish): readonly NamedItem[] => {
    const ordered = orders.inOrder(key, treeState(index), (most) => read(undefined, most));
    return ordered === undefined ? read(wish.after, wish.limit) : pageAfter(ordered, wish);
  };
  const isPastFolders = after !== undefined && (index.remote.childNamed(folder, after)?.state.kind ?? 'folder') !== 'folder';
  const first = isPastFolders ? [] : pageOf(folders, { after, limit });
  const rest = { after: isPastFolders ? after : undefined, limit: limit - first.length };
  return [...first, ...(rest.limit <= 0 ? [] : pageOf(files, rest))].map(({ id }) => id);
}

function pageAfter(ordered: readonly NamedItem[], { after, limit }: ItemsWish): readonly NamedItem[] {
  const from = after === undefined ? 0 : ordered.findIndex(({ name }) => compareNames(name, after) > 0);
  return from === -1 ? [] : ordered.slice(from, from + limit);
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
