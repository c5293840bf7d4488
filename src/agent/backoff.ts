import { fraction, type Random } from '../base/random.ts';

/** How long to wait after failures in a row: twice as long each time, and never all devices at once. */
export class Backoff {
  readonly #range: { readonly firstMs: number; readonly maxMs: number };
  readonly #random: Random;
  #failures = 0;

  constructor(range: { readonly firstMs: number; readonly maxMs: number }, random: Random) {
    this.#range = range;
    this.#random = random;
  }

  /** After one more failure. Milliseconds. */
  nextMs(): number {
    const { firstMs, maxMs } = this.#range;
    const fullMs = Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return fullMs * (0.5 + fraction(this.#random) / 2);
  }

  /** It went well. */
  reset(): void {
    this.#failures = 0;
  }
}
