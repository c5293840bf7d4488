import type { Clock } from '../base/clock.ts';

export interface RateLimit {
  /** Requests that may come at once. */
  readonly burst: number;
  /** Requests per second in the long run. */
  readonly perSecond: number;
}

/** Keys remembered at once; the longest unused one is forgotten first. */
const maxKeys = 10_000;

/** Counts requests per key (a store's name) against a limit. */
export class RequestRate {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  /** Key to the moment at which it has its whole burst again. Insertion order is order of use. */
  readonly #fullAtMs = new Map<string, number>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Counts a request and says whether it may go on; one that may not costs nothing. */
  mayPass(key: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const costMs = 1000 / this.#limit.perSecond;
    const fullAtMs = Math.max(this.#fullAtMs.get(key) ?? 0, nowMs);
    if (fullAtMs - nowMs > (this.#limit.burst - 1) * costMs) return false;
    this.#fullAtMs.delete(key);
    this.#fullAtMs.set(key, fullAtMs + costMs);
    const [oldest] = this.#fullAtMs.keys();
    if (this.#fullAtMs.size > maxKeys && oldest !== undefined) this.#fullAtMs.delete(oldest);
    return true;
  }
}
