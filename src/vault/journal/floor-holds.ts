import { Failure } from '../../base/failure.ts';
import type { CheckpointChange } from '../../model/change.ts';
import type { JournalBook } from '../../model/journal-book.ts';
import { covers, type Floor, type FloorEntry } from './floor.ts';
import { comparePositions, type Judgement, type Speaker } from './judgement.ts';

/**
 * Throws E_INDEX_DAMAGED where a checkpoint turns up that counts and that was made without knowing the floor's own, over
 * other entries: what is below the floor would have to be folded otherwise, and that can't be done any more. It takes two
 * checkpoints made at the same time, and a device that one of their authors did not wait for. The book is then made anew,
 * and begins at the checkpoint that counts.
 */
export function requireFloorHolds(
  book: JournalBook,
  floor: Floor,
  { judgement, speaker }: { readonly judgement: Judgement; readonly speaker: Speaker },
): void {
  const { entry } = floor;
  if (entry === undefined) return;
  const lowest = judgement.checkpoints.at(-1)?.change;
  if (lowest !== undefined && !holds(book, floor, { entry, checkpoint: lowest })) throw parted(speaker);
  for (const checkpoint of speaker.statements.checkpoints) {
    // One that reaches just as far counts where it stands later.
    if (checkpoint.lamport !== floor.lamport || comparePositions(speaker, entry) < 0) continue;
    if (!holds(book, floor, { entry, checkpoint })) throw parted(speaker);
  }
}

function holds(
  book: JournalBook,
  floor: Floor,
  { entry, checkpoint }: { readonly entry: FloorEntry; readonly checkpoint: CheckpointChange },
): boolean {
  if (covers(checkpoint.vector, entry)) return true;
  for (const [device, { counter }] of floor.vector) if (!covers(checkpoint.vector, { device, counter })) return false;
  if (!floor.hasLate) return true;
  for (const [device, { counter: last }] of checkpoint.vector) {
    for (let counter = (floor.vector.get(device)?.counter ?? 0) + 1; counter <= last; counter += 1) {
      const late = book.findAt(device, counter);
      if (late !== undefined && late.lamport <= floor.lamport) return false;
    }
  }
  return true;
}

function parted({ name }: Speaker): Failure {
  return new Failure('E_INDEX_DAMAGED', 'the journal has a checkpoint that this index was not built upon', { subject: name });
}
