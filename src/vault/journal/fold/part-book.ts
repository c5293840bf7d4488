/**
 * A device that has nothing yet takes what can be verified of a vault that the store does not show whole. Until it has seen
 * all, it writes nothing: what it has is older than what is there.
 */
import { Failure } from '../../../base/failure.ts';
import type { JournalBook } from '../../../model/journal-book.ts';

const fact = 'part';

/** Whether the book is known to have only a part of what the store has to show. */
export function isPart(book: JournalBook): boolean {
  return book.readFact(fact) !== undefined;
}

export function notePart(book: JournalBook, part: boolean): void {
  if (isPart(book) === part) return;
  book.transaction(() => {
    book.writeFact(fact, part ? Uint8Array.of(1) : undefined);
  });
}

/** Throws E_MISSING. */
export function requireWhole(book: JournalBook): void {
  if (isPart(book))
    throw new Failure('E_MISSING', 'this device has seen only a part of the vault: it writes nothing until the store shows all');
}
