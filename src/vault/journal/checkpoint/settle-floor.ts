import type { JournalBook } from '../../../model/journal-book.ts';
import { parseHeader } from '../../entry/header-wire.ts';
import { covers, floorFromBytes, floorToBytes, type Floor } from './floor.ts';
import { floorOf, Judgement, type Checkpoint, type Speaker } from '../fold/judgement.ts';
import { readSpeaker } from '../book-state.ts';
import { waitedFor, type Waiting } from '../arrive/waited-for.ts';

/** The checkpoint in force, judged by everything in the book; undefined where the floor is all there is. */
export function checkpointInForce(book: JournalBook): Checkpoint | undefined {
  return lastWord(book).checkpoint;
}

/** The floor, all that speak after it, and what that comes to. */
export function lastWord(book: JournalBook): {
  readonly floor: Floor;
  readonly speakers: readonly Speaker[];
  readonly checkpoint: Checkpoint | undefined;
} {
  const floor = floorFromBytes(book.readFact('floor'));
  const speakers = book.speakersAfter(floor.lamport).map((mark) => readSpeaker(book, mark));
  return { floor, speakers, checkpoint: speakers.length === 0 ? undefined : new Judgement(speakers, floor.lamport).checkpoint };
}

/**
 * Lays the floor at the checkpoint in force, once everybody who is waited for has seen it: nobody can then make another one
 * without knowing of it, and what is below is never taken back again. Inside a transaction.
 */
export function settleFloor(book: JournalBook, waiting: Waiting): void {
  const checkpoint = checkpointInForce(book);
  if (checkpoint === undefined) return;
  const { speaker, change } = checkpoint;
  for (const [device, head] of waitedFor(book, waiting)) {
    const name = head?.name;
    if (device === speaker.device) continue;
    if (name === undefined || !covers(parseHeader(name, book.readHeader(name)).seen, speaker)) return;
  }
  book.writeFact('floor', floorToBytes({ ...floorOf(checkpoint), hasLate: hasLateEntry(book, change) }));
  book.forgetBodies(change.lamport);
}

/** Whether an entry is known at or below the checkpoint that it does not cover: always one of its device's last. */
function hasLateEntry(book: JournalBook, { lamport, vector }: Checkpoint['change']): boolean {
  for (const device of book.heads().keys()) {
    const next = book.findAt(device, (vector.get(device)?.counter ?? 0) + 1);
    if (next !== undefined && next.lamport <= lamport) return true;
  }
  return false;
}
