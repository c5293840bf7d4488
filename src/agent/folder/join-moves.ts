import type { DiskPath, Disk } from '../../disk/disk.ts';
import type { EngineParts } from '../../engine/engine-parts.ts';
import type { HintBook } from './hint-book.ts';
import { knownElsewhere } from './known-elsewhere.ts';

/** More that are due at once come one after the other, half a move or not: a look at each would take longer than it saves. */
const looksMax = 64;
/** Looks at what is not due yet. */
const latecomersMax = 1000;

interface Known {
  readonly index: Pick<EngineParts['index'], 'local'>;
  readonly disk: Pick<Disk, 'look'>;
}

/**
 * Has both places of a move looked at together. They are hinted at one by one, and a small file rests for less time than a place where
 * something is gone: looked at alone, what went from there is removed from the vault before anybody knows where it stands, or, on a disk
 * that does not tell it from a new one, it is another file where it stands before anybody knows that it went.
 */
export async function joinMoves(hints: HintBook, known: Known, nowMs: number): Promise<void> {
  const due = hints.due(nowMs);
  if (due.length > looksMax) hints.hastenNext(nowMs);
  else for (const path of due) if (await mayBeHalf(known.disk, path)) hints.hastenBeside(path);
  if (due.length > 0) await hastenLatecomers(hints, known, nowMs);
}

/** Of many moves, one lies across the time up to which they are taken, whatever that is; and what was moved may be written to since. */
async function hastenLatecomers(hints: HintBook, known: Known, nowMs: number): Promise<void> {
  for (const path of hints.besideDue(nowMs, latecomersMax)) if (await isMovedHere(known, path)) hints.hasten(path);
}

/** What is linked to both places rests as any other: it was not moved, and may be written to on and on. */
async function isMovedHere({ index, disk }: Known, path: DiskPath): Promise<boolean> {
  const now = await lookOr(disk, path);
  if (now === undefined || now === 'unknown') return false;
  for (const place of knownElsewhere(index, path, now)) {
    const there = place === undefined ? undefined : await lookOr(disk, place);
    if (there !== 'unknown' && there?.identity !== now.identity) return true;
  }
  return false;
}

async function mayBeHalf(disk: Pick<Disk, 'look'>, path: DiskPath): Promise<boolean> {
  const now = await lookOr(disk, path);
  return now === undefined || (now !== 'unknown' && now.identity === '');
}

async function lookOr(disk: Pick<Disk, 'look'>, path: DiskPath): Promise<Awaited<ReturnType<Disk['look']>> | 'unknown'> {
  try {
    return await disk.look(path);
  } catch {
    return 'unknown'; // told where it is taken
  }
}
