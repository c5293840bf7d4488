import type { NodeId } from '../model/ids.ts';
import type { VersionedNode } from '../model/node.ts';
import type { BaseTree } from './nodes/base-tree.ts';
import type { IndexDatabase, TransactionFollower } from './file/database.ts';
import { idFromBytes, idToBytes } from './file/id-bytes.ts';
import type { NodeTable } from './nodes/node-table.ts';
import { reviewed } from './nodes/review.ts';
import type { Totals } from './nodes/totals.ts';
import type { TreeDeps } from './nodes/tree-table.ts';

/** Which folders are asked for; each a text that is made once. */
const folders = {
  chosen: 'SELECT node FROM left_out WHERE chosen = 1 ORDER BY node',
  behind: 'SELECT node FROM left_out WHERE chosen <> applied ORDER BY node',
  applied: 'SELECT node FROM left_out WHERE applied = 1 ORDER BY node',
} as const;

interface ChoiceRow {
  readonly node: Uint8Array;
}

/**
 * What selective sync leaves out on this device: chosen folders, by node, with all that stands below them in the vault's
 * tree. Follows every change of that tree, so a folder that is moved takes it along, and what is moved into or out of a
 * left-out folder is left out or comes.
 */
export class LeftOut implements TransactionFollower {
  readonly #database: IndexDatabase;
  readonly #nodes: NodeTable;
  readonly #totals: Totals;
  readonly #base: BaseTree;
  /** Folders whose choice is brought about; known only while a transaction lasts. */
  #applied: ReadonlySet<NodeId> | undefined;

  constructor({ database, nodes, totals }: TreeDeps, base: BaseTree) {
    this.#database = database;
    this.#nodes = nodes;
    this.#totals = totals;
    this.#base = base;
    database.follow(this);
  }

  /** A person's word; any process may write it. It holds once the owner of the profile applies it. */
  choose(folder: NodeId, choice: 'left-out' | 'included'): void {
    const chosen = choice === 'left-out' ? 1 : 0;
    this.#database
      .prepare('INSERT INTO left_out (node, chosen, applied) VALUES (?, ?, 0) ON CONFLICT (node) DO UPDATE SET chosen = excluded.chosen')
      .run(idToBytes(folder), chosen);
    this.#database.prepare('DELETE FROM left_out WHERE chosen = 0 AND applied = 0').run();
  }

  /** Folders that a person left out, wherever they are now (or nowhere). */
  chosen(): readonly NodeId[] {
    return this.#folders('chosen');
  }

  /** Whether something was chosen that is not applied yet. */
  get isBehind(): boolean {
    return this.#folders('behind').length > 0;
  }

  /** Only for the owner of the profile: what was chosen holds from now on. Costs O(nodes whose part changes). */
  apply(): void {
    // Asked in each pass, and mostly for nothing: a transaction would lock everybody else out for it.
    if (!this.isBehind) return;
    this.#database.transaction(() => {
      const changed = this.#folders('behind');
      if (changed.length === 0) return;
      this.#database.prepare('UPDATE left_out SET applied = chosen').run();
      this.#database.prepare('DELETE FROM left_out WHERE chosen = 0').run();
      this.#applied = undefined;
      for (const folder of changed) this.#settle(folder);
    });
  }

  /** Whether the vault's node is left out here. */
  has(node: NodeId): boolean {
    return this.#nodes.load(node).leftOut;
  }

  /** The remote tree has a node at another place than before, or one that it did not have. In that transaction. */
  placed({ id }: VersionedNode): void {
    if (this.#appliedFolders().size > 0) this.#settle(id);
  }

  /** The remote tree has the node no more. In that transaction. */
  removed(node: NodeId): void {
    if (this.#nodes.load(node).leftOut) this.#write(node, false);
  }

  othersWrote(): void {
    // Nothing of it outlives a transaction.
  }

  beforeCommit(): void {
    // Nothing of it is in memory alone.
  }

  afterEnd(): void {
    this.#applied = undefined;
  }

  /** Looks at a node and at all below it whose part changes with it. */
  #settle(top: NodeId): void {
    const queue = [top];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      const { remote, leftOut } = this.#nodes.load(id);
      if (remote === undefined) continue;
      const is = this.#isLeftOut(remote);
      if (leftOut !== is) this.#write(id, is);
      if (remote.state.kind !== 'folder') continue;
      for (const child of this.#childrenOf(id))
        if (this.#nodes.load(child).leftOut !== (is || this.#appliedFolders().has(child))) queue.push(child);
    }
  }

  #isLeftOut({ id, state }: VersionedNode): boolean {
    return this.#appliedFolders().has(id) || this.#nodes.load(state.parent).leftOut;
  }

  #write(id: NodeId, leftOut: boolean): void {
    // A node that is left out and not on this disk was not deleted here, whatever the base still says of it.
    if (!leftOut && this.#nodes.load(id).local === undefined) this.#base.erase(id);
    const record = this.#nodes.load(id);
    this.#nodes.put(id, reviewed({ ...record, leftOut }, this.#totals));
  }

  #childrenOf(folder: NodeId): NodeId[] {
    this.#nodes.flushChildren('remote', folder);
    const sql = 'SELECT lower(hex(id)) AS id FROM node WHERE remote_parent = ?';
    return this.#database
      .prepare<{ readonly id: NodeId }>(sql)
      .all(idToBytes(folder))
      .map(({ id }) => id);
  }

  #appliedFolders(): ReadonlySet<NodeId> {
    return (this.#applied ??= new Set(this.#folders('applied')));
  }

  #folders(which: keyof typeof folders): NodeId[] {
    return this.#database
      .prepare<ChoiceRow>(folders[which])
      .all()
      .map(({ node }) => idFromBytes<NodeId>(node));
  }
}
