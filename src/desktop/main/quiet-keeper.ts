/** Lets the agent rest when the person's preferences say so, and go on afterwards; never against a pause of the person's own. */
import type { Overview } from '../../control/acts/overview-acts.ts';
import type { Preferences } from '../../control/acts/shell-acts.ts';
import { probeSystem } from './probe-system.ts';
import { quietReason, quietStep } from './quiet-reason.ts';

export interface QuietParts {
  readonly preferences: () => Preferences;
  readonly overview: () => Overview | undefined;
  readonly pause: () => Promise<unknown>;
  readonly resume: () => Promise<unknown>;
}

const lookEveryMs = 30_000;

export class QuietKeeper {
  readonly #parts: QuietParts;
  readonly #timer: NodeJS.Timeout;
  #hasPaused = false;

  constructor(parts: QuietParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.look(), lookEveryMs);
  }

  /** A person said what is to be. */
  heedPerson(): void {
    this.#hasPaused = false;
  }

  async look(): Promise<void> {
    const { preferences, overview, pause, resume } = this.#parts;
    const { schedule, pausesOnMetered, pausesOnLowBattery } = preferences();
    const isAsked = schedule !== null || pausesOnMetered || pausesOnLowBattery;
    const now = overview();
    if (now?.is !== 'linked' || (!isAsked && !this.#hasPaused)) return;
    const reason = quietReason(preferences(), await probeSystem(Date.now()));
    const step = quietStep(reason, { isPaused: now.state === 'paused', hasPaused: this.#hasPaused });
    try {
      if (step === 'pause') await pause();
      if (step === 'resume') await resume();
      if (step !== undefined) this.#hasPaused = step === 'pause';
    } catch {
      // The agent is away: the next look says it again.
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
