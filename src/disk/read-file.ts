import type { ActOutcome, DiskPath, Expected, RoomForBlock } from './disk.ts';
import type { DiskParts } from './disk-parts.ts';
import { callCode, type Entry, type FileCalls, isAbsence, isItemsOwn, type OpenFile } from './calls/file-calls.ts';
import { isExpected, observe } from './observe.ts';
import { readOriginIfKept } from './origin-note.ts';

export interface ReadOptions {
  readonly expected: Expected;
  readonly blocks: number | RoomForBlock;
  readonly onBlock: (block: Uint8Array) => Promise<void> | void;
}

/**
 * `Disk.read`. A write during the read shows in mtime or ctime afterwards, as long as the write before it lies at least
 * one tick of the file system's clock back (4 ms at most on Linux, 2 s on FAT): read files only when they have rested.
 */
export async function readFile({ calls, root }: DiskParts, path: DiskPath, options: ReadOptions): Promise<ActOutcome | 'unreadable'> {
  try {
    const outcome = await root.withEntry(path, async (entry) => readEntry(calls, entry, options));
    return outcome === 'gone' ? 'changed' : outcome;
  } catch (error) {
    const told = readOutcomeOf(error);
    if (told === undefined) throw error;
    return told;
  }
}

/** What an error says of a file that was to be read; undefined where it is no matter of the file. */
export function readOutcomeOf(error: unknown): 'changed' | 'unreadable' | undefined {
  // ENXIO: a socket stands there.
  if (isAbsence(error) || callCode(error) === 'ENXIO') return 'changed';
  return isItemsOwn(error) ? 'unreadable' : undefined;
}

async function readEntry(calls: FileCalls, entry: Entry, { expected, blocks, onBlock }: ReadOptions): Promise<ActOutcome> {
  const roomFor = typeof blocks === 'number' ? (mostBytes: number) => new Uint8Array(Math.min(mostBytes, blocks)) : blocks;
  const file = calls.openFile(entry, 'read');
  try {
    const before = calls.statFile(file);
    if (before.kind !== 'file' || !isExpected(before, expected)) return 'changed';
    for (let left = before.sizeBytes; left > 0;) {
      const block = await readBlock(calls, file, (await roomFor(left)).subarray(0, left));
      if (block === undefined) return 'changed';
      left -= block.byteLength;
      await onBlock(block);
      // A large file that is written to all the time is not read to its end in vain.
      if (left > 0 && !isExpected(calls.statFile(file), expected)) return 'changed';
    }
    const fromOutside = readOriginIfKept(calls, entry);
    const origin = fromOutside === undefined ? {} : { fromOutside };
    const after = calls.statFile(file);
    return isExpected(after, expected) ? { now: { ...observe(after, ''), ...origin } } : 'changed';
  } finally {
    calls.closeFile(file);
  }
}

/** The block, full; undefined where the file ends before. */
async function readBlock(calls: FileCalls, file: OpenFile, block: Uint8Array): Promise<Uint8Array | undefined> {
  for (let done = 0; done < block.byteLength;) {
    const count = await calls.readFile(file, block.subarray(done));
    if (count === 0) return undefined;
    done += count;
  }
  return block;
}
