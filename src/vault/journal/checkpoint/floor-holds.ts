import { Failure } from '../../../base/failure.ts';
import type { CheckpointChange } from '../../../model/change.ts';
import type { JournalBook } from '../../../model/journal-book.ts';
import { findEntryNameParts } from '../../../model/ids.ts';
import { covers, type Floor } from './floor.ts';
import { comparePositions, type Judgement, type Speaker } from '../fold/judgement.ts';

/** All entries of the set that say something of others, and the last of them, that was just heard. */
export interface HeardSet {
  readonly judgement: Judgement;
  readonly speakers: readonly Speaker[];
  readonly speaker: Speaker;
}

/**
 * Throws E_INDEX_DAMAGED where a checkpoint turns up that counts and that was made without knowing the floor's own, over a
 * set that means something else below the floor: that can't be folded otherwise any more. It takes two checkpoints made at the
 * same time, and something that one of their authors did not know. The book is then made anew, and begins at the checkpoint
 * that counts.
 */
export function requireFloorHolds(book: JournalBook, floor: Floor, { judgement, speakers, speaker }: HeardSet): void {
  const { entry } = floor;
  if (entry === undefined) return;
  const lowest = judgement.checkpoints.at(-1)?.change;
  // One that reaches just as far counts where it stands later.
  const rivals = speaker.statements.checkpoints.filter(({ lamport }) => lamport === floor.lamport && comparePositions(speaker, entry) > 0);
  for (const checkpoint of lowest === undefined ? rivals : [lowest, ...rivals]) {
    if (covers(checkpoint.vector, entry)) continue;
    const isSame = hasSameBelow(book, floor, checkpoint) && !speakers.some((by) => skipsBelow(floor, by));
    if (!isSame)
      throw new Failure('E_INDEX_DAMAGED', 'the journal has a checkpoint that this index was not built upon', { subject: speaker.name });
  }
}

/** Whether the checkpoint covers exactly the floor's entries at and below the floor. */
function hasSameBelow(book: JournalBook, floor: Floor, { vector }: CheckpointChange): boolean {
  for (const [device, { counter }] of floor.vector) if (!covers(vector, { device, counter })) return false;
  if (!floor.hasLate) return true;
  for (const [device, { counter: last }] of vector) {
    for (let counter = (floor.vector.get(device)?.counter ?? 0) + 1; counter <= last; counter += 1) {
      const late = book.findAt(device, counter);
      if (late !== undefined && late.lamport <= floor.lamport) return false;
    }
  }
  return true;
}

/** Whether it stands above the floor and skips an entry from below. */
function skipsBelow(floor: Floor, { statements }: Speaker): boolean {
  return statements.skips.some((name) => (findEntryNameParts(name)?.lamport ?? 0) <= floor.lamport);
}
