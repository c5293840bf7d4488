/** What a device remembers of the journal. The index keeps it (src/index/journal-book.ts); tests keep it in memory. */
import type { DeviceId, EntryHash, EntryName, NodeId, Version } from './ids.ts';
import type { VersionedNode } from './node.ts';
import type { FoldTree } from './trees.ts';

/** Place of an entry in the fold: by Lamport number, then by hash. */
export interface FoldPosition {
  readonly lamport: number;
  readonly hash: EntryHash;
}

/** An entry that was verified and recorded. Marks stay for ever. */
export interface EntryMark extends FoldPosition {
  readonly name: EntryName;
  readonly device: DeviceId;
  /** 1 for the device's first entry, then one more each time. */
  readonly counter: number;
  /** Whether this book's own device wrote it through this very book (then its base tree knows the changes). */
  readonly mine: boolean;
  /** Whether it says something of other entries: a checkpoint, a skip. */
  readonly speaks: boolean;
  /** When it was recorded, milliseconds since 1970 by this device's clock. */
  readonly arrivedMs: number;
  /** What its author's clock said; for people only. */
  readonly timeMs: number;
}

/** What an entry says, for the fold. */
export interface EntryContent {
  /** The verified header (the journal's encoding). */
  readonly header: Uint8Array;
  /** The body's one encoding; undefined where the fold will never need it. */
  readonly body: Uint8Array | undefined;
}

/** What is known last of one device. */
export interface Head {
  readonly counter: number;
  readonly hash: EntryHash;
  /** Lamport number; undefined where it is only known from a checkpoint's vector. */
  readonly lamport: number | undefined;
  /** Object name; undefined as above. */
  readonly name: EntryName | undefined;
  readonly arrivedMs: number;
  readonly timeMs: number | undefined;
}

/** Small values of the vault's state beside the tree: open conflicts, retention, pack plans. Values are JSON. */
export type RecordKind = 'conflict' | 'retention' | 'pack-plan';

/** The journal's own small notes. */
export type JournalFact = 'floor' | 'sum' | 'pending' | 'pending-bytes' | 'given-up' | 'met' | 'past-from' | 'anew' | 'unopened' | 'part';

/** A state that a node had until a change ended it. Its version says which change began it. */
export interface PastState {
  readonly node: VersionedNode;
  /** Version of the change that ended it. */
  readonly by: Version;
  /** Whether that change removed the node. */
  readonly isRemoved: boolean;
}

/**
 * All writes happen inside `transaction`: all of them hold when it returns, none when it throws. The remote tree and,
 * where the listener writes into the same database, the base tree join the same transaction.
 */
export interface JournalBook {
  transaction<Result>(run: () => Result): Result;
  /** The remote tree. */
  readonly tree: FoldTree;
  /** Its nodes by id, `after` excluded, at most `limit`. */
  nodesAfter(after: NodeId | undefined, limit: number): readonly VersionedNode[];

  /** Records an entry (its name, and its device and counter, must be new) and moves its device's head on to it. */
  addEntry(mark: EntryMark, content: EntryContent): void;
  findEntry(name: EntryName): EntryMark | undefined;
  findAt(device: DeviceId, counter: number): EntryMark | undefined;
  /** The last entry before the position in fold order (of all: undefined). */
  lastBefore(position: FoldPosition | undefined): EntryMark | undefined;
  /** Entries after the position in fold order, at most `limit`. */
  marksAfter(position: FoldPosition, limit: number): readonly EntryMark[];
  /** Entries above this Lamport number that say something of others, in fold order. */
  speakersAfter(lamport: number): readonly EntryMark[];
  /** Names with a Lamport number of at least `lamport`, in byte order. */
  namesFrom(lamport: number): readonly EntryName[];
  /** Throw E_INDEX_DAMAGED where it is not there. */
  readHeader(name: EntryName): Uint8Array;
  readBody(name: EntryName): Uint8Array;
  /** What folding it did and how to take it back; undefined where it is not folded. */
  findTrace(name: EntryName): string | undefined;
  setTrace(name: EntryName, trace: string | undefined): void;
  /** Drops bodies and traces of entries up to this Lamport number. */
  forgetBodies(upTo: number): void;
  /** Entries above this Lamport number, and the bytes of their bodies. */
  sizeAfter(lamport: number): { readonly entries: number; readonly bodyBytes: number };

  /** Keeps what an entry ended. Unlike traces and bodies it stays for ever. */
  addPast(states: readonly PastState[]): void;
  /** Forgets what this entry ended: it is taken back. */
  erasePast(entry: EntryName): void;

  heads(): ReadonlyMap<DeviceId, Head>;
  /** For what a checkpoint's vector tells; `addEntry` does it by itself. */
  setHead(device: DeviceId, head: Head): void;

  findRecord(kind: RecordKind, key: string): string | undefined;
  writeRecord(kind: RecordKind, key: string, value: string | undefined): void;
  /** All of a kind, by key. */
  records(kind: RecordKind): ReadonlyMap<string, string>;

  readFact(fact: JournalFact): Uint8Array | undefined;
  writeFact(fact: JournalFact, value: Uint8Array | undefined): void;
}
