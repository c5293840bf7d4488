import type { Clock } from '../base/clock.ts';
import type { PutOutcome, RequestOptions, Store } from './store.ts';

import { Failure, isTransient } from '../base/failure.ts';
import { fraction, type Random } from '../base/random.ts';
import { AwayGate, type Tries } from './away-gate.ts';
import { StoreBusy } from './store-busy.ts';

export interface RetryPolicy {
  /** All tries, the first included. */
  readonly tries: number;
  /** Upper end of the first delay; doubles with each try up to `maxDelayMs`. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** No try begins later than this after the first. */
  readonly totalMs: number;
}

/** Ends within a minute, so that a person who waits gets an answer; the engine comes back later by itself. */
export const defaultRetryPolicy: RetryPolicy = { tries: 5, firstDelayMs: 500, maxDelayMs: 15_000, totalMs: 45_000 };

export interface RetryDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly policy?: RetryPolicy | undefined;
}

/**
 * Asks again when the store was away, and puts the same bytes again when it did not say whether it has them. Delays are
 * exponential with full jitter, and at least what the store asked for (a little more, as it asks all its clients for the same). Only
 * what can help is tried again: a store that refuses, is full or misbehaves is not. One that was away is asked by one
 * request at a time (away-gate.ts).
 */
export function withRetry(store: Store, deps: RetryDeps): Store {
  const policy = deps.policy ?? defaultRetryPolicy;
  const gate = new AwayGate(deps);
  const begin = (tries: Tries, signal: AbortSignal | undefined): Retry =>
    new Retry(tries === 'all' ? policy : { ...policy, tries: 1 }, deps, signal);
  const retry = <Result>(signal: AbortSignal | undefined, attempt: () => Promise<Result>): Promise<Result> =>
    gate.pass(signal, (tries) => begin(tries, signal).run(attempt));
  return {
    label: store.label,
    get: (name, options) => retry(options.signal, () => store.get(name, options)),
    putNew: (name, parts, options) =>
      gate.pass(options?.signal, (tries) => begin(tries, options?.signal).put(() => store.putNew(name, parts, options))),
    list: (prefix, options) => retry(options.signal, () => store.list(prefix, options)),
    delete: (name, options) => retry(options?.signal, () => store.delete(name, options)),
    putHint: (bytes, options) => retry(options?.signal, () => store.putHint(bytes, options)),
    getHint: (tag, options) => retry(options?.signal, () => store.getHint(tag, options)),
    watch: store.watch === undefined ? undefined : (options) => watchOnce(store, gate, options),
    close: () => store.close(),
  };
}

/** A watch that ends early is a poll: whoever watches asks the hint next, as the one who finds out whether the store is away. */
async function watchOnce(store: Store, gate: AwayGate, options: RequestOptions): Promise<void> {
  try {
    await store.watch?.(options);
  } catch (error) {
    if (options.signal?.aborted !== true) gate.note(error);
    throw error;
  }
}

/** The tries of one request. */
class Retry {
  readonly #policy: RetryPolicy;
  readonly #deps: RetryDeps;
  readonly #signal: AbortSignal | undefined;
  readonly #startMs: number;
  #tried = 0;

  constructor(policy: RetryPolicy, deps: RetryDeps, signal: AbortSignal | undefined) {
    this.#policy = policy;
    this.#deps = deps;
    this.#signal = signal;
    this.#startMs = deps.clock.monotonicMs();
  }

  async run<Result>(attempt: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!isTransient(error) || !(await this.#wait(error))) throw error;
      }
    }
  }

  /** 'unknown' stays 'unknown' whatever later tries say, unless one of them finds or makes the object. */
  async put(attempt: () => Promise<PutOutcome>): Promise<PutOutcome> {
    let mayHaveHappened = false;
    for (;;) {
      let failure: unknown;
      try {
        const outcome = await attempt();
        if (outcome !== 'unknown') return outcome;
        mayHaveHappened = true;
      } catch (error) {
        if (!(error instanceof Failure) || this.#signal?.aborted === true) throw error;
        if (!isTransient(error) && !mayHaveHappened) throw error;
        if (!isTransient(error)) return 'unknown';
        failure = error;
      }
      if (await this.#wait(failure)) continue;
      if (mayHaveHappened) return 'unknown';
      throw failure;
    }
  }

  /** False where there is no further try. */
  async #wait(failure: unknown): Promise<boolean> {
    const { tries, firstDelayMs, maxDelayMs, totalMs } = this.#policy;
    const { clock, random } = this.#deps;
    this.#tried += 1;
    if (this.#tried >= tries) return false;
    const ceilingMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (this.#tried - 1));
    const askedMs = failure instanceof StoreBusy ? failure.retryAfterMs * (1 + fraction(random) / 2) : 0;
    const delayMs = Math.max(askedMs, fraction(random) * ceilingMs);
    if (clock.monotonicMs() - this.#startMs + delayMs > totalMs) return false;
    await clock.sleep(delayMs, this.#signal);
    return true;
  }
}
