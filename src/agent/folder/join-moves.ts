import type { Disk, DiskPath } from '../../disk/disk.ts';
import type { HintBook } from './hint-book.ts';

/** More that are due at once come one after the other, half a move or not: a look at each would take longer than it saves. */
const looksMax = 64;

/**
 * Has both places of a move looked at together. They are hinted at one by one, and a small file rests for less time than a place where
 * something is gone: looked at alone, what went from there is removed from the vault before anybody knows where it stands, or, on a disk
 * that does not tell it from a new one, it is another file where it stands before anybody knows that it went.
 */
export async function joinMoves(hints: HintBook, disk: Pick<Disk, 'look'>, nowMs: number): Promise<void> {
  const due = hints.due(nowMs);
  if (due.length > looksMax) hints.hastenNext(nowMs);
  else for (const path of due) if (await mayBeHalf(disk, path)) hints.hastenBeside(path);
}

async function mayBeHalf(disk: Pick<Disk, 'look'>, path: DiskPath): Promise<boolean> {
  try {
    const now = await disk.look(path);
    return now === undefined || now.identity === '';
  } catch {
    return false; // told where it is taken
  }
}
