/** What of the vault is on this device. */
import type { TreeRow } from '../../control/acts/folder-acts.ts';
import type { WindowAnswers } from '../../control/answer-act.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import {
  countFolders,
  foldersFrom,
  hasFolders,
  weighPart,
  type Amount,
  type NamedItem,
  type TreePart,
} from '../../index/nodes/vault-folders.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import { changeSelection } from '../folder/choose-folders.ts';
import { lookInto } from '../folder/look-into.ts';
import { choose, foldersAbove, foldersOfBoth, requireFolder, type ChosenFolders } from '../folder/selection.ts';
import { findBeginning } from '../show/name-order.ts';
import { FolderScales } from './folder-weights.ts';
import { KeptOrders } from './kept-orders.ts';
import { findFreeBytes } from './look-at-folder.ts';
import { treeState } from './tree-state.ts';
import type { WindowDesk } from './window-desk.ts';

type FolderAnswers = Pick<WindowAnswers, 'list-folders' | 'find-folder' | 'weigh-choice' | 'choose'>;

export function folderAnswers(desk: WindowDesk): FolderAnswers {
  const { host } = desk;
  const scales = new FolderScales(host);
  const orders = new KeptOrders();
  return {
    'list-folders': async ({ path, skip = 0, limit }) => {
      const page = await lookInto(host.profileDir, ({ index }) => readPage({ index, orders }, { path, skip, limit }));
      const weights = page.rows.length === 0 ? new Map<NodeId, Amount>() : await scales.weights(page.state);
      const rows = page.rows.map(({ id, row }): TreeRow => ({ ...row, ...(weights.get(id) ?? { files: 0, bytes: 0 }) }));
      return { rows, total: page.total };
    },
    'find-folder': ({ path, begins, from }) =>
      lookInto(host.profileDir, ({ index }) => {
        const folder = path === '' ? rootId : requireFolder(index, path).id;
        const names = foldersInOrder({ index, orders }, { folder, skip: 0, limit: countFolders(index.database, folder) }).map(
          ({ name }) => name,
        );
        return { at: findBeginning(names, { begins, from }) ?? null };
      }),
    'weigh-choice': async (choice) => {
      const { folder, ...weight } = await lookInto(host.profileDir, ({ index, settings }) => ({
        folder: settings.folder,
        ...weigh(index, choose(index, choice)),
      }));
      return { ...weight, freeBytes: await findFreeBytes(folder) };
    },
    choose: async (choice) => {
      await changeSelection(host, choice);
      desk.kept?.loop.look();
      desk.tell('folders', 'state');
      return {};
    },
  };
}

interface Page {
  /** What the tree is: another text for another tree. */
  readonly state: string;
  readonly rows: readonly { readonly id: NodeId; readonly row: Omit<TreeRow, 'files' | 'bytes'> }[];
  readonly total: number;
}

interface PageWish {
  readonly path: string;
  readonly skip: number;
  readonly limit: number;
}

/** The tree, and what of it was put in order before. */
interface Folders {
  readonly index: SyncIndex;
  readonly orders: KeptOrders;
}

function readPage({ index, orders }: Folders, { path, skip, limit }: PageWish): Page {
  const folder = path === '' ? rootId : requireFolder(index, path).id;
  const leftOut = new Set(index.leftOut.chosen());
  const isOut = foldersAbove(index, folder).some(({ id }) => leftOut.has(id));
  const mixed = leftOut.size === 0 ? new Set<NodeId>() : foldersOfBoth(index);
  const rowOf = ({ id, name }: NamedItem): Page['rows'][number] => {
    const chosen = isOut || leftOut.has(id) ? 'none' : mixed.has(id) ? 'some' : 'all';
    return { id, row: { path: path === '' ? name : `${path}/${name}`, name, chosen, hasFolders: hasFolders(index.database, id) } };
  };
  const total = countFolders(index.database, folder);
  return { state: treeState(index), rows: foldersInOrder({ index, orders }, { folder, skip, limit }).map(rowOf), total };
}

function foldersInOrder(
  { index, orders }: Folders,
  { folder, skip, limit }: { readonly folder: NodeId; readonly skip: number; readonly limit: number },
): readonly NamedItem[] {
  const { database } = index;
  const ordered = orders.inOrder(folder, treeState(index), (most) => foldersFrom(database, folder, 0, most));
  return ordered?.slice(skip, skip + limit) ?? foldersFrom(database, folder, skip, limit);
}

interface Weight {
  readonly removed: Amount;
  readonly fetched: Amount;
}

/** What is only on this disk stays, wherever it lies: it is no file of the vault yet. */
function weigh(index: SyncIndex, { before, after }: ChosenFolders): Weight {
  return {
    removed: weighPart(index.database, partWithout(index, after, before), 'here'),
    fetched: weighPart(index.database, partWithout(index, before, after), 'elsewhere'),
  };
}

/** What is below a folder of the one set, and below none of the other. */
function partWithout(index: SyncIndex, below: ReadonlySet<NodeId>, notBelow: ReadonlySet<NodeId>): TreePart {
  const isTop = (folder: NodeId): boolean => {
    const way = foldersAbove(index, folder);
    return way.length > 0 && !way.some(({ id }) => notBelow.has(id)) && !way.slice(1).some(({ id }) => below.has(id));
  };
  return { tops: [...below].filter((folder) => !notBelow.has(folder) && isTop(folder)), stops: [...notBelow] };
}
