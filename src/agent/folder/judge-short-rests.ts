import type { Disk, DiskPath } from '../../disk/disk.ts';
import { savedMax, type HintBook, type ShortRests } from './hint-book.ts';

/**
 * How long a small file rests that is saved once: saving is over by then, and nobody notices the wait. Where it was closed or moved
 * there, what may follow are bits and times, which come at once.
 */
export const shortRests: ShortRests = { restMs: 150, wholeMs: 20 };

/** What is written at one go: as large as a chunk. */
const smallBytes = 4 * 1024 * 1024;

/**
 * Which paths need not rest any longer: small files that stand there. One that went may come back in a moment, as some
 * programs save; an empty one is about to be filled; a folder or a large file takes a while to be made.
 */
export async function judgeShortRests(hints: HintBook, disk: Pick<Disk, 'look'>, nowMs: () => number): Promise<void> {
  const paths = hints.restedShortly(nowMs());
  for (const path of paths) hints.judge(path, paths.length <= savedMax && (await isSmallFile(disk, path)), nowMs());
}

async function isSmallFile(disk: Pick<Disk, 'look'>, path: DiskPath): Promise<boolean> {
  try {
    const now = await disk.look(path);
    return now?.kind === 'file' && now.sizeBytes > 0 && now.sizeBytes <= smallBytes;
  } catch {
    return false; // told where it is taken
  }
}
