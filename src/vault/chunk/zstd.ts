/** zstd in one piece, by native code (with a context that is kept) or by node:zlib; both give frames that the other one takes. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { native, type NativeZstd } from '../../base/native.ts';

/** zstd's own default. */
const level = 3;

/** What a kept context grows to depends on the largest that it compressed: a megabyte with this, several with the largest chunk. */
const keptContextMaxBytes = 128 * 1024;

const ofThread = native?.zstd ?? 'none';

/** A frame of at most `most` bytes that says its length; undefined where it would be longer. `coder`: only tests give another one. */
export function zstdCompress(plain: Uint8Array, most: number, coder: NativeZstd | 'none' = ofThread): Uint8Array | undefined {
  if (coder === 'none' || plain.byteLength > keptContextMaxBytes) {
    const packed = zstdCompressSync(plain, {
      params: { [constants.ZSTD_c_compressionLevel]: level },
      pledgedSrcSize: plain.byteLength,
      chunkSize: bufferBytes(most),
    });
    return packed.byteLength <= most ? packed : undefined;
  }
  const into = new Uint8Array(most);
  const length = coder.compress(plain, into, level);
  return length < 0 ? undefined : into.subarray(0, length);
}

/**
 * What a frame expands to, at most `most` bytes; undefined where that is more, or it does not expand. Look at the frame first
 * (zstd-frame.ts).
 */
export function zstdExpand(packed: Uint8Array, most: number, coder: NativeZstd | 'none' = ofThread): Uint8Array | undefined {
  if (coder !== 'none') {
    const into = new Uint8Array(most);
    const length = coder.expand(packed, into);
    return length < 0 ? undefined : into.subarray(0, length);
  }
  try {
    const plain = zstdDecompressSync(packed, { chunkSize: bufferBytes(most), maxOutputLength: Math.max(1, most) });
    return new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** One output buffer of the right size, instead of many small ones to join. Node takes no fewer than 64 bytes. */
function bufferBytes(expected: number): number {
  return Math.max(64, expected);
}
