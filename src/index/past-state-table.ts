import { versionOf, type DeviceId, type EntryHash, type EntryName, type NodeId, type Version } from '../model/ids.ts';
import type { FoldPosition, PastState } from '../model/journal-book.ts';
import { nameToBytes, type NodeName } from '../model/name.ts';
import type { PastEntry } from '../model/past.ts';
import type { IndexDatabase } from './file/database.ts';
import { idToBytes, versionFromHex, versionToBytes } from './file/id-bytes.ts';
import {
  allColumns,
  placeValues,
  selectList,
  versionedColumns,
  versionedFromRow,
  versionedRest,
  type VersionedRow,
} from './nodes/node-row.ts';
import type { SqlValue } from './file/statement.ts';

interface PastRow extends VersionedRow {
  readonly ended_by: string;
  readonly is_removed: number;
}

interface EntryRow {
  readonly name: string;
  readonly lamport: number;
  readonly hash: string;
  readonly device: string;
  readonly time: number;
}

const prefix = 'state_';
const names = allColumns(versionedColumns);
const columns = ['ended_by', 'node', 'is_removed', ...names.map((name) => `${prefix}${name}`)];
const selectState = `SELECT lower(hex(past_state.node)) AS id, lower(hex(past_state.ended_by)) AS ended_by, is_removed, ${selectList(prefix, names)} FROM past_state`;
const entryColumns = 'name, lamport, lower(hex(hash)) AS hash, lower(hex(device)) AS device, time';
const before = new Uint8Array();
const afterAll = new Uint8Array(17).fill(0xff);

/** What the tree was (migrations/009-past.ts). */
export class PastStateTable {
  readonly #database: IndexDatabase;

  constructor(database: IndexDatabase) {
    this.#database = database;
  }

  add(states: readonly PastState[]): void {
    if (states.length === 0) return;
    const sql = `INSERT OR REPLACE INTO past_state (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    const insert = this.#database.prepare(sql);
    for (const { node, by, isRemoved } of states) {
      insert.run(versionToBytes(by), idToBytes(node.id), Number(isRemoved), ...placeValues(node.state), ...versionedRest(node));
    }
  }

  /** Forgets what the entry ended. */
  eraseBy(entry: EntryName): void {
    const first = versionToBytes(`${entry.slice('journal/'.length)}:0` as Version);
    const last = Uint8Array.from(first).fill(0xff, 14);
    this.#database.prepare('DELETE FROM past_state WHERE ended_by BETWEEN ? AND ?').run(first, last);
  }

  /** Forgets what entries up to this Lamport number ended. */
  eraseUpTo(lamport: number): void {
    this.#database.prepare('DELETE FROM past_state WHERE ended_by < ?').run(lamportBytes(lamport + 1));
  }

  /** By the change that ended them, those that entries up to this Lamport number ended. */
  upTo(lamport: number, after: PastState | undefined, limit: number): PastState[] {
    return this.#states('WHERE ended_by > ? AND ended_by < ? ORDER BY past_state.ended_by LIMIT ?', [
      endOf(after),
      lamportBytes(lamport + 1),
      limit,
    ]);
  }

  /** What entries before this one ended (undefined: all), those that ended last first, at most `limit`. */
  before(entry: EntryName | undefined, limit: number): PastState[] {
    const upTo = entry === undefined ? afterAll : versionToBytes(versionOf(entry, 0));
    return this.#states('WHERE past_state.ended_by < ? ORDER BY past_state.ended_by DESC LIMIT ?', [upTo, limit]);
  }

  findEnded(by: Version): PastState | undefined {
    return this.#states('WHERE ended_by = ?', [versionToBytes(by)])[0];
  }

  statesOf(node: NodeId, after: PastState | undefined, limit: number): PastState[] {
    return this.#states('WHERE node = ? AND ended_by < ? ORDER BY past_state.ended_by DESC LIMIT ?', [
      idToBytes(node),
      beginOf(after),
      limit,
    ]);
  }

  statesAt(parent: NodeId, name: NodeName, after: PastState | undefined, limit: number): PastState[] {
    const where = 'WHERE state_parent = ? AND state_name = ? AND ended_by > ? ORDER BY past_state.ended_by LIMIT ?';
    return this.#states(where, [...placeValues({ parent, name }), endOf(after), limit]);
  }

  statesIn(parent: NodeId, after: PastState | undefined, limit: number): PastState[] {
    const where = `WHERE state_parent = ? AND (state_name, ended_by) > (?, ?) ORDER BY state_name, past_state.ended_by LIMIT ?`;
    const name = after === undefined ? before : nameToBytes(after.node.state.name);
    return this.#states(where, [idToBytes(parent), name, endOf(after), limit]);
  }

  removed(after: PastState | undefined, limit: number): PastState[] {
    return this.#states('WHERE is_removed = 1 AND ended_by < ? ORDER BY past_state.ended_by DESC LIMIT ?', [beginOf(after), limit]);
  }

  /** Notes an entry down whose mark the book does not have. */
  addEntry({ name, lamport, hash, device, timeMs }: PastEntry): void {
    const sql = 'INSERT OR REPLACE INTO past_entry (name, lamport, hash, device, time) VALUES (?, ?, ?, ?, ?)';
    this.#database.prepare(sql).run(name, lamport, idToBytes(hash), idToBytes(device), timeMs);
  }

  /** An entry of either kind: the book's, or from before the book began. */
  findEntry(name: EntryName): PastEntry | undefined {
    const select = (table: string): string => `SELECT ${entryColumns} FROM ${table} WHERE name = ?`;
    const row =
      this.#database.prepare<EntryRow>(select('journal_entry')).get(name) ??
      this.#database.prepare<EntryRow>(select('past_entry')).get(name);
    return row && entryFromRow(row);
  }

  /** All entries known, in the journal's order. */
  entriesAfter(after: FoldPosition | undefined, limit: number): PastEntry[] {
    const select = (table: string): string =>
      `SELECT * FROM (SELECT ${entryColumns} FROM ${table} WHERE (${table}.lamport, ${table}.hash) > (?, ?) ORDER BY ${table}.lamport, ${table}.hash LIMIT ?)`;
    const position = after === undefined ? [0, before] : [after.lamport, idToBytes(after.hash)];
    const sql = `${select('journal_entry')} UNION ${select('past_entry')} ORDER BY lamport, hash LIMIT ?`;
    return this.#database
      .prepare<EntryRow>(sql)
      .all(...position, limit, ...position, limit, limit)
      .map(entryFromRow);
  }

  #states(where: string, values: readonly SqlValue[]): PastState[] {
    return this.#database
      .prepare<PastRow>(`${selectState} ${where}`)
      .all(...values)
      .map((row) => ({ node: versionedFromRow(row), by: versionFromHex(row.ended_by), isRemoved: row.is_removed === 1 }));
  }
}

function beginOf(state: PastState | undefined): Uint8Array {
  return state === undefined ? afterAll : versionToBytes(state.by);
}

function endOf(state: PastState | undefined): Uint8Array {
  return state === undefined ? before : versionToBytes(state.by);
}

function lamportBytes(lamport: number): Uint8Array {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(lamport, 0, 6);
  return bytes;
}

function entryFromRow({ name, lamport, hash, device, time }: EntryRow): PastEntry {
  return { name: name as EntryName, lamport, hash: hash as EntryHash, device: device as DeviceId, timeMs: time };
}
