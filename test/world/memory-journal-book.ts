import { Failure } from '../../src/base/failure.ts';
import { parseVersion } from '../../src/model/ids.ts';
import type { DeviceId, EntryName, NodeId, Version } from '../../src/model/ids.ts';
import type { VersionedNode } from '../../src/model/node.ts';
import type {
  EntryContent,
  EntryMark,
  FoldPosition,
  Head,
  JournalBook,
  JournalFact,
  PastState,
  RecordKind,
} from '../../src/model/journal-book.ts';
import { MemoryFoldTree } from './memory-fold-tree.ts';

interface Row {
  readonly mark: EntryMark;
  readonly content: EntryContent;
  readonly trace: string | undefined;
}

interface Content {
  rows: Map<EntryName, Row>;
  heads: Map<DeviceId, Head>;
  records: Map<string, { readonly kind: RecordKind; readonly key: string; readonly value: string }>;
  facts: Map<JournalFact, Uint8Array>;
  past: Map<Version, PastState>;
}

/** What a device remembers of the journal, in memory; transactions that throw leave nothing. */
export class MemoryJournalBook implements JournalBook {
  readonly tree = new MemoryFoldTree();
  #content: Content = { rows: new Map(), heads: new Map(), records: new Map(), facts: new Map(), past: new Map() };
  /** Rows in fold order; undefined after a change. */
  #sorted: readonly Row[] | undefined;
  #inTransaction = false;
  transaction<Result>(run: () => Result): Result {
    if (this.#inTransaction) return run();
    const saved = this.#copyContent();
    const tree = this.tree.snapshot();
    this.#inTransaction = true;
    try {
      return run();
    } catch (error) {
      this.#content = saved;
      this.tree.restore(tree);
      throw error;
    } finally {
      this.#inTransaction = false;
      this.#sorted = undefined;
    }
  }

  /** An independent book with the same content: a copied or backed up index. */
  copy(): MemoryJournalBook {
    const other = new MemoryJournalBook();
    other.#content = this.#copyContent();
    other.tree.restore(this.tree.snapshot());
    return other;
  }

  /** Everything, for comparing. */
  dump(): unknown {
    const { rows, heads, records, facts, past } = this.#content;
    return {
      rows: [...rows].toSorted(byKey),
      heads: [...heads].toSorted(byKey),
      records: [...records].toSorted(byKey),
      facts: [...facts].toSorted(byKey),
      past: [...past].toSorted(byKey),
      tree: [...this.tree.nodes].toSorted(byKey),
    };
  }

  nodesAfter(after: NodeId | undefined, limit: number): readonly VersionedNode[] {
    return [...this.tree.nodes.values()]
      .filter(({ id }) => after === undefined || id > after)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  addEntry(mark: EntryMark, content: EntryContent): void {
    this.#requireTransaction();
    if (this.#content.rows.has(mark.name) || this.findAt(mark.device, mark.counter) !== undefined) throw new Error(`twice: ${mark.name}`);
    this.#content.rows.set(mark.name, { mark, content, trace: undefined });
    this.#sorted = undefined;
    const { device, counter, hash, lamport, name, arrivedMs, timeMs } = mark;
    if ((this.#content.heads.get(device)?.counter ?? 0) < counter)
      this.setHead(device, { counter, hash, lamport, name, arrivedMs, timeMs });
  }

  findEntry(name: EntryName): EntryMark | undefined {
    return this.#content.rows.get(name)?.mark;
  }

  findAt(device: DeviceId, counter: number): EntryMark | undefined {
    return this.#inOrder().find(({ mark }) => mark.device === device && mark.counter === counter)?.mark;
  }

  lastBefore(position: FoldPosition | undefined): EntryMark | undefined {
    return this.#inOrder().findLast(({ mark }) => position === undefined || compare(mark, position) < 0)?.mark;
  }

  marksAfter(position: FoldPosition, limit: number): readonly EntryMark[] {
    return this.#inOrder()
      .filter(({ mark }) => compare(mark, position) > 0)
      .slice(0, limit)
      .map(({ mark }) => mark);
  }

  speakersAfter(lamport: number): readonly EntryMark[] {
    return this.#inOrder()
      .filter(({ mark }) => mark.speaks && mark.lamport > lamport)
      .map(({ mark }) => mark);
  }

  namesFrom(lamport: number): readonly EntryName[] {
    return this.#inOrder()
      .filter(({ mark }) => mark.lamport >= lamport)
      .map(({ mark }) => mark.name)
      .toSorted();
  }

  readHeader(name: EntryName): Uint8Array {
    return this.#row(name).content.header;
  }

  readBody(name: EntryName): Uint8Array {
    const { body } = this.#row(name).content;
    if (body === undefined) throw new Failure('E_INDEX_DAMAGED', 'a body that is needed is gone', { subject: name });
    return body;
  }

  findTrace(name: EntryName): string | undefined {
    return this.#row(name).trace;
  }

  setTrace(name: EntryName, trace: string | undefined): void {
    this.#requireTransaction();
    this.#content.rows.set(name, { ...this.#row(name), trace });
    this.#sorted = undefined;
  }

  forgetBodies(upTo: number): void {
    this.#requireTransaction();
    for (const [name, row] of this.#content.rows) {
      if (row.mark.lamport > upTo) continue;
      this.#content.rows.set(name, { ...row, content: { ...row.content, body: undefined }, trace: undefined });
    }
    this.#sorted = undefined;
  }

  sizeAfter(lamport: number): { readonly entries: number; readonly bodyBytes: number } {
    const rows = this.#inOrder().filter(({ mark }) => mark.lamport > lamport);
    return { entries: rows.length, bodyBytes: rows.reduce((sum, { content }) => sum + (content.body?.byteLength ?? 0), 0) };
  }

  addPast(states: readonly PastState[]): void {
    this.#requireTransaction();
    for (const state of states) this.#content.past.set(state.by, state);
  }

  erasePast(entry: EntryName): void {
    this.#requireTransaction();
    for (const by of this.#content.past.keys()) if (parseVersion(by).entry === entry) this.#content.past.delete(by);
  }

  heads(): ReadonlyMap<DeviceId, Head> {
    return this.#content.heads;
  }

  setHead(device: DeviceId, head: Head): void {
    this.#requireTransaction();
    this.#content.heads.set(device, head);
  }

  findRecord(kind: RecordKind, key: string): string | undefined {
    return this.#content.records.get(kind + key)?.value;
  }

  writeRecord(kind: RecordKind, key: string, value: string | undefined): void {
    this.#requireTransaction();
    if (value === undefined) this.#content.records.delete(kind + key);
    else this.#content.records.set(kind + key, { kind, key, value });
  }

  records(kind: RecordKind): ReadonlyMap<string, string> {
    const found = [...this.#content.records.values()].filter((record) => record.kind === kind);
    return new Map(found.map(({ key, value }) => [key, value] as const).toSorted(byKey));
  }

  readFact(fact: JournalFact): Uint8Array | undefined {
    return this.#content.facts.get(fact);
  }

  writeFact(fact: JournalFact, value: Uint8Array | undefined): void {
    this.#requireTransaction();
    if (value === undefined) this.#content.facts.delete(fact);
    else this.#content.facts.set(fact, value);
  }

  #copyContent(): Content {
    const { rows, heads, records, facts, past } = this.#content;
    return { rows: new Map(rows), heads: new Map(heads), records: new Map(records), facts: new Map(facts), past: new Map(past) };
  }

  #inOrder(): readonly Row[] {
    this.#sorted ??= [...this.#content.rows.values()].toSorted((a, b) => compare(a.mark, b.mark));
    return this.#sorted;
  }

  #row(name: EntryName): Row {
    const row = this.#content.rows.get(name);
    if (row === undefined) throw new Failure('E_INDEX_DAMAGED', 'an entry that is needed is gone', { subject: name });
    return row;
  }

  #requireTransaction(): void {
    if (!this.#inTransaction) throw new Error('a write outside of a transaction');
  }
}

function compare(a: FoldPosition, b: FoldPosition): number {
  return a.lamport - b.lamport || (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
