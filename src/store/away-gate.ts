import type { Clock } from '../base/clock.ts';

import { Failure, isTransient } from '../base/failure.ts';
import { fraction, type Random } from '../base/random.ts';
import { StoreBusy } from './store-busy.ts';

interface Away {
  readonly failure: Failure;
  /** The store asked to be left alone until then. */
  readonly notBeforeMs: number;
}

/** How a request may be made: as often as its policy says, or once. */
export type Tries = 'all' | 'one';

/** What a probe told: the store answers, it does not, or nothing (whoever asked gave up, or could not tell). */
type Told = 'back' | 'away' | 'nothing';

/**
 * What all requests of this device to one store know of its being away. When one failed in all its tries, the others need not find
 * that out each for itself: from then on one asks at a time, once. Those that come meanwhile wait for how it fares,
 * and go ahead or fail with it. So a store that comes back after hours meets one request of each of its clients before the rest.
 */
export class AwayGate {
  readonly #clock: Clock;
  readonly #random: Random;
  #away: Away | undefined;
  #probe: Promise<Told> | undefined;

  constructor({ clock, random }: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Makes a request when and as it may be made. Throws what it throws, or what the probe that it waited for has thrown. */
  async pass<Result>(signal: AbortSignal | undefined, request: (tries: Tries) => Promise<Result>): Promise<Result> {
    for (;;) {
      signal?.throwIfAborted();
      const away = this.#away;
      if (away === undefined) return this.#ask(signal, () => request('all'));
      if (this.#clock.monotonicMs() < away.notBeforeMs) throw away.failure;
      if (this.#probe === undefined) return this.#askAsProbe(signal, () => request('one'));
      if ((await heard(this.#probe, signal)) === 'away') throw (this.#away ?? away).failure;
    }
  }

  async #askAsProbe<Result>(signal: AbortSignal | undefined, request: () => Promise<Result>): Promise<Result> {
    const { promise, resolve } = Promise.withResolvers<Told>();
    this.#probe = promise;
    try {
      return await this.#ask(signal, request);
    } finally {
      this.#probe = undefined;
      resolve(this.#told(signal));
    }
  }

  #told(signal: AbortSignal | undefined): Told {
    if (this.#away === undefined) return 'back';
    return signal?.aborted === true ? 'nothing' : 'away';
  }

  async #ask<Result>(signal: AbortSignal | undefined, request: () => Promise<Result>): Promise<Result> {
    try {
      const result = await request();
      // A put whose outcome nobody knows says nothing about the store either.
      if (result !== 'unknown') this.#away = undefined;
      return result;
    } catch (error) {
      if (signal?.aborted !== true) this.note(error);
      throw error;
    }
  }

  /** What a request outside of the gate met. */
  note(error: unknown): void {
    if (error instanceof Failure && isTransient(error)) {
      const askedMs = error instanceof StoreBusy ? error.retryAfterMs * (1 + fraction(this.#random) / 2) : 0;
      this.#away = { failure: error, notBeforeMs: this.#clock.monotonicMs() + askedMs };
    } else this.#away = undefined;
  }
}

/** What the probe tells, or nothing as soon as the signal is aborted. */
async function heard(probe: Promise<Told>, signal: AbortSignal | undefined): Promise<Told> {
  if (signal === undefined) return probe;
  const { promise: aborted, resolve } = Promise.withResolvers<Told>();
  const onAbort = (): void => resolve('nothing');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([probe, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
