import { Failure } from '../base/failure.ts';
import type { NodeId } from '../model/ids.ts';
import { nameToBytes, type NodeName } from '../model/name.ts';
import type { LocalState, NodeState } from '../model/node.ts';
import type { TreeReader } from '../model/trees.ts';
import type { IndexDatabase } from './database.ts';
import { disagreement, type DirtySet, type Review } from './dirty-set.ts';
import { idToBytes } from './id-bytes.ts';
import { kindNumber, selectList, sizeOf } from './node-row.ts';
import type { SqlValue, Statement } from './statement.ts';
import type { Totals, TreeName, Weight } from './totals.ts';

/** How much a tree holds. */
export interface TreeCount {
  readonly files: number;
  readonly folders: number;
  readonly links: number;
  /** Sum of the files' sizes. */
  readonly bytes: number;
}

/** What the three trees share. */
export interface TreeDeps {
  readonly database: IndexDatabase;
  readonly dirty: DirtySet;
  readonly totals: Totals;
}

/** How one tree's nodes are kept. */
export interface TreeLayout<Node, Row> {
  readonly tree: TreeName;
  /** Without the tree's prefix. */
  readonly columns: readonly string[];
  /** The node's id, then the columns. */
  readonly values: (node: Node) => SqlValue[];
  readonly fromRow: (row: Row) => Node;
}

/** What a tree holds is a node with an id and a state. */
export interface AnyNode {
  readonly id: NodeId;
  readonly state: LocalState | NodeState;
}

/** One of the three trees: its columns of the table `node`. Every write also reviews the node for the dirty set, in one transaction. */
export class TreeTable<Node extends AnyNode, Row> implements TreeReader<Node> {
  protected readonly database: IndexDatabase;
  protected readonly dirty: DirtySet;
  /** "SELECT a row of this tree FROM node". */
  protected readonly selectRow: string;
  readonly #totals: Totals;
  readonly #layout: TreeLayout<Node, Row>;
  readonly #find: Statement<Row>;
  readonly #childNamed: Statement<Row>;
  readonly #hasChildren: Statement<{ readonly yes: 1 }>;
  readonly #firstChildren: Statement<Row>;
  readonly #nextChildren: Statement<Row>;
  readonly #weight: Statement<Weight>;
  readonly #write: Statement<Review>;
  readonly #erase: Statement<Review>;

  constructor(deps: TreeDeps, layout: TreeLayout<Node, Row>) {
    const { database } = deps;
    const { tree } = layout;
    this.database = database;
    this.dirty = deps.dirty;
    this.#totals = deps.totals;
    this.#layout = layout;
    const columns = layout.columns.map((name) => `${tree}_${name}`);
    this.selectRow = `SELECT lower(hex(node.id)) AS id, ${selectList(`${tree}_`, layout.columns)} FROM node`;
    this.#find = database.prepare(`${this.selectRow} WHERE node.id = ? AND ${tree}_kind IS NOT NULL`);
    // Of two base nodes at one place always the one first seen.
    this.#childNamed = database.prepare(`${this.selectRow} WHERE ${tree}_parent = ? AND ${tree}_name = ? ORDER BY number LIMIT 1`);
    this.#hasChildren = database.prepare(`SELECT 1 AS yes FROM node WHERE ${tree}_parent = ? LIMIT 1`);
    const order = `ORDER BY ${tree}_name, number LIMIT ?`;
    this.#firstChildren = database.prepare(`${this.selectRow} WHERE ${tree}_parent = ? ${order}`);
    this.#nextChildren = database.prepare(`${this.selectRow} WHERE ${tree}_parent = ? AND ${tree}_name > ? ${order}`);
    this.#weight = database.prepare(
      `SELECT ${tree}_kind AS kind, ifnull(${tree}_size, 0) AS sizeBytes FROM node WHERE id = ? AND ${tree}_kind IS NOT NULL`,
    );
    this.#write = database.prepare(
      `INSERT INTO node (id, ${columns.join(', ')}) VALUES (?${', ?'.repeat(columns.length)})
       ON CONFLICT (id) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')} RETURNING ${disagreement}`,
    );
    this.#erase = database.prepare(
      `UPDATE node SET ${columns.map((name) => `${name} = NULL`).join(', ')} WHERE id = ? RETURNING ${disagreement}`,
    );
  }

  find(id: NodeId): Node | undefined {
    return this.decode(this.#find.get(idToBytes(id)));
  }

  childNamed(parent: NodeId, name: NodeName): Node | undefined {
    return this.decode(this.#childNamed.get(idToBytes(parent), nameToBytes(name)));
  }

  hasChildren(parent: NodeId): boolean {
    return this.#hasChildren.get(idToBytes(parent)) !== undefined;
  }

  /** In the order of the names' bytes. */
  childrenOf(parent: NodeId, after: NodeName | undefined, limit: number): readonly Node[] {
    return this.decodeAll(
      after === undefined
        ? this.#firstChildren.all(idToBytes(parent), limit)
        : this.#nextChildren.all(idToBytes(parent), nameToBytes(after), limit),
    );
  }

  /** Makes the node be this. E_FAILED where another node of the (local or remote) tree stands at its place. */
  write(node: Node): void {
    this.database.transaction(() => {
      const values = this.#layout.values(node);
      const before = this.#weight.get(idToBytes(node.id));
      const review = this.#write.get(...values);
      if (review === undefined) throw new Failure('E_FAILED', 'the index did not take a node');
      this.#totals.replace(this.#layout.tree, before, { kind: kindNumber(node.state.kind), sizeBytes: sizeOf(node.state) });
      this.dirty.apply(review);
    });
  }

  /** Forgets the node; harmless where it is not in the tree. What is below it stays. */
  erase(id: NodeId): void {
    this.database.transaction(() => {
      const before = this.#weight.get(idToBytes(id));
      if (before === undefined) return;
      const review = this.#erase.get(idToBytes(id));
      this.#totals.replace(this.#layout.tree, before, undefined);
      if (review !== undefined) this.dirty.apply(review);
    });
  }

  /** How much the tree holds; costs nothing. */
  count(): TreeCount {
    const read = (part: keyof TreeCount): number => this.#totals.read(`${this.#layout.tree}_${part}`);
    return { files: read('files'), folders: read('folders'), links: read('links'), bytes: read('bytes') };
  }

  protected decode(row: Row | undefined): Node | undefined {
    return row === undefined ? undefined : this.#layout.fromRow(row);
  }

  protected decodeAll(rows: readonly Row[]): Node[] {
    return rows.map(this.#layout.fromRow);
  }
}
