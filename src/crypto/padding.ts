import { readU32, u32 } from './u32.ts';

/** Bytes of the length field that starts a padded plaintext. */
export const lengthFieldBytes = 4;

/**
 * Fills `target` with `u32 length ‖ parts ‖ zeros`. `plainBytes` is the length of all parts, at least four bytes less
 * than the target's.
 */
export function pad(target: Uint8Array, parts: readonly Uint8Array[], plainBytes: number): void {
  target.set(u32(plainBytes));
  let at = lengthFieldBytes;
  for (const part of parts) {
    target.set(part, at);
    at += part.byteLength;
  }
  target.fill(0, at);
}

/** The plaintext within; undefined where the length or the zeros are not as `pad` writes them. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  const end = lengthFieldBytes + readU32(padded, 0);
  if (end > padded.byteLength) return undefined;
  for (let at = end; at < padded.byteLength; at += 1) {
    if (padded[at] !== 0) return undefined;
  }
  return padded.subarray(lengthFieldBytes, end);
}

const kib = 1024;
const smallClasses = [1 * kib, 4 * kib, 16 * kib, 64 * kib, 256 * kib] as const;
const stepBytes = 1024 * kib;

/**
 * Padded size, its length field included, of a plaintext of this many bytes: 1, 4, 16, 64, 256 KiB, then steps of
 * 1 MiB. For journal parts, snapshots and key material, whose exact sizes would tell how much was changed.
 */
export function padClass(plainBytes: number): number {
  const needed = plainBytes + lengthFieldBytes;
  return smallClasses.find((size) => needed <= size) ?? Math.ceil(needed / stepBytes) * stepBytes;
}

/**
 * Padmé: the smallest size of at least `bytes` whose mantissa is no longer than its exponent's bits. Costs at most 12 %,
 * and leaves only O(log log size) bits of a size to be seen.
 */
export function padme(bytes: number): number {
  if (bytes < 2) return bytes;
  const exponent = Math.floor(Math.log2(bytes));
  const keptBits = Math.floor(Math.log2(exponent)) + 1;
  const unit = 2 ** Math.max(0, exponent - keptBits);
  return Math.ceil(bytes / unit) * unit;
}
