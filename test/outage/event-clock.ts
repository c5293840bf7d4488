import type { Clock } from '../../src/base/clock.ts';

/** Sleepers are woken in steps of so much; finer than any delay that matters here. */
const stepMs = 50;

/** A clock for very many sleepers at once: time goes on to the next that is due when all others rest. */
export class EventClock implements Clock {
  readonly #due = new Map<number, (() => void)[]>();
  #nowMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  /** Ends early for no signal: whoever sleeps looks at it when he wakes. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = Math.max(Math.ceil((this.#nowMs + delayMs) / stepMs), this.#nowMs / stepMs + 1);
      const wake = (): void => (signal?.aborted === true ? reject(signal.reason as Error) : resolve());
      const others = this.#due.get(step);
      if (others === undefined) this.#due.set(step, [wake]);
      else others.push(wake);
    });
  }

  /** Lets so much time pass. */
  async run(durationMs: number): Promise<void> {
    for (const endMs = this.#nowMs + durationMs; this.#nowMs < endMs;) {
      this.#nowMs += stepMs;
      await this.#wakeDue();
    }
  }

  /** Wakes everybody, for the end. */
  async wakeAll(): Promise<void> {
    for (const [step, sleepers] of this.#due) {
      this.#due.delete(step);
      for (const wake of sleepers) wake();
    }
    await settled();
  }

  async #wakeDue(): Promise<void> {
    const step = this.#nowMs / stepMs;
    const sleepers = this.#due.get(step);
    if (sleepers === undefined) return;
    this.#due.delete(step);
    for (const wake of sleepers) wake();
    await settled();
  }
}

/** Until everything that needs no time is done. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
