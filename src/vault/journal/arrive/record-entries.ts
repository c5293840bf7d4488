import type { SeenVector } from '../../../model/change.ts';
import type { JournalBook } from '../../../model/journal-book.ts';
import type { PinnedCheckpoint } from '../../pin/pin.ts';
import type { ArrivedEntry, WholeEntry } from './arrived-entry.ts';
import { bringBodies, portionsOf } from '../write/body-room.ts';
import { floorFromBytes } from '../checkpoint/floor.ts';
import type { JoinStart } from '../checkpoint/join-start.ts';
import type { JournalDeps } from '../journal-deps.ts';
import { loadSnapshot } from '../checkpoint/load-snapshot.ts';
import { settleCovered, settleOwn } from '../write/own-entries.ts';
import { refold } from '../fold/refold.ts';
import { checkpointInForce, settleFloor } from '../checkpoint/settle-floor.ts';
import { noteMet } from './waited-for.ts';

/** Whether a book that is made anew has only a part yet of what was in the store. */
export function isBeingReadAnew(book: JournalBook): boolean {
  return book.readFact('anew') !== undefined;
}

/** What is verified, and complete with what the book has. */
export interface Recordable {
  readonly entries: readonly ArrivedEntry[];
  /** A snapshot to begin with, for an empty book. */
  readonly join: JoinStart | undefined;
  /** Whether the book is made anew: then what is of this device in the store was written by it. */
  readonly isAnew?: boolean;
  readonly signal: AbortSignal;
}

/**
 * One transaction records, folds and moves the pin, which is the book's own vector; then the second copy of the pin follows.
 * Where bodies have to be brought again, one transaction for each portion: all that comes before an entry is in it or
 * before it, so the book always has a set that could have been all. Throws E_TAMPER where a state root differs: nothing of
 * its portion is recorded then; and as `bringBodies`.
 */
export async function record(deps: JournalDeps, { entries, join, isAnew = false, signal }: Recordable): Promise<void> {
  const { book } = deps;
  if (entries.length > 0 || join !== undefined || isBeingReadAnew(book)) {
    const portions = [...portionsOf(entries)];
    for (const [at, portion] of portions.entries()) {
      const whole = await bringBodies(deps, portion, signal);
      book.transaction(() => {
        if (isAnew && portions.length > 1) book.writeFact('anew', Uint8Array.of(1));
        recordPortion(deps, whole, at === 0 ? join : undefined);
        if (at === portions.length - 1) settle(deps);
      });
    }
  }
  const vector = vectorOf(book);
  if (!isSame(vector, deps.pinCopy.read())) await deps.pinCopy.write(vector, pinnedCheckpoint(book));
}

/** All is recorded: with the last of it, as each commit of its own is waited for until it is durable. */
function settle({ book, clock, keys }: JournalDeps): void {
  const waiting = { activeDevices: keys.current().activeDevices, nowMs: clock.nowMs() };
  noteMet(book, waiting);
  settleFloor(book, waiting);
  if (isBeingReadAnew(book)) book.writeFact('anew', undefined);
}

function recordPortion(deps: JournalDeps, entries: readonly WholeEntry[], join: JoinStart | undefined): void {
  const { book, clock, keys, listener, sealing } = deps;
  book.transaction(() => {
    if (join !== undefined) {
      loadSnapshot(deps, join);
      settleCovered(book, join.checkpoint.change.vector.get(keys.device)?.counter ?? 0);
    }
    refold({ book, primitives: sealing.primitives, listener, nowMs: clock.nowMs(), areRootsKnown: true }, entries);
    for (const entry of entries) if (entry.mine) settleOwn(book, entry);
  });
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
