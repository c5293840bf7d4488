/**
 * The table `node`, by whole records. What a transaction writes is gathered in memory and goes to SQLite once, when the
 * transaction ends or when a query needs it: a node that is written in three trees costs one row, and a fold that is only
 * tried costs none. What was read or written lately stays in memory until another connection has written to the file.
 */
import { Failure } from '../../base/failure.ts';
import type { NodeId } from '../../model/ids.ts';
import { nameToBytes, type NodeName } from '../../model/name.ts';
import type { IndexDatabase, TransactionFollower } from '../file/database.ts';
import { idToBytes } from '../file/id-bytes.ts';
import {
  columnGroups,
  emptyRecord,
  idOfRow,
  isInAnyTree,
  isSamePlace,
  placeKey,
  recordFromRow,
  selectRecord,
  treeNames,
  uniqueTrees,
  type NodeRecord,
  type RecordRow,
} from './node-record.ts';
import { RecentCache } from '../file/recent-cache.ts';
import type { SqlValue, Statement } from '../file/statement.ts';
import type { TreeName } from './totals.ts';

/** Records that wait in memory for SQLite. */
const pendingMax = 10_000;

/** Half of the records that are kept at most; about 1.5 kB each with a file in all three trees. */
const keptMax = 8192;

/** Folders of a tree of which is known whether they have children. */
const childlessMax = 10_000;

/** A record that SQLite does not have yet. */
interface Pending {
  /** As SQLite has it. */
  readonly stored: NodeRecord;
  readonly current: NodeRecord;
}

/** Of one tree: where nodes stand that SQLite still has elsewhere, or not at all. */
class Moves {
  /** By place. */
  readonly taken = new Map<string, NodeId>();
  /** Folders whose children are not what SQLite says. */
  readonly parents = new Set<NodeId>();

  clear(): void {
    this.taken.clear();
    this.parents.clear();
  }
}

/** Made once, as in tree-table.ts. */
const findById = `${selectRecord} WHERE node.id = ?`;
const nextPage = `${selectRecord} WHERE number > ? ORDER BY number LIMIT ?`;
// Of two base nodes at one place always the one first seen.
const findAt = (tree: TreeName): string =>
  `SELECT lower(hex(node.id)) AS id FROM node WHERE ${tree}_parent = ? AND ${tree}_name = ? ORDER BY number LIMIT 1`;
const findAtIn = { local: findAt('local'), base: findAt('base'), remote: findAt('remote') } as const;
const findAny = (tree: TreeName): string => `SELECT 1 AS yes FROM node WHERE ${tree}_parent = ? LIMIT 1`;
const findAnyIn = { local: findAny('local'), base: findAny('base'), remote: findAny('remote') } as const;
const columnsOfAll = columnGroups.flatMap((group) => group.columns);
const insertNode = `INSERT INTO node (id, ${columnsOfAll.join(', ')}) VALUES (?${', ?'.repeat(columnsOfAll.length)})`;

export class NodeTable implements TransactionFollower {
  readonly #database: IndexDatabase;
  readonly #cache = new RecentCache<NodeId, NodeRecord>(keptMax);
  readonly #pending = new Map<NodeId, Pending>();
  #revision = 0;
  readonly #moves: Readonly<Record<TreeName, Moves>> = { local: new Moves(), base: new Moves(), remote: new Moves() };
  /** Whether the cache holds what may be rolled back yet. */
  #isAhead = false;
  readonly #find: Statement<RecordRow>;
  readonly #page: Statement<RecordRow>;
  readonly #findAt: Readonly<Record<TreeName, Statement<{ readonly id: string }>>>;
  readonly #anyIn: Readonly<Record<TreeName, Statement<{ readonly yes: 1 }>>>;
  /** What `#isChildless` found. A folder that had children once may go on as one that has. */
  readonly #childless: Readonly<Record<TreeName, Map<NodeId, boolean>>> = { local: new Map(), base: new Map(), remote: new Map() };
  readonly #insert: Statement<never>;
  readonly #delete: Statement<never>;
  /** By which groups of columns they write. */
  readonly #updates = new Map<number, Statement<never>>();

  constructor(database: IndexDatabase) {
    this.#database = database;
    this.#find = database.prepareArrays(findById);
    this.#page = database.prepareArrays(nextPage);
    const at = (tree: TreeName): Statement<{ readonly id: string }> => database.prepare(findAtIn[tree]);
    this.#findAt = { local: at('local'), base: at('base'), remote: at('remote') };
    const anyIn = (tree: TreeName): Statement<{ readonly yes: 1 }> => database.prepare(findAnyIn[tree]);
    this.#anyIn = { local: anyIn('local'), base: anyIn('base'), remote: anyIn('remote') };
    this.#insert = database.prepare(insertNode);
    this.#delete = database.prepare('DELETE FROM node WHERE number = ?');
    database.follow(this);
  }

  /** Another number once anything in the table may be otherwise. */
  get revision(): number {
    return this.#revision;
  }

  /** What is known of the node by now. */
  load(id: NodeId): NodeRecord {
    const known = this.#pending.get(id)?.current ?? this.#cache.get(id);
    if (known !== undefined) return known;
    const row = this.#find.get(idToBytes(id));
    const record = row === undefined ? emptyRecord : recordFromRow(row);
    this.#keep(id, record);
    return record;
  }

  /** The node at a place of the tree; of two in the base the one first seen. */
  idAt(tree: TreeName, parent: NodeId, name: NodeName): NodeId | undefined {
    if (tree === 'base') this.flushChildren(tree, parent);
    const taken = this.#moves[tree].taken.get(placeKey({ parent, name }));
    if (taken !== undefined) return taken;
    if (this.#isChildless(tree, parent)) return undefined;
    const id = this.#findAt[tree].get(idToBytes(parent), nameToBytes(name))?.id as NodeId | undefined;
    const pending = id === undefined ? undefined : this.#pending.get(id);
    // It has left; whoever came instead would have been found before.
    return pending === undefined || isSamePlace(pending.current[tree]?.state, { parent, name }) ? id : undefined;
  }

  /** Whether SQLite has no child of the folder in that tree: asked once for all the new names in a new folder. */
  #isChildless(tree: TreeName, parent: NodeId): boolean {
    const folders = this.#childless[tree];
    const known = folders.get(parent);
    if (known !== undefined) return known;
    const isChildless = this.#anyIn[tree].get(idToBytes(parent)) === undefined;
    // Whoever only looks on is not told what the writer changes; and nothing grows without bound.
    if (this.#database.isReadonly) return isChildless;
    if (folders.size >= childlessMax) folders.clear();
    folders.set(parent, isChildless);
    return isChildless;
  }

  /** Takes a record, in a transaction. E_FAILED, when the transaction ends at the latest, where another node of `tree` stands at its place. */
  put(id: NodeId, current: NodeRecord, tree?: TreeName): void {
    if (!this.#database.inTransaction) throw new Failure('E_FAILED', 'nodes change only within a transaction');
    this.#database.checkAlive();
    const stored = this.#pending.get(id)?.stored ?? this.load(id);
    if (tree !== undefined) this.#noteMove(tree, id, { stored, before: this.load(id), current });
    this.#pending.set(id, { stored, current });
    this.#revision += 1;
    if (this.#pending.size >= pendingMax) this.flush();
  }

  #noteMove(tree: TreeName, id: NodeId, { stored, before, current }: Pending & { readonly before: NodeRecord }): void {
    const [from, left, to] = [stored[tree]?.state, before[tree]?.state, current[tree]?.state];
    if (isSamePlace(left, to)) return;
    const { taken, parents } = this.#moves[tree];
    if (left !== undefined && taken.get(placeKey(left)) === id) taken.delete(placeKey(left));
    if (from !== undefined) parents.add(from.parent);
    if (to === undefined || isSamePlace(from, to)) return;
    parents.add(to.parent);
    if (tree === 'base') return;
    const other = taken.get(placeKey(to));
    if (other !== undefined && other !== id) throw new Failure('E_FAILED', `two nodes at one place of the ${tree} tree`);
    taken.set(placeKey(to), id);
  }

  /** Before a query for which of this folder's children there are. Which of their states are newer, `newest` tells. */
  flushChildren(tree: TreeName, parent: NodeId): void {
    if (this.#moves[tree].parents.has(parent)) this.flush();
  }

  /** What SQLite does not have yet of the node; undefined where it has all. */
  newest(id: NodeId): NodeRecord | undefined {
    return this.#pending.get(id)?.current;
  }

  /** Before any other query of the table, and at the end: SQLite then has all. */
  flush(): void {
    if (this.#pending.size === 0) return;
    for (const { stored, current } of this.#pending.values()) this.#leaveTaken(stored, current);
    for (const [id, pending] of this.#pending) {
      this.#keep(id, this.#save(id, pending));
      this.#isAhead = true;
    }
    this.#forgetPending();
  }

  /** Records by the numbers of their rows, after that one; of nodes in no tree, too. */
  page(after: number, limit: number): readonly (readonly [NodeId, NodeRecord])[] {
    this.flush();
    return this.#page.all(after, limit).map((row) => [idOfRow(row), recordFromRow(row)]);
  }

  /** After a write past this class. */
  forget(): void {
    this.#forgetStored();
    this.#isAhead = this.#database.inTransaction;
  }

  othersWrote(): void {
    this.#forgetStored();
  }

  beforeCommit(): void {
    this.flush();
  }

  afterEnd(isCommitted: boolean): void {
    if (!isCommitted) this.#revision += 1;
    this.#forgetPending();
    if (this.#isAhead && !isCommitted) this.#forgetStored();
    this.#isAhead = false;
  }

  /** Where another record takes the place that this one leaves: two rows that swap never meet at one place. */
  #leaveTaken(stored: NodeRecord, current: NodeRecord): void {
    if (stored.number === undefined) return;
    for (const tree of uniqueTrees) {
      const from = stored[tree]?.state;
      if (from === undefined || isSamePlace(from, current[tree]?.state) || !this.#moves[tree].taken.has(placeKey(from))) continue;
      this.#database.prepare(`UPDATE node SET ${tree}_parent = NULL, ${tree}_name = NULL WHERE number = ?`).run(stored.number);
    }
  }

  #save(id: NodeId, { stored, current }: Pending): NodeRecord {
    this.#noteChildren(current);
    if (!isInAnyTree(current)) {
      if (stored.number !== undefined) this.#delete.run(stored.number);
      return emptyRecord;
    }
    if (stored.number !== undefined) {
      this.#update(stored.number, stored, current);
      return current;
    }
    const values: SqlValue[] = [];
    for (const group of columnGroups) group.append(values, current);
    return { ...current, number: this.#insert.insert(idToBytes(id), ...values) };
  }

  #noteChildren(record: NodeRecord): void {
    for (const tree of treeNames) {
      const parent = record[tree]?.state.parent;
      if (parent !== undefined && this.#childless[tree].get(parent) === true) this.#childless[tree].set(parent, false);
    }
  }

  /** Writes the groups of columns that differ. */
  #update(number: number, stored: NodeRecord, current: NodeRecord): void {
    let mask = 0;
    let bit = 1;
    const values: SqlValue[] = [];
    for (const group of columnGroups) {
      if (!group.isSame(stored, current)) {
        mask |= bit;
        group.append(values, current);
      }
      bit <<= 1;
    }
    if (mask === 0) return;
    let update = this.#updates.get(mask);
    if (update === undefined) {
      const columns = columnGroups.filter((_, at) => (mask & (1 << at)) !== 0).flatMap((group) => group.columns);
      update = this.#database.prepare(`UPDATE node SET ${columns.map((name) => `${name} = ?`).join(', ')} WHERE number = ?`);
      this.#updates.set(mask, update);
    }
    update.run(...values, number);
  }

  #keep(id: NodeId, record: NodeRecord): void {
    // Whoever only looks on is not told what the writer changes.
    if (!this.#database.isReadonly) this.#cache.set(id, record);
  }

  #forgetStored(): void {
    this.#revision += 1;
    this.#cache.clear();
    for (const tree of treeNames) this.#childless[tree].clear();
  }

  #forgetPending(): void {
    this.#pending.clear();
    for (const tree of treeNames) this.#moves[tree].clear();
  }
}
