import type { Clock } from '../../src/base/clock.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';

/** One machine's clock: it shows what it was set to, while the same time passes for all. */
export class DeviceClock implements Clock {
  readonly #shared: VirtualClock;
  /** How far it is off. */
  offsetMs = 0;

  constructor(shared: VirtualClock) {
    this.#shared = shared;
  }

  nowMs(): number {
    return this.#shared.nowMs() + this.offsetMs;
  }

  monotonicMs(): number {
    return this.#shared.monotonicMs();
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return this.#shared.sleep(delayMs, signal);
  }
}
