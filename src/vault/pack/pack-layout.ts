/** Where things lie in a pack (FORMAT.md, section 7.3): header ‖ sealed chunks ‖ sealed directory ‖ sealed trailer. */
import { objectHeaderBytes } from '../../crypto/object-header.ts';
import { lengthFieldBytes, padme } from '../../crypto/padding.ts';
import { sealedSize } from '../../crypto/seal.ts';
import { limits } from '../../model/limits.ts';

/** Bytes that sealing adds inside a pack. */
export const bareOverheadBytes = sealedSize(lengthFieldBytes, 'bare');

/** The most that a sealed chunk of this many plain bytes comes to: where it does not get smaller by coding. */
export function mostSealedBytes(plainBytes: number): number {
  return bareOverheadBytes + 1 + plainBytes;
}

/** Where the first chunk begins. */
export const firstChunkOffset = objectHeaderBytes;

/** The sealed trailer's fixed size, at the very end: it is found without knowing anything else. */
export const trailerBytes = 128;

/** One chunk in a table of chunks: id(32) ‖ sealed bytes u32 ‖ plain bytes u32. */
export const tableRowBytes = 40;

/** Keeps the directory small where chunks are tiny. */
export const packMaxChunks = 20_000;

/** The fewest bytes that a pack with these chunks has, before padding. */
export function unpaddedPackBytes(sealedChunkBytes: number, chunkCount: number): number {
  return firstChunkOffset + sealedChunkBytes + bareOverheadBytes + chunkCount * tableRowBytes + trailerBytes;
}

/** The size that such a pack gets: Padmé, and at least 16 KiB. */
export function paddedPackBytes(sealedChunkBytes: number, chunkCount: number): number {
  return Math.max(limits.packMinBytes, padme(unpaddedPackBytes(sealedChunkBytes, chunkCount)));
}
