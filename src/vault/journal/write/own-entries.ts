/** Own entries that are begun, or given up: notes in the book, so that a crash forgets none. */
import type { DeviceId, EntryHash, EntryName } from '../../../model/ids.ts';
import type { JournalBook, JournalFact } from '../../../model/journal-book.ts';
import type { ArrivedEntry } from '../arrive/arrived-entry.ts';

/** An own entry that the fold does not know. */
export interface OwnEntryNote {
  readonly name: EntryName;
  readonly lamport: number;
  readonly counter: number;
  readonly hash: EntryHash;
}

/** Sealed and noted before it is put: whatever happens, it is only ever put with these bytes. */
export interface PendingEntry extends OwnEntryNote {
  readonly bytes: Uint8Array;
}

export function findPending(book: JournalBook): PendingEntry | undefined {
  const note = readNote<OwnEntryNote>(book, 'pending');
  // Asked all the time, and mostly there is none.
  if (note === undefined) return undefined;
  const bytes = book.readFact('pending-bytes');
  return bytes && { ...note, bytes };
}

export function notePending(book: JournalBook, { bytes, ...note }: PendingEntry): void {
  writeNote(book, 'pending', note);
  book.writeFact('pending-bytes', bytes);
}

/** Own entries given up that no later entry says so of yet. */
export function givenUp(book: JournalBook): readonly OwnEntryNote[] {
  return readNote<readonly OwnEntryNote[]>(book, 'given-up') ?? [];
}

/** The entry begun will be skipped by the next one. */
export function giveUp(book: JournalBook, { name, lamport, counter, hash }: OwnEntryNote): void {
  writeNote(book, 'given-up', [...givenUp(book), { name, lamport, counter, hash }]);
  clearPending(book);
}

/** An own entry is in the journal: it is begun no more, and what it skips need not be skipped again. */
export function settleOwn(book: JournalBook, { header, statements }: ArrivedEntry): void {
  if (findPending(book)?.name === header.name) clearPending(book);
  const left = givenUp(book).filter(({ name }) => name !== header.name && !statements.skips.includes(name));
  writeNote(book, 'given-up', left.length === 0 ? undefined : left);
}

/** A snapshot holds these own entries already: whatever they said is in it, or was void. */
export function settleCovered(book: JournalBook, lastCounter: number): void {
  const pending = findPending(book);
  if (pending !== undefined && pending.counter <= lastCounter) clearPending(book);
  const left = givenUp(book).filter(({ counter }) => counter > lastCounter);
  writeNote(book, 'given-up', left.length === 0 ? undefined : left);
}

/** The last link of the own chain, entries given up included; undefined before the first. */
export function lastOwn(book: JournalBook, device: DeviceId): { readonly counter: number; readonly hash: EntryHash } | undefined {
  const head = book.heads().get(device);
  return [head, ...givenUp(book)].reduce((last, link) => (link !== undefined && link.counter > (last?.counter ?? 0) ? link : last));
}

function clearPending(book: JournalBook): void {
  book.writeFact('pending', undefined);
  book.writeFact('pending-bytes', undefined);
}

function readNote<Note>(book: JournalBook, fact: JournalFact): Note | undefined {
  const bytes = book.readFact(fact);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Note);
}

function writeNote(book: JournalBook, fact: JournalFact, note: unknown): void {
  book.writeFact(fact, note === undefined ? undefined : new TextEncoder().encode(JSON.stringify(note)));
}
