import type { DiskPath, Observed } from '../../disk/disk.ts';
import type { EngineParts } from '../../engine/engine-parts.ts';
import { concernsVault } from '../begin/concerns-vault.ts';
import { knownAt } from './known-at.ts';
import { knownElsewhere } from './known-elsewhere.ts';
import { savedMax, type HintBook, type RestVerdict, type ShortRests } from './hint-book.ts';

/**
 * How long a small file rests that is saved once: saving is over by then, and nobody notices the wait. Where it was closed or moved
 * there, what may follow are bits and times, which come at once.
 */
export const shortRests: ShortRests = { restMs: 150, wholeMs: 20 };

/** What is written at one go: as large as a chunk. */
const smallBytes = 4 * 1024 * 1024;

/** What is known of what stands in the folder, and how to look there. */
type Known = Pick<EngineParts, 'index' | 'rules'> & { readonly disk: Pick<EngineParts['disk'], 'look'> };

/**
 * Which paths need not rest any longer: small files that stand there. One that went may come back in a moment, as some
 * programs save; an empty one is about to be filled; a folder or a large file takes a while to be made. What was closed and is as it was
 * is forgotten: a program that opens for writing what it only reads would have us ask the store each time.
 */
export async function judgeShortRests(hints: HintBook, known: Known, nowMs: () => number): Promise<void> {
  const paths = hints.restedShortly(nowMs());
  for (const path of paths) hints.judge(path, await judge(hints, known, path, paths.length > savedMax), nowMs());
}

async function judge(hints: HintBook, known: Known, path: DiskPath, isCrowd: boolean): Promise<RestVerdict> {
  const isDoubtful = hints.isDoubtful(path);
  if (isCrowd && !isDoubtful) return 'more';
  try {
    const now = await known.disk.look(path);
    if (isDoubtful && isAsKnown(known, path, now)) return 'nothing';
    if (isCrowd || now?.kind !== 'file' || now.sizeBytes === 0 || now.sizeBytes > smallBytes) return 'more';
    // Editors move what was saved before aside and then write it anew, which takes as long as the disk takes to flush it: seen in
    // between, it would be a file that was given another name, and its history would go there.
    return hints.isWhole(path) && knownElsewhere(known.index, path, now).length > 0 ? 'more' : 'enough';
  } catch {
    return 'more'; // told where it is taken
  }
}

function isAsKnown({ index, rules }: Known, path: DiskPath, now: Observed | undefined): boolean {
  if (!concernsVault({ index, rules }, path)) return true;
  const node = knownAt(index.local, path);
  if (node?.state.kind !== 'file' || now?.kind !== 'file' || index.dirty.has(node.id)) return false;
  return node.identity === now.identity && node.fingerprint === now.fingerprint;
}
