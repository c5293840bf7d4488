import type { NodeId } from '../../model/ids.ts';
import { nameToBytes, type NodeName } from '../../model/name.ts';
import type { LocalState, NodeState } from '../../model/node.ts';
import type { TreeReader } from '../../model/trees.ts';
import type { IndexDatabase } from '../file/database.ts';
import { idToBytes } from '../file/id-bytes.ts';
import { emptyRecord, idOfRow, treeColumns, type RecordRow, type TreeNodes } from './node-record.ts';
import { allColumns, kindNumber, selectList, sizeOf } from './node-row.ts';
import type { NodeTable } from './node-table.ts';
import { reviewed } from './review.ts';
import type { Statement } from '../file/statement.ts';
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
  readonly nodes: NodeTable;
  readonly totals: Totals;
}

/** What each tree is asked for. Made once: a text that is put together anew is searched for letter by letter among the prepared ones. */
interface TreeSql {
  readonly selectRow: string;
  readonly hasChildren: string;
  readonly firstChildren: string;
  readonly nextChildren: string;
}

function sqlOf(tree: TreeName): TreeSql {
  const selectRow = `SELECT lower(hex(node.id)) AS id, ${selectList(`${tree}_`, allColumns(treeColumns[tree]))} FROM node`;
  const order = `ORDER BY ${tree}_name, number LIMIT ?`;
  return {
    selectRow,
    hasChildren: `SELECT 1 AS yes FROM node WHERE ${tree}_parent = ? LIMIT 1`,
    firstChildren: `${selectRow} WHERE ${tree}_parent = ? ${order}`,
    nextChildren: `${selectRow} WHERE ${tree}_parent = ? AND ${tree}_name > ? ${order}`,
  };
}

const treeSql: Readonly<Record<TreeName, TreeSql>> = { local: sqlOf('local'), base: sqlOf('base'), remote: sqlOf('remote') };

/** "SELECT a row of this tree FROM node". */
export function selectRowOf(tree: TreeName): string {
  return treeSql[tree].selectRow;
}

/** One tree in the table `node`. Every write also reviews the node for the dirty set, in one transaction. */
export abstract class TreeTable<Tree extends TreeName> implements TreeReader<TreeNodes[Tree]> {
  protected readonly database: IndexDatabase;
  protected readonly nodes: NodeTable;
  readonly #totals: Totals;
  readonly #tree: Tree;
  readonly #hasChildren: Statement<{ readonly yes: 1 }>;
  readonly #firstChildren: Statement<RecordRow>;
  readonly #nextChildren: Statement<RecordRow>;

  constructor({ database, nodes, totals }: TreeDeps, tree: Tree) {
    this.database = database;
    this.nodes = nodes;
    this.#totals = totals;
    this.#tree = tree;
    const { hasChildren, firstChildren, nextChildren } = treeSql[tree];
    this.#hasChildren = database.prepare(hasChildren);
    this.#firstChildren = database.prepareArrays(firstChildren);
    this.#nextChildren = database.prepareArrays(nextChildren);
  }

  /** Another number once anything in any tree may be otherwise. */
  get revision(): number {
    return this.nodes.revision;
  }

  find(id: NodeId): TreeNodes[Tree] | undefined {
    return this.#in(this.nodes.load(id));
  }

  childNamed(parent: NodeId, name: NodeName): TreeNodes[Tree] | undefined {
    const id = this.nodes.idAt(this.#tree, parent, name);
    return id === undefined ? undefined : this.find(id);
  }

  hasChildren(parent: NodeId): boolean {
    this.nodes.flushChildren(this.#tree, parent);
    return this.#hasChildren.get(idToBytes(parent)) !== undefined;
  }

  /** In the order of the names' bytes. */
  childrenOf(parent: NodeId, after: NodeName | undefined, limit: number): readonly TreeNodes[Tree][] {
    this.nodes.flushChildren(this.#tree, parent);
    return this.decodeAll(
      after === undefined
        ? this.#firstChildren.all(idToBytes(parent), limit)
        : this.#nextChildren.all(idToBytes(parent), nameToBytes(after), limit),
    );
  }

  /**
   * Makes the node be this. E_FAILED where another node of the (local or remote) tree stands at its place: at the latest
   * when the transaction ends, which is then rolled back.
   */
  write(node: TreeNodes[Tree]): void {
    this.#replace(node.id, this.copyOf(node));
  }

  /** Forgets the node; harmless where it is not in the tree. What is below it stays. */
  erase(id: NodeId): void {
    if (this.find(id) !== undefined) this.#replace(id, undefined);
  }

  /** How much the tree holds; costs nothing. */
  count(): TreeCount {
    const read = (part: keyof TreeCount): number => this.#totals.read(`${this.#tree}_${part}`);
    return { files: read('files'), folders: read('folders'), links: read('links'), bytes: read('bytes') };
  }

  /** Rows that SQLite gave, where nothing newer is known. */
  protected decodeAll(rows: readonly RecordRow[]): TreeNodes[Tree][] {
    return rows.map((row) => this.#in(this.nodes.newest(idOfRow(row)) ?? emptyRecord) ?? this.fromRow(row));
  }

  /** The node of a row that `selectRowOf` selects. */
  protected abstract fromRow(row: RecordRow): TreeNodes[Tree];

  /** What is kept of a node: nothing that it may hold beside what a node has, and nothing that is changed elsewhere. */
  protected abstract copyOf(node: TreeNodes[Tree]): TreeNodes[Tree];

  #in(record: { readonly [Each in TreeName]: TreeNodes[Each] | undefined }): TreeNodes[Tree] | undefined {
    return record[this.#tree];
  }

  #replace(id: NodeId, node: TreeNodes[Tree] | undefined): void {
    this.database.transaction(() => {
      const before = this.nodes.load(id);
      this.#totals.replace(this.#tree, weightOf(before[this.#tree]), weightOf(node));
      this.nodes.put(id, reviewed({ ...before, [this.#tree]: node }, this.#totals), this.#tree);
    });
  }
}

function weightOf(node: { readonly state: LocalState | NodeState } | undefined): Weight | undefined {
  return node && { kind: kindNumber(node.state.kind), sizeBytes: sizeOf(node.state) };
}
