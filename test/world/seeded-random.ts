import type { Random } from '../../src/base/random.ts';
import { SeededChoice } from './seeded-choice.ts';

/** The randomness port over a seed. */
export class SeededRandom implements Random {
  readonly #choice: SeededChoice;

  constructor(seed: number) {
    this.#choice = new SeededChoice(seed);
  }

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at += 1) bytes[at] = this.#choice.below(256);
    return bytes;
  }
}

/** A seed for one purpose, so that what one source of chance does never shifts another's. */
export function seedFor(seed: number, purpose: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  // FNV-1a: spreads well enough for seeds.
  for (const symbol of purpose) hash = Math.imul(hash ^ (symbol.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
