import type { DiskPath, Disk, Observed } from '../../disk/disk.ts';
import type { EngineParts } from '../../engine/engine-parts.ts';
import type { HintBook } from './hint-book.ts';
import { knownAt } from './known-at.ts';
import { knownElsewhere } from './known-elsewhere.ts';

/** More that are due at once come one after the other, half a move or not: a look at each would take longer than it saves. */
const looksMax = 64;
/** Looks at what is not due yet. */
const latecomersMax = 1000;

interface Known {
  readonly index: Pick<EngineParts['index'], 'local'>;
  readonly disk: Pick<Disk, 'look'>;
}

type Looked = Observed | undefined | 'unknown';

/**
 * Has both places of a move looked at together, also of one that is a copy and a removal (from one disk to another). They are hinted at
 * one by one, and a small file rests for less time than a place where something is gone: looked at alone, what went from there is removed
 * from the vault before anybody knows where it stands, or, on a disk that does not tell it from a new one, it is another file where it
 * stands before anybody knows that it went.
 */
export async function joinMoves(hints: HintBook, known: Known, nowMs: number): Promise<void> {
  const due = hints.due(nowMs);
  if (due.length === 0) return;
  const newSizes = new Set<number>();
  if (due.length > looksMax) hints.hastenNext(nowMs);
  else
    for (const path of due) {
      const now = await lookOr(known.disk, path);
      if (mayBeHalf(now)) hints.hastenBeside(path);
      else if (isNewFile(known, path, now)) newSizes.add(now.sizeBytes);
    }
  await hastenLatecomers(hints, known, { nowMs, newSizes });
}

/** Of many moves, one lies across the time up to which they are taken, whatever that is; and what was moved may be written to since. */
async function hastenLatecomers(hints: HintBook, known: Known, due: { nowMs: number; newSizes: ReadonlySet<number> }): Promise<void> {
  for (const path of hints.besideDue(due.nowMs, latecomersMax)) {
    const now = await lookOr(known.disk, path);
    const isOfMove = now === undefined ? wasOfSize(known, path, due.newSizes) : await isMovedHere(known, path, now);
    if (isOfMove) hints.hasten(path);
  }
}

function isNewFile({ index }: Known, path: DiskPath, now: Looked): now is Observed {
  if (now === undefined || now === 'unknown' || now.kind !== 'file' || now.sizeBytes === 0) return false;
  return knownAt(index.local, path) === undefined && knownElsewhere(index, path, now).length === 0;
}

/** Whether one of the new files may be what stood there. */
function wasOfSize({ index }: Known, path: DiskPath, sizes: ReadonlySet<number>): boolean {
  const was = sizes.size > 0 ? knownAt(index.local, path)?.state : undefined;
  return was?.kind === 'file' && sizes.has(was.sizeBytes);
}

/** What is linked to both places rests as any other: it was not moved, and may be written to on and on. */
async function isMovedHere({ index, disk }: Known, path: DiskPath, now: Looked): Promise<boolean> {
  if (now === undefined || now === 'unknown') return false;
  for (const place of knownElsewhere(index, path, now)) {
    const there = place === undefined ? undefined : await lookOr(disk, place);
    if (there !== 'unknown' && there?.identity !== now.identity) return true;
  }
  return false;
}

function mayBeHalf(now: Looked): boolean {
  return now === undefined || (now !== 'unknown' && now.identity === '');
}

async function lookOr(disk: Pick<Disk, 'look'>, path: DiskPath): Promise<Looked> {
  try {
    return await disk.look(path);
  } catch {
    return 'unknown'; // told where it is taken
  }
}
