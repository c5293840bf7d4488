/**
 * Who goes next. Every call of an engine to its disk, its store or its clock asks for a turn; where several engines work
 * at once, nothing goes on until it is chosen, so that the seed alone decides how they are interleaved.
 */
import type { VirtualClock } from '../world/virtual-clock.ts';
import type { SeededChoice } from '../world/seeded-choice.ts';

/** How the next one is chosen. */
export type Policy =
  /** Anyone, each time. */
  | 'any'
  /** The same one for a while. */
  | 'bursts'
  /** By a rank that changes a few times: finds what needs a certain few orders (PCT). */
  | 'ranks';

interface Waiting {
  readonly who: string;
  readonly dueMs: number;
  readonly go: () => void;
  readonly stop: (reason: Error) => void;
}

const turnsMax = 400_000;
const idleMax = 20;
const rankChange = 0.01;

export interface Turns {
  /** Resolves when it is this one's turn, not before that time. */
  take(who: string, dueMs?: number): Promise<void>;
  /** All that this one waits for is rejected. */
  drop(who: string, reason: Error): void;
}

/** Everyone at once, time included: for one engine at a time. */
export class NoTurns implements Turns {
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  take(_who: string, dueMs = 0): Promise<void> {
    const nowMs = this.#clock.nowMs();
    if (dueMs > nowMs) this.#clock.advance(dueMs - nowMs);
    return Promise.resolve();
  }

  drop(): void {
    // Nobody waits.
  }
}

/** One turn at a time, chosen by chance. */
export class SeededTurns implements Turns {
  readonly #clock: VirtualClock;
  readonly #choice: SeededChoice;
  readonly #policy: Policy;
  #waiting: Waiting[] = [];
  #last = '';
  #ranks = new Map<string, number>();

  constructor(clock: VirtualClock, choice: SeededChoice, policy: Policy) {
    this.#clock = clock;
    this.#choice = choice;
    this.#policy = policy;
  }

  take(who: string, dueMs = 0): Promise<void> {
    return new Promise((go, stop) => {
      this.#waiting.push({ who, dueMs, go, stop });
    });
  }

  drop(who: string, reason: Error): void {
    const dropped = this.#waiting.filter((waiting) => waiting.who === who);
    this.#waiting = this.#waiting.filter((waiting) => waiting.who !== who);
    for (const { stop } of dropped) stop(reason);
  }

  /** Gives turns until all of these have ended. */
  async run(tasks: readonly Promise<unknown>[]): Promise<void> {
    let open = tasks.length;
    const closed = (): void => {
      open -= 1;
    };
    for (const task of tasks) task.then(closed, closed);
    let idle = 0;
    for (let count = 0; count < turnsMax; count += 1) {
      await quiet();
      if (open === 0) return;
      // One that was killed takes a moment to be gone.
      idle = this.#waiting.length === 0 ? idle + 1 : 0;
      if (idle > idleMax) throw new Error('everybody waits for something that is no port');
      if (idle === 0) this.#next().go();
    }
    throw new Error('they do not come to an end');
  }

  #next(): Waiting {
    const nowMs = this.#clock.nowMs();
    let ready = this.#waiting.filter(({ dueMs }) => dueMs <= nowMs);
    if (ready.length === 0) {
      const soonest = Math.min(...this.#waiting.map(({ dueMs }) => dueMs));
      this.#clock.advance(soonest - nowMs);
      ready = this.#waiting.filter(({ dueMs }) => dueMs <= soonest);
    }
    const chosen = this.#choice.of(this.#preferred(ready)) ?? ready[0];
    if (chosen === undefined) throw new Error('nobody is ready');
    this.#waiting.splice(this.#waiting.indexOf(chosen), 1);
    this.#last = chosen.who;
    return chosen;
  }

  #preferred(ready: readonly Waiting[]): readonly Waiting[] {
    if (this.#policy === 'any') return ready;
    if (this.#policy === 'bursts') {
      const same = ready.filter(({ who }) => who === this.#last);
      return same.length > 0 && this.#choice.below(20) > 0 ? same : ready;
    }
    if (this.#choice.fraction() < rankChange) this.#ranks = new Map();
    const best = ready.reduce((first, second) => (this.#rankOf(second.who) > this.#rankOf(first.who) ? second : first));
    return ready.filter(({ who }) => who === best.who);
  }

  #rankOf(who: string): number {
    const known = this.#ranks.get(who);
    if (known !== undefined) return known;
    const rank = this.#choice.fraction();
    this.#ranks.set(who, rank);
    return rank;
  }
}

/** Resolves when everything that can go on without a turn has gone on. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
