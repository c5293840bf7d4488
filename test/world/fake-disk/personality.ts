import { fraction, type Random } from '../../../src/base/random.ts';

/** What a file system can and can't do. */
export interface Personality {
  /** `A` and `a` are one name (the first form stays). */
  readonly foldsCase: boolean;
  /** All Unicode forms are one name; `nfd`: and names come back decomposed, whatever was written. */
  readonly unicode: 'bytes' | 'folded' | 'nfd';
  /** Modification times are rounded down to this. */
  readonly mtimeTickNs: bigint;
  /** Change times too: two changes in one tick look the same. */
  readonly ctimeTickNs: bigint;
  readonly hasBirthTimes: boolean;
  readonly hasExecuteBits: boolean;
  readonly hasHardLinks: boolean;
  /** renameat2: NOREPLACE and EXCHANGE. */
  readonly hasExchange: boolean;
  /** A freed inode number is given to the next new item. */
  readonly reusesInodes: boolean;
}

/** ext4 under a kernel of today, with the native calls. */
export const linuxPersonality: Personality = {
  foldsCase: false,
  unicode: 'bytes',
  mtimeTickNs: 1n,
  ctimeTickNs: 1n,
  hasBirthTimes: true,
  hasExecuteBits: true,
  hasHardLinks: true,
  hasExchange: true,
  reusesInodes: true,
};

/** The same without native calls. */
export const plainPersonality: Personality = { ...linuxPersonality, hasExchange: false };

/** APFS as macOS formats it. */
export const applePersonality: Personality = { ...plainPersonality, foldsCase: true, unicode: 'folded' };

/** FAT on a stick: two-second times, no birth times worth the name, no execute bits, no hard links. */
export const stickPersonality: Personality = {
  ...plainPersonality,
  foldsCase: true,
  mtimeTickNs: 2_000_000_000n,
  hasBirthTimes: false,
  hasExecuteBits: false,
  hasHardLinks: false,
};

/** Any combination. */
export function drawPersonality(random: Random): Personality {
  const chance = (share: number): boolean => fraction(random) < share;
  const tickNs = chance(0.7) ? 1n : chance(0.5) ? 1_000_000_000n : 2_000_000_000n;
  return {
    foldsCase: chance(0.3),
    unicode: chance(0.7) ? 'bytes' : chance(0.5) ? 'folded' : 'nfd',
    mtimeTickNs: tickNs,
    ctimeTickNs: 1n,
    hasBirthTimes: chance(0.8),
    hasExecuteBits: chance(0.8),
    hasHardLinks: chance(0.8),
    hasExchange: chance(0.7),
    reusesInodes: chance(0.5),
  };
}
