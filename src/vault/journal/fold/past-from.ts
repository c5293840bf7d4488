/** From where on the book knows what ended: a book that began at a snapshot knows nothing of what was before (replay.ts). */
import type { JournalBook } from '../../../model/journal-book.ts';

/** What entries up to this Lamport number ended is not in the book; 0: nothing is missing. */
export function readPastFrom(book: Pick<JournalBook, 'readFact'>): number {
  const bytes = book.readFact('past-from');
  return bytes === undefined ? 0 : Number(new TextDecoder().decode(bytes));
}

export function writePastFrom(book: Pick<JournalBook, 'writeFact'>, lamport: number): void {
  book.writeFact('past-from', lamport === 0 ? undefined : new TextEncoder().encode(String(lamport)));
}
