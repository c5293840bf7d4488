import type { Clock } from '../../base/clock.ts';

/** How fast it goes, and how long it will take. */
export interface Speed {
  readonly bytesDone: number;
  readonly bytesPerSecond: number;
  /** null while nobody can tell. */
  readonly secondsLeft: number | null;
}

/** Long enough for a pack to go through, short enough that a pause shows. */
const spanMs = 8_000;
/** Two looks closer together say nothing about speed. */
const gapMs = 200;

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** Speed over the last seconds, from what went through the store whenever somebody looked. */
export class SpeedMeter {
  readonly #clock: Clock;
  #samples: Sample[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `bytesDone`: since it began to work; less than before where it began anew. */
  measure(bytesDone: number, bytesLeft: number): Speed {
    const now: Sample = { atMs: this.#clock.monotonicMs(), bytes: bytesDone };
    const last = this.#samples.at(-1);
    if (last !== undefined && now.bytes < last.bytes) this.#samples = [];
    if (this.#samples.length === 0 || last === undefined || now.atMs - last.atMs >= gapMs) this.#samples.push(now);
    while (this.#samples.length > 1 && now.atMs - (this.#samples[1]?.atMs ?? 0) >= spanMs) this.#samples.shift();
    const first = this.#samples[0] ?? now;
    const seconds = (now.atMs - first.atMs) / 1000;
    const bytesPerSecond = seconds * 1000 < gapMs ? 0 : Math.round((now.bytes - first.bytes) / seconds);
    const secondsLeft = bytesPerSecond === 0 ? null : Math.ceil(bytesLeft / bytesPerSecond);
    return { bytesDone: now.bytes, bytesPerSecond, secondsLeft };
  }
}
