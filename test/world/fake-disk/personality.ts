import { fraction, type Random } from '../../../src/base/random.ts';

/** What a file system can and can't do. */
export interface Personality {
  /** `A` and `a` are one name (the first form stays). */
  readonly foldsCase: boolean;
  /** All Unicode forms are one name; `nfd`: and names come back decomposed, whatever was written. */
  readonly unicode: 'bytes' | 'folded' | 'nfd';
  /** What names may hold beside `/` and NUL: any bytes, text only, what Windows takes only. */
  readonly names: 'bytes' | 'text' | 'windows';
  readonly nameMaxBytes: number;
  /** Modification times are rounded down to this. */
  readonly mtimeTickNs: bigint;
  /** Change times too: two changes in one tick look the same. */
  readonly ctimeTickNs: bigint;
  readonly hasBirthTimes: boolean;
  readonly hasExecuteBits: boolean;
  /** Files bear a note of the system where they came from outside; it belongs to what is durable of a file. */
  readonly hasOriginNotes: boolean;
  readonly hasHardLinks: boolean;
  /** Symbolic links. */
  readonly hasLinks: boolean;
  /** renameat2: NOREPLACE and EXCHANGE. */
  readonly hasExchange: boolean;
  /** Calls that take many items at once. */
  readonly hasBatches: boolean;
  /** A freed inode number is given to the next new item. */
  readonly reusesInodes: boolean;
}

/** ext4 under a kernel of today, with the native calls that take one item. */
export const linuxPersonality: Personality = {
  foldsCase: false,
  unicode: 'bytes',
  names: 'bytes',
  nameMaxBytes: 255,
  mtimeTickNs: 1n,
  ctimeTickNs: 1n,
  hasBirthTimes: true,
  hasExecuteBits: true,
  hasOriginNotes: false,
  hasHardLinks: true,
  hasLinks: true,
  hasExchange: true,
  hasBatches: false,
  reusesInodes: true,
};

/** The same with all native calls. */
export const nativePersonality: Personality = { ...linuxPersonality, hasBatches: true };

/** Without native calls. */
export const plainPersonality: Personality = { ...linuxPersonality, hasExchange: false };

/** APFS as macOS formats it. */
export const applePersonality: Personality = { ...plainPersonality, foldsCase: true, unicode: 'folded', names: 'text' };

/** HFS+: names come back decomposed, whatever was written; times in seconds. */
export const oldApplePersonality: Personality = { ...applePersonality, unicode: 'nfd', mtimeTickNs: 1_000_000_000n };

/** NTFS under Windows. */
export const windowsPersonality: Personality = {
  ...plainPersonality,
  foldsCase: true,
  names: 'windows',
  hasExecuteBits: false,
  hasOriginNotes: true,
};

/** FAT on a stick: two-second times, no birth times worth the name, no execute bits, no notes, no links of any kind. */
export const stickPersonality: Personality = {
  ...plainPersonality,
  foldsCase: true,
  names: 'windows',
  mtimeTickNs: 2_000_000_000n,
  hasBirthTimes: false,
  hasExecuteBits: false,
  hasHardLinks: false,
  hasLinks: false,
};

/** Any combination. */
export function drawPersonality(random: Random): Personality {
  const chance = (share: number): boolean => fraction(random) < share;
  const tickNs = chance(0.7) ? 1n : chance(0.5) ? 1_000_000_000n : 2_000_000_000n;
  return {
    foldsCase: chance(0.3),
    unicode: chance(0.7) ? 'bytes' : chance(0.5) ? 'folded' : 'nfd',
    names: chance(0.6) ? 'bytes' : chance(0.5) ? 'text' : 'windows',
    nameMaxBytes: chance(0.8) ? 255 : 143,
    mtimeTickNs: tickNs,
    ctimeTickNs: 1n,
    hasBirthTimes: chance(0.8),
    hasExecuteBits: chance(0.8),
    hasHardLinks: chance(0.8),
    hasLinks: chance(0.8),
    hasExchange: chance(0.7),
    reusesInodes: chance(0.5),
    hasBatches: chance(0.5),
    hasOriginNotes: chance(0.3),
  };
}
