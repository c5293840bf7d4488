import { blake2b } from '@noble/hashes/blake2.js';
import type { Random } from '../../src/base/random.ts';

/** A stream of bytes that a number decides. */
export function seededRandom(seed: number): Random {
  let count = 0;
  return {
    bytes: (length) => {
      count += 1;
      return blake2b(Buffer.from(`${seed}:${count}`), { dkLen: Math.max(length, 1) }).subarray(0, length);
    },
  };
}
