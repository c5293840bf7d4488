/** The vault's folders as far as they are loaded, and as rows of a list: what is shown of a tree of any size. */
import type { TreeRow } from '../../src/control/acts/folder-acts.ts';

/** The folders in a folder, in the order of the agent: as many as there are, undefined where one is not loaded. */
type Level = readonly (TreeRow | undefined)[];

export interface FolderTree {
  /** By the path of the folder that they are in; '' is the top. */
  readonly levels: ReadonlyMap<string, Level>;
  readonly open: ReadonlySet<string>;
}

/** Folders in a folder, from the one at `skip` on, and how many there are in all. */
export interface TreePage {
  readonly skip: number;
  readonly rows: readonly TreeRow[];
  readonly total: number;
}

export const emptyTree: FolderTree = { levels: new Map(), open: new Set() };

interface RowPlace {
  /** 1 at the top. */
  readonly level: number;
  /** Where it stands in its folder: from 1. */
  readonly at: number;
  /** -1 while it is not known. */
  readonly of: number;
}

export type ShownRow =
  | (RowPlace & { readonly is: 'folder'; readonly row: TreeRow; readonly isOpen: boolean })
  /** Stands for one that is not loaded yet, or for all of a folder where nothing is. */
  | (RowPlace & { readonly is: 'more'; readonly parent: string });

/** From top to bottom. Costs O(rows). */
export function rowsOf({ levels, open }: FolderTree): readonly ShownRow[] {
  const shown: ShownRow[] = [];
  const visit = (parent: string, level: number): void => {
    const loaded = levels.get(parent);
    if (loaded === undefined) shown.push({ is: 'more', parent, level, at: 1, of: -1 });
    loaded?.forEach((row, index) => {
      const place = { level, at: index + 1, of: loaded.length };
      if (row === undefined) {
        shown.push({ is: 'more', parent, ...place });
        return;
      }
      const isOpen = open.has(row.path);
      shown.push({ is: 'folder', row, isOpen, ...place });
      if (isOpen) visit(row.path, level + 1);
    });
  };
  visit('', 1);
  return shown;
}

/** What was loaded of it before counts no more. */
export function withLevel(tree: FolderTree, parent: string, level: Level): FolderTree {
  return { ...tree, levels: new Map(tree.levels).set(parent, level) };
}

/** As if it had never been loaded. */
export function withoutLevel(tree: FolderTree, parent: string): FolderTree {
  const levels = new Map(tree.levels);
  levels.delete(parent);
  return { ...tree, levels };
}

/** Whether the folders in this one have rows: it and all above it are open. */
export function isShown({ open }: FolderTree, parent: string): boolean {
  for (let path = parent; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) if (!open.has(path)) return false;
  return true;
}

/** With these, too. Where there are more or fewer than was known, it is that many now. */
export function withPage(tree: FolderTree, parent: string, { skip, rows, total }: TreePage): FolderTree {
  const before = tree.levels.get(parent) ?? [];
  const level = Array.from({ length: total }, (_, at) => rows[at - skip] ?? before[at]);
  return withLevel(tree, parent, level);
}

export function withOpen(tree: FolderTree, path: string, isOpen: boolean): FolderTree {
  const open = new Set(tree.open);
  if (isOpen) open.add(path);
  else open.delete(path);
  return { ...tree, open };
}
