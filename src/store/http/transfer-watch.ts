import type { Clock } from '../../base/clock.ts';

/** All times are the peer's: without our own waits, and with its part only of the time that several bodies share. */
export interface TransferSpeed {
  /** How often the speed is looked at. */
  readonly windowMs: number;
  /** Slower than this over a whole window is as good as dead. */
  readonly minBytesPerSecond: number;
  /** A body may be slower than the next figure for so long in all ... */
  readonly graceMs: number;
  /** ... and has to come to this speed from its beginning on. */
  readonly minMeanBytesPerSecond: number;
}

/** Bodies that are on their way at once, over one line: each of them is as slow as the line divided by their number. */
export class SharedLine {
  #bodies = 0;

  get bodies(): number {
    return this.#bodies;
  }

  enter(): void {
    this.#bodies += 1;
  }

  leave(): void {
    this.#bodies -= 1;
  }
}

/**
 * Watches one body on its way, so that a peer that sends a little now and then can't hold us for ever. Two rules: something has to move in
 * every window, and the whole has to be done in a time that follows from its size. From outside, a store that drips on purpose looks
 * like an honest one at the end of a slow line; the second rule is what the slowest line that is to work at all needs.
 */
export class TransferWatch {
  readonly #clock: Clock;
  readonly #speed: TransferSpeed;
  readonly #onStall: () => void;
  readonly #line: SharedLine;
  #stop: AbortController | undefined;
  #movedBytes = 0;
  /** Waits of our own (for a bandwidth limit): they say nothing about the peer. */
  #ownWaits = 0;
  #ownWaitSinceMs = 0;
  #ownWaitMs = 0;

  constructor(clock: Clock, speed: TransferSpeed, onStall: () => void, line = new SharedLine()) {
    this.#clock = clock;
    this.#speed = speed;
    this.#onStall = onStall;
    this.#line = line;
  }

  /** From here on bytes are expected. */
  start(): void {
    this.stop();
    this.#stop = new AbortController();
    this.#line.enter();
    void this.#run(this.#stop.signal);
  }

  moved(bytes: number): void {
    this.#movedBytes += bytes;
  }

  /** Waits for something that is not the peer's fault. */
  async pause(wait: Promise<void>): Promise<void> {
    if (this.#ownWaits === 0) this.#ownWaitSinceMs = this.#clock.monotonicMs();
    this.#ownWaits += 1;
    try {
      await wait;
    } finally {
      this.#ownWaits -= 1;
      if (this.#ownWaits === 0) this.#ownWaitMs += this.#clock.monotonicMs() - this.#ownWaitSinceMs;
    }
  }

  stop(): void {
    if (this.#stop === undefined) return;
    this.#stop.abort();
    this.#stop = undefined;
    this.#line.leave();
  }

  async #run(stopped: AbortSignal): Promise<void> {
    const { minBytesPerSecond, graceMs, minMeanBytesPerSecond } = this.#speed;
    const startBytes = this.#movedBytes;
    let totalMs = 0;
    for (;;) {
      const beforeBytes = this.#movedBytes;
      const ownMs = await this.#window(stopped);
      if (ownMs === undefined) return;
      totalMs += ownMs;
      const isAlive = this.#movedBytes - beforeBytes >= (ownMs / 1000) * minBytesPerSecond;
      const isInTime = totalMs <= graceMs + ((this.#movedBytes - startBytes) / minMeanBytesPerSecond) * 1000;
      if (isAlive && isInTime) continue;
      this.#onStall();
      return;
    }
  }

  /** Waits for a window, longer where much of it was our own wait; this body's part of it in milliseconds. Undefined once stopped. */
  async #window(stopped: AbortSignal): Promise<number | undefined> {
    const { windowMs } = this.#speed;
    let ownMs = 0;
    // In less of the peer's time than that, nothing is said by what did not come.
    for (let peerMs = 0; peerMs < windowMs / 2;) {
      const startWaitMs = this.#allOwnWaitMs();
      const bodies = this.#line.bodies;
      try {
        await this.#clock.sleep(windowMs, stopped);
      } catch {
        return undefined;
      }
      if (stopped.aborted) return undefined;
      // Not what the clock says has passed: a computer that slept meanwhile heard of nothing.
      const stepMs = Math.max(0, windowMs - (this.#allOwnWaitMs() - startWaitMs));
      peerMs += stepMs;
      ownMs += stepMs / Math.max(1, bodies, this.#line.bodies);
    }
    return ownMs;
  }

  #allOwnWaitMs(): number {
    return this.#ownWaitMs + (this.#ownWaits > 0 ? this.#clock.monotonicMs() - this.#ownWaitSinceMs : 0);
  }
}
