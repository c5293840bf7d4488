import { Failure } from '../../../base/failure.ts';
import type { StateSum } from '../../../crypto/state-root.ts';
import type { SeenVector } from '../../../model/change.ts';
import type { EntryName, StateRoot } from '../../../model/ids.ts';
import type { JournalBook } from '../../../model/journal-book.ts';
import type { ArrivedEntry } from '../arrive/arrived-entry.ts';
import { rootOf } from '../book-state.ts';
import { imagesAt, sumBack } from './earlier-state.ts';
import { covers, type Floor } from '../checkpoint/floor.ts';
import type { Judgement } from './judgement.ts';

/** The state right after an entry was folded, and the set that it is the state of. */
export interface FoldedSet {
  readonly book: JournalBook;
  readonly floor: Floor;
  readonly sum: StateSum;
  readonly judgement: Judgement;
  readonly seen: SeenVector;
}

/**
 * Where the set is exactly the entry and what its author had seen, the roots must agree; and so must those of a checkpoint
 * that counts. Throws E_TAMPER where they don't.
 */
export function checkRoots(set: FoldedSet, { header, hash, statements }: ArrivedEntry): void {
  const [checkpoint] = statements.checkpoints;
  const seen = new Map(header.seen).set(header.device, { counter: header.counter, hash });
  if (checkpoint !== undefined && set.judgement.checkpoint?.speaker.name === header.name && isComparable(set.floor, checkpoint.vector)) {
    const sum = set.sum.copy();
    sumBack(set.book, imagesAt(set.book, checkpoint.lamport), sum);
    requireRoot(sum, checkpoint.root, header.name);
  }
  if (isSame(set.seen, seen) && isComparable(set.floor, seen)) requireRoot(set.sum, header.root, header.name);
}

/**
 * The floor stands as its checkpoint found it. An author that did not know of that checkpoint may have seen things that would
 * have changed what is below: an entry that came too late for it, or one that skips another from before.
 */
function isComparable({ entry }: Floor, vector: SeenVector): boolean {
  return entry === undefined || covers(vector, entry);
}

function requireRoot(sum: StateSum, root: StateRoot, name: EntryName): void {
  if (rootOf(sum) === root) return;
  throw new Failure('E_TAMPER', 'an entry was written upon another tree than the one its journal gives', { subject: name });
}

function isSame(a: SeenVector, b: SeenVector): boolean {
  return (
    a.size === b.size && [...a].every(([device, { counter, hash }]) => b.get(device)?.counter === counter && b.get(device)?.hash === hash)
  );
}
