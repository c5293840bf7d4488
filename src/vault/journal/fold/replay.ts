/**
 * Folds the journal once more from its very beginning, into another book: for what this book does not know, as it began at
 * a snapshot. Entry after entry in the journal's order, in batches: memory does not grow with the journal. One GET for each
 * entry, as for a device that joined when there was no snapshot yet.
 *
 * Only entries that this book vouches for count: those it knows, and those that its floor covers. So what comes out is the
 * past of exactly the tree that it has.
 */
import { Failure } from '../../../base/failure.ts';
import { findEntryNameParts, type EntryName } from '../../../model/ids.ts';
import type { JournalBook } from '../../../model/journal-book.ts';
import { placeOf, type ArrivedEntry, type WholeEntry } from '../arrive/arrived-entry.ts';
import { covers, emptyFloor, floorFromBytes, type Floor } from '../checkpoint/floor.ts';
import type { FoldListener } from './fold-listener.ts';
import { inParallel } from '../in-parallel.ts';
import type { JournalDeps } from '../journal-deps.ts';
import { comparePositions } from './judgement.ts';
import { KnownEntries } from '../arrive/known-entries.ts';
import { listNames } from '../arrive/list-names.ts';
import { fetchArrival } from '../arrive/open-arrival.ts';
import { refold } from './refold.ts';
import { verifyEntry } from '../arrive/verify-entry.ts';

const atOnce = 8;
/** Asked for together; and what their bodies may come to before they are folded. */
const groupEntries = 32;
const batchEntries = 256;
const batchBytes = 16 * 1024 * 1024;

export interface Replay {
  /** Empty. */
  readonly into: JournalBook;
  /** The last Lamport number that is wanted. */
  readonly upTo: number;
  readonly signal: AbortSignal;
}

/** Throws E_MISSING, E_FORK, E_TAMPER and all else that `catchUp` throws of entries; what is in `into` means nothing then. */
export async function replay(deps: JournalDeps, { into, upTo, signal }: Replay): Promise<void> {
  const { book, store } = deps;
  const floor = floorFromBytes(book.readFact('floor'));
  const { names } = await listNames(store, 1, signal);
  const wanted = names.filter((name) => {
    const lamport = findEntryNameParts(name)?.lamport ?? 0;
    return lamport <= upTo && (lamport <= floor.lamport || book.findEntry(name) !== undefined);
  });
  for (let at = 0; at < wanted.length;) {
    const entries = await fetchBatch(deps, wanted.slice(at, at + batchEntries), signal);
    at += entries.length;
    fold(
      deps,
      into,
      entries.filter((entry) => isOurs(book, floor, entry)),
    );
  }
  requireWhole(into, floor);
}

/** The first of them, as many as may be in memory. */
async function fetchBatch(deps: JournalDeps, names: readonly EntryName[], signal: AbortSignal): Promise<WholeEntry[]> {
  const entries: WholeEntry[] = [];
  let bytes = 0;
  for (let at = 0; at < names.length && bytes < batchBytes; at += groupEntries) {
    const group = await inParallel(names.slice(at, at + groupEntries), atOnce, async (name) => {
      const entry = await fetchArrival(deps, name, { signal });
      if (entry === undefined) throw new Failure('E_MISSING', 'the store lists an entry that it does not give', { subject: name });
      return entry;
    });
    entries.push(...group);
    bytes += group.reduce((sum, { bodyBytes }) => sum + bodyBytes.length, 0);
  }
  return entries.toSorted((a, b) => comparePositions(placeOf(a), placeOf(b)));
}

/** Whether it is an entry that the book's tree stands on, and not another one under its name. */
function isOurs(book: JournalBook, floor: Floor, { header, hash }: ArrivedEntry): boolean {
  const known = book.findEntry(header.name);
  if (known !== undefined && known.hash !== hash) {
    throw new Failure('E_TAMPER', 'another entry than the one that was read before', { subject: header.name });
  }
  return header.lamport > floor.lamport ? known !== undefined : covers(floor.vector, header);
}

function fold(deps: JournalDeps, into: JournalBook, entries: readonly WholeEntry[]): void {
  const { book, keys, clock, sealing } = deps;
  const known = new KnownEntries(into, emptyFloor);
  for (const entry of entries) {
    const [gap] = verifyEntry(known, entry, { device: keys.device, trustedCounter: Infinity });
    if (gap !== undefined) {
      throw new Failure('E_MISSING', `the store does not give entry ${gap.counter} of device ${gap.device}`, { subject: gap.toldBy });
    }
    known.add(entry);
  }
  // What contents are made of and where chunks lie is news for the book as well; the base tree is not.
  const listener: FoldListener = {
    applied: () => {},
    revoked: () => {},
    ended: () => {},
    delivered: (delivery) => {
      deps.listener.delivered(delivery);
    },
  };
  book.transaction(() => {
    into.transaction(() => {
      refold({ book: into, primitives: sealing.primitives, listener, nowMs: clock.nowMs(), areRootsKnown: true }, entries);
    });
  });
}

/** Everything that the floor stands on was there, in the very chains that it names. */
function requireWhole(into: JournalBook, floor: Floor): void {
  for (const [device, { counter, hash }] of floor.vector) {
    const found = into.findAt(device, counter);
    if (found === undefined) throw new Failure('E_MISSING', `the store does not give entry ${counter} of device ${device}`);
    if (found.hash !== hash) throw new Failure('E_FORK', `the store shows another history of device ${device} than was seen before`);
  }
}
