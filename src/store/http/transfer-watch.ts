import type { Clock } from '../../base/clock.ts';

export interface TransferSpeed {
  /** How often the speed is looked at. */
  readonly windowMs: number;
  /** Slower than this over a whole window is as good as dead. */
  readonly minBytesPerSecond: number;
}

/** Watches one body on its way, so that a peer that sends a byte now and then can't hold us for ever. */
export class TransferWatch {
  readonly #clock: Clock;
  readonly #speed: TransferSpeed;
  readonly #onStall: () => void;
  #stop: AbortController | undefined;
  #movedBytes = 0;
  /** Waits of our own (for a bandwidth limit): a window that holds part of one says nothing about the peer. */
  #ownWaits = 0;
  #hadOwnWait = false;

  constructor(clock: Clock, speed: TransferSpeed, onStall: () => void) {
    this.#clock = clock;
    this.#speed = speed;
    this.#onStall = onStall;
  }

  /** From here on bytes are expected. */
  start(): void {
    this.stop();
    this.#stop = new AbortController();
    void this.#run(this.#stop.signal);
  }

  moved(bytes: number): void {
    this.#movedBytes += bytes;
  }

  /** Waits for something that is not the peer's fault. */
  async pause(wait: Promise<void>): Promise<void> {
    this.#ownWaits += 1;
    this.#hadOwnWait = true;
    try {
      await wait;
    } finally {
      this.#ownWaits -= 1;
    }
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
  }

  async #run(stopped: AbortSignal): Promise<void> {
    const leastBytes = (this.#speed.windowMs / 1000) * this.#speed.minBytesPerSecond;
    for (;;) {
      const beforeBytes = this.#movedBytes;
      this.#hadOwnWait = this.#ownWaits > 0;
      try {
        await this.#clock.sleep(this.#speed.windowMs, stopped);
      } catch {
        return;
      }
      if (!this.#hadOwnWait && this.#movedBytes - beforeBytes < leastBytes) {
        this.#onStall();
        return;
      }
    }
  }
}
