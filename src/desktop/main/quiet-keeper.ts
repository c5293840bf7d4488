/** Lets the agent rest when the person's preferences say so, and go on afterwards; never against what the person said. */
import type { Overview } from '../../control/acts/overview-acts.ts';
import type { Preferences } from '../../control/acts/shell-acts.ts';
import { quietReason, quietStep, type Surroundings } from './quiet-reason.ts';

export interface QuietParts {
  readonly preferences: () => Preferences;
  readonly overview: () => Overview | undefined;
  readonly probe: () => Promise<Surroundings>;
  readonly pause: () => Promise<unknown>;
  readonly resume: () => Promise<unknown>;
  /** Whether the agent rests because of this: also after a restart, or it would rest for ever. */
  readonly memory: { read(): { readonly hasPaused: boolean } | undefined; write(content: { readonly hasPaused: boolean }): void };
}

type LinkedState = Extract<Overview, { is: 'linked' }>['state'];

/** A look at everything is made in a pause as well; and a store is away, or refused, before the agent looks at the pause. */
const mayBePaused: ReadonlySet<LinkedState> = new Set(['paused', 'syncing', 'offline', 'refused']);
const lookEveryMs = 30_000;
/** An overview is that much behind what was asked, at most. */
const overviewLagMs = 5_000;

export class QuietKeeper {
  readonly #parts: QuietParts;
  readonly #timer: NodeJS.Timeout;
  #hasPaused: boolean;
  /** Somebody wanted it to go on in spite of the reason that there is: it holds until that has passed. */
  #isOverruled = false;
  /** How often a person said something. */
  #words = 0;
  #pausedMs = Number.NEGATIVE_INFINITY;

  constructor(parts: QuietParts) {
    this.#parts = parts;
    this.#hasPaused = parts.memory.read()?.hasPaused === true;
    this.#timer = setInterval(() => void this.look(), lookEveryMs);
  }

  /** A person said what is to be. */
  heedPerson(word: 'pause' | 'resume'): void {
    this.#words += 1;
    this.#isOverruled = word === 'resume';
    this.#remember(false);
  }

  async look(): Promise<void> {
    const { preferences, probe, pause, resume } = this.#parts;
    const { schedule, pausesOnMetered, pausesOnLowBattery } = preferences();
    const isAsked = schedule !== null || pausesOnMetered || pausesOnLowBattery;
    if (!isAsked && !this.#hasPaused) return;
    const words = this.#words;
    const reason = quietReason(preferences(), await probe());
    const now = this.#parts.overview();
    // Somebody said something meanwhile: that counts.
    if (now?.is !== 'linked' || words !== this.#words) return;
    this.#mindOthers(now.state);
    if (reason === undefined) this.#isOverruled = false;
    const step = quietStep(reason, { isPaused: now.state === 'paused', hasPaused: this.#hasPaused });
    const heard = this.#words;
    if (step === undefined || (step === 'pause' && this.#isOverruled)) return;
    try {
      await (step === 'pause' ? pause() : resume());
      if (heard === this.#words) this.#remember(step === 'pause');
    } catch {
      // The agent is away: the next look says it again.
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** It goes on by another's word, of a command line: that counts as much. */
  #mindOthers(state: LinkedState): void {
    if (!this.#hasPaused || mayBePaused.has(state)) return;
    if (performance.now() - this.#pausedMs > overviewLagMs) this.heedPerson('resume');
  }

  #remember(hasPaused: boolean): void {
    if (hasPaused) this.#pausedMs = performance.now();
    if (hasPaused === this.#hasPaused) return;
    this.#hasPaused = hasPaused;
    this.#parts.memory.write({ hasPaused });
  }
}
