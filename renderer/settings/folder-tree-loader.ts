/** Loads what is looked at of the tree of folders, page by page, and all of that again when it changed. */
import type { TreeRow } from '../../src/control/acts/folder-acts.ts';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import type { Outcome } from '../../src/control/acts/window-bridge.ts';
import { emptyTree, isShown, withLevel, withOpen, withoutLevel, withPage, type FolderTree, type TreePage } from './folder-tree.ts';

/** Folders in a folder, from the one at `skip` on. */
export type AskFolders = (asked: {
  readonly path: string;
  readonly skip: number;
  readonly limit: number;
}) => Promise<Outcome<{ readonly rows: readonly TreeRow[]; readonly total: number }>>;

/** A page of a folder: of `pageRows`, from 0. */
export interface WantedPage {
  readonly parent: string;
  readonly page: number;
}

/** Rows of one question. */
export const pageRows = 250;

export class FolderTreeLoader {
  readonly #ask: AskFolders;
  readonly #tell: (tree: FolderTree, failure: ToldFailure | undefined) => void;
  #tree: FolderTree = emptyTree;
  #failure: ToldFailure | undefined;
  #wanted: readonly WantedPage[] = [];
  #isLoading = false;
  /** Counts how often a list was put in place of another one. */
  #round = 0;
  #isStale = false;
  #isReloading = false;
  #isOver = false;

  constructor(ask: AskFolders, tell: (tree: FolderTree, failure: ToldFailure | undefined) => void) {
    this.#ask = ask;
    this.#tell = tell;
  }

  /**
   * What is seen: what is missing of it is loaded, one page after the other. What was wanted before and not begun is not loaded: a
   * person who drags the list past it sees nothing of it.
   */
  async want(pages: readonly WantedPage[]): Promise<void> {
    this.#wanted = pages;
    if (this.#isLoading) return;
    this.#isLoading = true;
    for (let next = this.#firstMissing(); next !== undefined && !this.#isOver; next = this.#firstMissing()) await this.#load(next);
    this.#isLoading = false;
  }

  setOpen(path: string, isOpen: boolean): void {
    this.#become(withOpen(this.#tree, path, isOpen));
  }

  /** The tree may be another one. What is shown stays until it is there anew; news that come meanwhile make one more round. */
  async again(): Promise<void> {
    this.#isStale = true;
    if (this.#isReloading) return;
    this.#isReloading = true;
    while (this.#isStale && !this.#isOver) {
      this.#isStale = false;
      this.#failure = undefined;
      for (const parent of this.#tree.levels.keys()) {
        if (isShown(this.#tree, parent)) await this.#reload(parent);
        // Loaded when it is opened the next time.
        else this.#become(withoutLevel(this.#tree, parent));
      }
    }
    this.#isReloading = false;
  }

  /** Tells nothing any more. */
  stop(): void {
    this.#isOver = true;
  }

  async #load({ parent, page }: WantedPage): Promise<void> {
    const round = this.#round;
    const skip = page * pageRows;
    const answer = await this.#read(parent, skip);
    // Loaded again meanwhile: the rows of that page may be others. It is asked for again if it is missing still.
    if (round !== this.#round) return;
    if (!('failure' in answer)) {
      this.#become(withPage(this.#tree, parent, answer));
      return;
    }
    this.#failure = answer.failure;
    // One that is gone ends here; another question about it would fail again.
    this.#become(withLevel(this.#tree, parent, (this.#tree.levels.get(parent) ?? []).slice(0, skip)));
  }

  /** All pages that were loaded. */
  async #reload(parent: string): Promise<void> {
    const loaded = this.#tree.levels.get(parent) ?? [];
    const pages = Array.from({ length: Math.max(1, Math.ceil(loaded.length / pageRows)) }, (_, page) => page);
    let tree = withoutLevel(this.#tree, parent);
    for (const page of pages.filter((each) => each === 0 || loaded[each * pageRows] !== undefined)) {
      const answer = await this.#read(parent, page * pageRows);
      if (this.#isOver || 'failure' in answer) return;
      tree = withPage(tree, parent, answer);
    }
    this.#round += 1;
    this.#become(withLevel(this.#tree, parent, tree.levels.get(parent) ?? []));
  }

  async #read(parent: string, skip: number): Promise<TreePage | { readonly failure: ToldFailure }> {
    const outcome = await this.#ask({ path: parent, skip, limit: pageRows });
    if (!outcome.ok) return { failure: outcome.failure };
    const { rows, total } = outcome.answer;
    // It ends where nothing more came, whatever was counted: what is missing for ever would be asked for for ever.
    const end = skip + rows.length;
    return { skip, rows, total: rows.length < pageRows ? Math.min(total, end) : Math.max(total, end) };
  }

  #firstMissing(): WantedPage | undefined {
    return this.#wanted.find(({ parent, page }) => {
      const level = this.#tree.levels.get(parent);
      if (level === undefined) return page === 0;
      return level.slice(page * pageRows, (page + 1) * pageRows).includes(undefined);
    });
  }

  #become(tree: FolderTree): void {
    this.#tree = tree;
    if (!this.#isOver) this.#tell(tree, this.#failure);
  }
}
