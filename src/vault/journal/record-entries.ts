import type { SeenVector } from '../../model/change.ts';
import type { JournalBook } from '../../model/journal-book.ts';
import type { PinnedCheckpoint } from '../pin/pin.ts';
import type { ArrivedEntry } from './arrived-entry.ts';
import { floorFromBytes } from './floor.ts';
import type { JoinStart } from './join-start.ts';
import type { JournalDeps } from './journal-deps.ts';
import { loadSnapshot } from './load-snapshot.ts';
import { settleCovered, settleOwn } from './own-entries.ts';
import { refold } from './refold.ts';
import { checkpointInForce, settleFloor } from './settle-floor.ts';
import { noteMet } from './waited-for.ts';

/** What is verified, and complete with what the book has. */
export interface Recordable {
  readonly entries: readonly ArrivedEntry[];
  /** A snapshot to begin with, for an empty book. */
  readonly join: JoinStart | undefined;
}

/**
 * One transaction records, folds and moves the pin, which is the book's own vector; then the second copy of the pin follows.
 * Throws E_TAMPER where a state root differs: nothing is recorded then.
 */
export async function record(deps: JournalDeps, { entries, join }: Recordable): Promise<void> {
  const { book, clock, keys, listener, sealing } = deps;
  if (entries.length > 0 || join !== undefined) {
    book.transaction(() => {
      if (join !== undefined) {
        loadSnapshot(deps, join);
        settleCovered(book, join.checkpoint.change.vector.get(keys.device)?.counter ?? 0);
      }
      refold({ book, primitives: sealing.primitives, listener, nowMs: clock.nowMs(), areRootsKnown: true }, entries);
      for (const entry of entries) if (entry.mine) settleOwn(book, entry);
      const waiting = { activeDevices: keys.current().activeDevices, nowMs: clock.nowMs() };
      noteMet(book, waiting);
      settleFloor(book, waiting);
    });
  }
  const vector = vectorOf(book);
  if (!isSame(vector, deps.pinCopy.read())) await deps.pinCopy.write(vector, pinnedCheckpoint(book));
}

/** The last entry known of each device. */
export function vectorOf(book: JournalBook): SeenVector {
  return new Map([...book.heads()].map(([device, { counter, hash }]) => [device, { counter, hash }]));
}

/** The checkpoint in force, or the one that the floor is. */
function pinnedCheckpoint(book: JournalBook): PinnedCheckpoint | undefined {
  const inForce = checkpointInForce(book);
  if (inForce !== undefined) return { lamport: inForce.change.lamport, hash: inForce.speaker.hash };
  const { lamport, entry } = floorFromBytes(book.readFact('floor'));
  return entry && { lamport, hash: entry.hash };
}

function isSame(vector: SeenVector, other: SeenVector | undefined): boolean {
  return vector.size === other?.size && [...vector].every(([device, { hash }]) => other.get(device)?.hash === hash);
}
