/** What a device remembers of the journal, in the index (the contract is src/model/journal-book.ts). */
import { Failure } from '../base/failure.ts';
import type { DeviceId, EntryHash, EntryName, NodeId } from '../model/ids.ts';
import type {
  EntryContent,
  EntryMark,
  FoldPosition,
  Head,
  JournalBook,
  JournalFact,
  PastState,
  RecordKind,
} from '../model/journal-book.ts';
import type { VersionedNode } from '../model/node.ts';
import type { FoldTree } from '../model/trees.ts';
import type { IndexDatabase } from './file/database.ts';
import { idToBytes } from './file/id-bytes.ts';
import { PastStateTable } from './past-state-table.ts';
import type { RemoteTree } from './nodes/remote-tree.ts';

/** The parts of the index that the journal works on. */
export interface JournalIndex {
  readonly database: IndexDatabase;
  readonly remote: RemoteTree;
}

/** The book in this index. Its transactions are the index's. */
export function openJournalBook(index: JournalIndex): JournalBook {
  return new IndexJournalBook(index);
}

interface MarkRow {
  readonly name: string;
  readonly lamport: number;
  readonly hash: string;
  readonly device: string;
  readonly counter: number;
  readonly mine: number;
  readonly speaks: number;
  readonly arrived: number;
  readonly time: number;
}

interface HeadRow {
  readonly device: string;
  readonly counter: number;
  readonly hash: string;
  readonly lamport: number | null;
  readonly name: string | null;
  readonly arrived: number;
  readonly time: number | null;
}

const markColumns = 'name, lamport, lower(hex(hash)) AS hash, lower(hex(device)) AS device, counter, mine, speaks, arrived, time';
const selectMark = `SELECT ${markColumns} FROM journal_entry`;
const numberOf = '(SELECT number FROM journal_entry WHERE name = ?)';
const newestFirst = 'ORDER BY journal_entry.lamport DESC, journal_entry.hash DESC LIMIT 1';
const upToLamport = 'entry IN (SELECT number FROM journal_entry WHERE lamport <= ?)';

/** Texts that are put together, made once: a new text is searched for letter by letter among the prepared ones. */
const sql = {
  addContent: `INSERT INTO journal_content (entry, header, body) VALUES (${numberOf}, ?, ?)`,
  markNamed: `${selectMark} WHERE name = ?`,
  markAt: `${selectMark} WHERE device = ? AND counter = ?`,
  lastMark: `${selectMark} ${newestFirst}`,
  lastMarkBefore: `${selectMark} WHERE (journal_entry.lamport, journal_entry.hash) < (?, ?) ${newestFirst}`,
  marksAfter: `${selectMark} WHERE (journal_entry.lamport, journal_entry.hash) > (?, ?)
         ORDER BY journal_entry.lamport, journal_entry.hash LIMIT ?`,
  speakersAfter: `${selectMark} WHERE speaks = 1 AND lamport > ? ORDER BY journal_entry.lamport, journal_entry.hash`,
  header: `SELECT header FROM journal_content WHERE entry = ${numberOf}`,
  body: `SELECT body FROM journal_content WHERE entry = ${numberOf}`,
  trace: `SELECT trace FROM journal_trace WHERE entry = ${numberOf}`,
  eraseTrace: `DELETE FROM journal_trace WHERE entry = ${numberOf}`,
  setTrace: `INSERT OR REPLACE INTO journal_trace (entry, trace) VALUES (${numberOf}, ?)`,
  forgetBodies: `UPDATE journal_content SET body = NULL WHERE body IS NOT NULL AND ${upToLamport}`,
  forgetTraces: `DELETE FROM journal_trace WHERE ${upToLamport}`,
} as const;

class IndexJournalBook implements JournalBook {
  readonly #database: IndexDatabase;
  readonly #remote: RemoteTree;
  readonly #past: PastStateTable;

  constructor({ database, remote }: JournalIndex) {
    this.#database = database;
    this.#remote = remote;
    this.#past = new PastStateTable(database);
  }

  get tree(): FoldTree {
    return this.#remote;
  }

  transaction<Result>(run: () => Result): Result {
    return this.#database.transaction(run);
  }

  nodesAfter(after: NodeId | undefined, limit: number): readonly VersionedNode[] {
    return this.#remote.nodesAfter(after, limit);
  }

  addEntry(mark: EntryMark, { header, body }: EntryContent): void {
    const { name, lamport, hash, device, counter, mine, speaks, arrivedMs, timeMs } = mark;
    this.#database
      .prepare(
        `INSERT INTO journal_entry (name, lamport, hash, device, counter, mine, speaks, arrived, time, body_bytes)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        name,
        lamport,
        idToBytes(hash),
        idToBytes(device),
        counter,
        Number(mine),
        Number(speaks),
        arrivedMs,
        timeMs,
        body?.byteLength ?? 0,
      );
    this.#database.prepare(sql.addContent).run(name, header, body ?? null);
    const known = this.#database
      .prepare<{ readonly counter: number }>('SELECT counter FROM journal_head WHERE device = ?')
      .get(idToBytes(device));
    if ((known?.counter ?? 0) < counter) this.setHead(device, { counter, hash, lamport, name, arrivedMs, timeMs });
  }

  findEntry(name: EntryName): EntryMark | undefined {
    return this.#mark(this.#database.prepare<MarkRow>(sql.markNamed).get(name));
  }

  findAt(device: DeviceId, counter: number): EntryMark | undefined {
    return this.#mark(this.#database.prepare<MarkRow>(sql.markAt).get(idToBytes(device), counter));
  }

  lastBefore(position: FoldPosition | undefined): EntryMark | undefined {
    const row =
      position === undefined
        ? this.#database.prepare<MarkRow>(sql.lastMark).get()
        : this.#database.prepare<MarkRow>(sql.lastMarkBefore).get(position.lamport, idToBytes(position.hash));
    return this.#mark(row);
  }

  marksAfter({ lamport, hash }: FoldPosition, limit: number): readonly EntryMark[] {
    return this.#database.prepare<MarkRow>(sql.marksAfter).all(lamport, idToBytes(hash), limit).map(markFromRow);
  }

  speakersAfter(lamport: number): readonly EntryMark[] {
    return this.#database.prepare<MarkRow>(sql.speakersAfter).all(lamport).map(markFromRow);
  }

  namesFrom(lamport: number): readonly EntryName[] {
    return this.#database
      .prepare<{ readonly name: string }>('SELECT name FROM journal_entry WHERE lamport >= ? ORDER BY name')
      .all(lamport)
      .map(({ name }) => name as EntryName);
  }

  readHeader(name: EntryName): Uint8Array {
    const row = this.#database.prepare<{ readonly header: Uint8Array }>(sql.header).get(name);
    return given(row?.header, name);
  }

  readBody(name: EntryName): Uint8Array {
    const row = this.#database.prepare<{ readonly body: Uint8Array | null }>(sql.body).get(name);
    return given(row?.body, name);
  }

  findTrace(name: EntryName): string | undefined {
    return this.#database.prepare<{ readonly trace: string }>(sql.trace).get(name)?.trace;
  }

  setTrace(name: EntryName, trace: string | undefined): void {
    if (trace === undefined) this.#database.prepare(sql.eraseTrace).run(name);
    else this.#database.prepare(sql.setTrace).run(name, trace);
  }

  forgetBodies(upTo: number): void {
    this.#database.prepare(sql.forgetBodies).run(upTo);
    this.#database.prepare(sql.forgetTraces).run(upTo);
  }

  sizeAfter(lamport: number): { readonly entries: number; readonly bodyBytes: number } {
    const row = this.#database
      .prepare<{ readonly entries: number; readonly bytes: number }>(
        'SELECT count(*) AS entries, ifnull(sum(body_bytes), 0) AS bytes FROM journal_entry WHERE lamport > ?',
      )
      .get(lamport);
    return { entries: row?.entries ?? 0, bodyBytes: row?.bytes ?? 0 };
  }

  addPast(states: readonly PastState[]): void {
    this.#past.add(states);
  }

  erasePast(entry: EntryName): void {
    this.#past.eraseBy(entry);
  }

  heads(): ReadonlyMap<DeviceId, Head> {
    const rows = this.#database
      .prepare<HeadRow>(
        'SELECT lower(hex(device)) AS device, counter, lower(hex(hash)) AS hash, lamport, name, arrived, time FROM journal_head',
      )
      .all();
    return new Map(rows.map((row) => [row.device as DeviceId, headFromRow(row)]));
  }

  setHead(device: DeviceId, { counter, hash, lamport, name, arrivedMs, timeMs }: Head): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO journal_head (device, counter, hash, lamport, name, arrived, time) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(idToBytes(device), counter, idToBytes(hash), lamport ?? null, name ?? null, arrivedMs, timeMs ?? null);
  }

  findRecord(kind: RecordKind, key: string): string | undefined {
    return this.#database.prepare<{ readonly value: string }>('SELECT value FROM journal_record WHERE kind = ? AND key = ?').get(kind, key)
      ?.value;
  }

  writeRecord(kind: RecordKind, key: string, value: string | undefined): void {
    if (value === undefined) this.#database.prepare('DELETE FROM journal_record WHERE kind = ? AND key = ?').run(kind, key);
    else this.#database.prepare('INSERT OR REPLACE INTO journal_record (kind, key, value) VALUES (?, ?, ?)').run(kind, key, value);
  }

  records(kind: RecordKind): ReadonlyMap<string, string> {
    const rows = this.#database
      .prepare<{ readonly key: string; readonly value: string }>('SELECT key, value FROM journal_record WHERE kind = ? ORDER BY key')
      .all(kind);
    return new Map(rows.map(({ key, value }) => [key, value]));
  }

  readFact(fact: JournalFact): Uint8Array | undefined {
    return this.#database.prepare<{ readonly value: Uint8Array }>('SELECT value FROM journal_fact WHERE fact = ?').get(fact)?.value;
  }

  writeFact(fact: JournalFact, value: Uint8Array | undefined): void {
    if (value === undefined) this.#database.prepare('DELETE FROM journal_fact WHERE fact = ?').run(fact);
    else this.#database.prepare('INSERT OR REPLACE INTO journal_fact (fact, value) VALUES (?, ?)').run(fact, value);
  }

  #mark(row: MarkRow | undefined): EntryMark | undefined {
    return row === undefined ? undefined : markFromRow(row);
  }
}

function markFromRow({ name, lamport, hash, device, counter, mine, speaks, arrived, time }: MarkRow): EntryMark {
  return {
    name: name as EntryName,
    lamport,
    hash: hash as EntryHash,
    device: device as DeviceId,
    counter,
    mine: mine === 1,
    speaks: speaks === 1,
    arrivedMs: arrived,
    timeMs: time,
  };
}

function headFromRow({ counter, hash, lamport, name, arrived, time }: HeadRow): Head {
  return {
    counter,
    hash: hash as EntryHash,
    lamport: lamport ?? undefined,
    name: (name ?? undefined) as EntryName | undefined,
    arrivedMs: arrived,
    timeMs: time ?? undefined,
  };
}

function given<Value>(value: Value | null | undefined, name: EntryName): Value {
  if (value === null || value === undefined) throw new Failure('E_INDEX_DAMAGED', 'the index lacks a part of an entry', { subject: name });
  return value;
}
