/** What the book holds, in the terms of the fold. */
import type { Primitives } from '../../crypto/primitives.ts';
import { StateSum } from '../../crypto/state-root.ts';
import { parseId, type StateRoot } from '../../model/ids.ts';
import type { EntryMark, JournalBook } from '../../model/journal-book.ts';
import { parseProvenBody } from '../entry/parse-body.ts';
import { statementsOf, type Speaker } from './fold/judgement.ts';

/** The sum as the book has it. */
export function readSum(primitives: Primitives, book: JournalBook): StateSum {
  const bytes = book.readFact('sum');
  return bytes === undefined ? StateSum.empty(primitives) : StateSum.from(primitives, bytes);
}

/** The short form of a sum, as entries carry it. */
export function rootOf(sum: StateSum): StateRoot {
  return parseId('StateRoot', sum.root());
}

/** What an entry says of others, by the body in the book. */
export function readSpeaker(book: JournalBook, mark: EntryMark): Speaker {
  return { ...mark, statements: statementsOf(parseProvenBody(book.readBody(mark.name))) };
}
