import { Failure } from '../../base/failure.ts';
import type { ChunkPlace } from '../../model/change.ts';
import { limits } from '../../model/limits.ts';

/** Bytes to ask the store for. */
export interface ReadRange {
  readonly start: number;
  /** A whole number of blocks, so that the store learns nothing of where chunks begin; may reach past the pack's end. */
  readonly length: number;
  /** Bytes that are there: fewer than `length` at the pack's end alone. */
  readonly bytes: number;
}

/** How to fetch some chunks of one pack: ranges in ascending order, or the object as a whole. */
export interface ReadPlan {
  readonly whole: boolean;
  readonly ranges: readonly ReadRange[];
}

/** Blocks between two wanted ones that are fetched rather than asking twice. */
const gapMaxBlocks = 2;

/**
 * Plans the reads for these chunks of a pack of that size: aligned blocks of 256 KiB, or everything where more than half
 * is wanted. Each chunk lies within one range. Throws E_FORMAT where a chunk lies outside the pack.
 */
export function planReads(packBytes: number, places: readonly Pick<ChunkPlace, 'offset' | 'sealedBytes'>[]): ReadPlan {
  const block = limits.readBlockBytes;
  const runs: { first: number; last: number }[] = [];
  for (const { offset, sealedBytes } of places.toSorted((a, b) => a.offset - b.offset)) {
    if (offset < 0 || sealedBytes < 1 || offset + sealedBytes > packBytes) throw new Failure('E_FORMAT', 'a chunk outside its pack');
    const first = Math.floor(offset / block);
    const last = Math.floor((offset + sealedBytes - 1) / block);
    const run = runs.at(-1);
    if (run !== undefined && first - run.last <= gapMaxBlocks + 1) run.last = Math.max(run.last, last);
    else runs.push({ first, last });
  }
  const blocks = runs.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const allBlocks = Math.ceil(packBytes / block);
  if (2 * blocks > allBlocks) return { whole: true, ranges: [rangeOf({ first: 0, last: allBlocks - 1 }, packBytes)] };
  return { whole: false, ranges: runs.map((run) => rangeOf(run, packBytes)) };
}

function rangeOf({ first, last }: { readonly first: number; readonly last: number }, packBytes: number): ReadRange {
  const start = first * limits.readBlockBytes;
  const end = (last + 1) * limits.readBlockBytes;
  return { start, length: end - start, bytes: Math.min(end, packBytes) - start };
}

/** The sealed chunk at this place, out of the bytes that a range brought; undefined where it lies in another range. */
export function findInRange(
  range: ReadRange,
  bytes: Uint8Array,
  { offset, sealedBytes }: Pick<ChunkPlace, 'offset' | 'sealedBytes'>,
): Uint8Array | undefined {
  const at = offset - range.start;
  return at >= 0 && at + sealedBytes <= bytes.byteLength ? bytes.subarray(at, at + sealedBytes) : undefined;
}
