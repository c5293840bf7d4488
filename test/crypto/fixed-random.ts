import { createHash } from 'node:crypto';
import type { Random } from '../../src/base/random.ts';

/** Bytes that depend on the seed alone. */
export function bytesOf(seed: string, count: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, index) => createHash('sha256').update(`${seed}${index}`).digest());
  return new Uint8Array(Buffer.concat(blocks).subarray(0, count));
}

/** A stream that is the same in every run. */
export function seededRandom(seed: string): Random {
  let draws = 0;
  return {
    bytes: (count) => {
      draws += 1;
      return bytesOf(`${seed}/${draws}/`, count);
    },
  };
}

/** Gives these bytes each time, as a generator does whose machine was put back to a snapshot. */
export function stuckRandom(noise: Uint8Array): Random {
  return {
    bytes: (count) => {
      if (count !== noise.length) throw new Error(`asked for ${count} bytes, not ${noise.length}`);
      return noise;
    },
  };
}
