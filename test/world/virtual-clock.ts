import type { Clock } from '../../src/base/clock.ts';

/** Time that passes only when somebody waits for it: a simulated hour costs nothing. */
export class VirtualClock implements Clock {
  #nowMs: number;

  constructor(startMs = Date.UTC(2026, 0, 2, 12)) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#nowMs += Math.max(0, delayMs);
    await Promise.resolve();
  }

  /** Time passes without anybody waiting. */
  advance(delayMs: number): void {
    this.#nowMs += delayMs;
  }
}
