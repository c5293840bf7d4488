/** The vault's folders as far as they are loaded, and as rows of a list: what is shown of a tree of any size. */
import type { TreeRow } from '../../src/control/acts/folder-acts.ts';

/** The folders in a folder, in the order of the agent. */
interface Level {
  readonly rows: readonly TreeRow[];
  readonly hasMore: boolean;
}

export interface FolderTree {
  /** By the path of the folder that they are in; '' is the top. */
  readonly levels: ReadonlyMap<string, Level>;
  readonly open: ReadonlySet<string>;
}

export const emptyTree: FolderTree = { levels: new Map(), open: new Set() };

export type ShownRow =
  | {
      readonly is: 'folder';
      readonly row: TreeRow;
      /** 1 at the top. */
      readonly level: number;
      readonly isOpen: boolean;
      readonly at: number;
      /** -1 while it is not known. */
      readonly of: number;
    }
  /** Stands for what is not loaded yet. */
  | { readonly is: 'more'; readonly parent: string; readonly level: number };

/** From top to bottom. Costs O(rows). */
export function rowsOf({ levels, open }: FolderTree): readonly ShownRow[] {
  const shown: ShownRow[] = [];
  const visit = (parent: string, level: number): void => {
    const loaded = levels.get(parent);
    const of = loaded === undefined || loaded.hasMore ? -1 : loaded.rows.length;
    loaded?.rows.forEach((row, index) => {
      const isOpen = open.has(row.path);
      shown.push({ is: 'folder', row, level, isOpen, at: index + 1, of });
      if (isOpen) visit(row.path, level + 1);
    });
    if (loaded === undefined || loaded.hasMore) shown.push({ is: 'more', parent, level });
  };
  visit('', 1);
  return shown;
}

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

/** One more page at the end. */
export function withPage(tree: FolderTree, parent: string, page: Level): FolderTree {
  const before = tree.levels.get(parent)?.rows ?? [];
  return withLevel(tree, parent, { rows: [...before, ...page.rows], hasMore: page.hasMore });
}

export function withOpen(tree: FolderTree, path: string, isOpen: boolean): FolderTree {
  const open = new Set(tree.open);
  if (isOpen) open.add(path);
  else open.delete(path);
  return { ...tree, open };
}
