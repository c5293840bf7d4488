import {
  applePersonality,
  linuxPersonality,
  oldApplePersonality,
  stickPersonality,
  windowsPersonality,
  type Personality,
} from '../world/fake-disk/personality.ts';
import type { SeededChoice } from '../world/seeded-choice.ts';

const like = { apple: applePersonality, 'old apple': oldApplePersonality, windows: windowsPersonality, stick: stickPersonality } as const;
type Likeness = keyof typeof like;

/** A file system as plain data: a known kind (else the usual one), and what differs from it. */
export interface DiskPlan extends Partial<
  Pick<
    Personality,
    | 'hasExchange'
    | 'hasBatches'
    | 'hasHardLinks'
    | 'hasBirthTimes'
    | 'reusesInodes'
    | 'foldsCase'
    | 'unicode'
    | 'names'
    | 'nameMaxBytes'
    | 'hasExecuteBits'
    | 'hasOriginNotes'
    | 'hasLinks'
  >
> {
  readonly like?: Likeness;
  /** Modification times are rounded down to this. */
  readonly mtimeTickMs?: number;
}

export function toPersonality({ like: known, mtimeTickMs, ...rest }: DiskPlan): Personality {
  const personality = { ...(known === undefined ? linuxPersonality : like[known]), ...rest };
  return mtimeTickMs === undefined ? personality : { ...personality, mtimeTickNs: BigInt(mtimeTickMs) * 1_000_000n };
}

/** One that lacks some of the newer calls. */
export function drawPoorDisk(choice: SeededChoice): DiskPlan {
  return {
    hasExchange: choice.below(2) === 0,
    hasHardLinks: choice.below(4) > 0,
    hasBirthTimes: choice.below(4) > 0,
    reusesInodes: choice.below(2) === 0,
  };
}

/** One that tells fewer names apart, or keeps less of times, bits and links: one that exists, or any mixture. */
export function drawOtherDisk(choice: SeededChoice): DiskPlan {
  const known = choice.of(['usual', 'usual', ...(Object.keys(like) as Likeness[]), 'any', 'any'] as const) ?? 'usual';
  if (known === 'usual') return {};
  if (known !== 'any') return { like: known };
  const mixture = {
    ...drawPoorDisk(choice),
    foldsCase: choice.below(2) === 0,
    unicode: choice.of(['bytes', 'folded', 'nfd'] as const) ?? 'bytes',
    names: choice.of(['bytes', 'text', 'windows'] as const) ?? 'bytes',
    nameMaxBytes: choice.below(4) === 0 ? 143 : 255,
    hasExecuteBits: choice.below(2) === 0,
    hasLinks: choice.below(3) > 0,
    ...(choice.below(2) === 0 ? {} : { mtimeTickMs: choice.of([1, 1000, 2000]) ?? 1 }),
  };
  return { ...mixture, hasOriginNotes: mixture.names === 'windows' };
}
