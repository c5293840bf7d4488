import type { Clock } from '../base/clock.ts';

export interface RateLimit {
  /** Requests that may come at once. */
  readonly burst: number;
  /** Requests per second in the long run. */
  readonly perSecond: number;
}

/** Keys remembered at once; the longest unused one is forgotten first. */
const maxKeys = 10_000;

/** Counts requests per key (a token's store, a network address) against a limit. */
export class RequestRate {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  /** Key to the moment at which it has its whole burst again. Insertion order is order of use. */
  readonly #fullAtMs = new Map<string, number>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Whether the key has used its requests up. Counts nothing. */
  isExhausted(key: string): boolean {
    const costMs = 1000 / this.#limit.perSecond;
    const fullAtMs = this.#fullAtMs.get(key) ?? 0;
    return fullAtMs - this.#clock.monotonicMs() > (this.#limit.burst - 1) * costMs;
  }

  /** Counts one request. */
  count(key: string): void {
    const fullAtMs = Math.max(this.#fullAtMs.get(key) ?? 0, this.#clock.monotonicMs());
    this.#fullAtMs.delete(key);
    this.#fullAtMs.set(key, fullAtMs + 1000 / this.#limit.perSecond);
    const [oldest] = this.#fullAtMs.keys();
    if (this.#fullAtMs.size > maxKeys && oldest !== undefined) this.#fullAtMs.delete(oldest);
  }
}
