import type { Clock } from '../../src/base/clock.ts';

/** A clock for one sleeper at a time: whoever sleeps makes the time pass. */
export class LeapingClock implements Clock {
  /** Every delay slept, in order. */
  readonly sleptMs: number[] = [];
  #nowMs = 1_700_000_000_000;

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  /** Time passes without anybody sleeping. */
  advance(delayMs: number): void {
    this.#nowMs += delayMs;
  }

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleptMs.push(delayMs);
    this.#nowMs += delayMs;
    await Promise.resolve();
    signal?.throwIfAborted();
  }
}
