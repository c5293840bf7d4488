/** Loads the tree of folders page by page as it is looked at, and again as far as it was loaded when it changed. */
import type { TreeRow } from '../../src/control/acts/folder-acts.ts';
import type { ToldFailure } from '../../src/control/acts/shared-shapes.ts';
import type { Outcome } from '../../src/control/acts/window-bridge.ts';
import { emptyTree, isShown, withLevel, withOpen, withoutLevel, withPage, type FolderTree } from './folder-tree.ts';

/** What comes after a name in a folder; from its beginning where that is left out. */
export type AskFolders = (asked: {
  readonly path: string;
  readonly limit: number;
  readonly after?: string;
}) => Promise<Outcome<{ readonly rows: readonly TreeRow[]; readonly hasMore: boolean }>>;

/** Rows of one question: of a person who scrolls, and of a list that is loaded again. */
const pageRows = 500;
const againRows = 1000;

export class FolderTreeLoader {
  readonly #ask: AskFolders;
  readonly #tell: (tree: FolderTree, failure: ToldFailure | undefined) => void;
  #tree: FolderTree = emptyTree;
  #failure: ToldFailure | undefined;
  readonly #underWay = new Set<string>();
  #isStale = false;
  #isReloading = false;
  #isOver = false;

  constructor(ask: AskFolders, tell: (tree: FolderTree, failure: ToldFailure | undefined) => void) {
    this.#ask = ask;
    this.#tell = tell;
  }

  /** What comes next in this folder, unless that is under way. */
  async load(parent: string): Promise<void> {
    if (this.#underWay.has(parent)) return;
    this.#underWay.add(parent);
    for (let isDone = false; !isDone && !this.#isOver;) {
      const after = this.#lastIn(parent);
      const outcome = await this.#ask({ path: parent, limit: pageRows, ...afterOf(after) });
      // Loaded again meanwhile: what came begins after another row.
      if (this.#lastIn(parent) !== after) continue;
      if (!outcome.ok) this.#failure = outcome.failure;
      // One that is gone is empty; another question about it would fail again.
      this.#become(withPage(this.#tree, parent, outcome.ok ? outcome.answer : { rows: [], hasMore: false }));
      isDone = true;
    }
    this.#underWay.delete(parent);
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

  async #reload(parent: string): Promise<void> {
    const rows: TreeRow[] = [];
    let hasMore = true;
    // As many as there are by then: a person scrolls on.
    while (hasMore && !this.#isOver && rows.length < Math.max(1, this.#tree.levels.get(parent)?.rows.length ?? 0)) {
      const outcome = await this.#ask({ path: parent, limit: againRows, ...afterOf(rows.at(-1)?.name) });
      if (!outcome.ok) return;
      for (const row of outcome.answer.rows) rows.push(row);
      ({ hasMore } = outcome.answer);
    }
    this.#become(withLevel(this.#tree, parent, { rows, hasMore }));
  }

  #lastIn(parent: string): string | undefined {
    return this.#tree.levels.get(parent)?.rows.at(-1)?.name;
  }

  #become(tree: FolderTree): void {
    this.#tree = tree;
    if (!this.#isOver) this.#tell(tree, this.#failure);
  }
}

function afterOf(after: string | undefined): { readonly after?: string } {
  return after === undefined ? {} : { after };
}
