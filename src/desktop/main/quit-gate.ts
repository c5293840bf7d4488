/** Between the wish to quit and the end: everything is put away first, and nothing can hold the end up for ever. */

export interface QuitSteps {
  /** Puts everything away. */
  readonly end: () => Promise<void>;
  /** Asks again, with everything put away. */
  readonly quit: () => void;
  /** Ends it at once, whatever hangs: agents end by themselves when their parent is gone. */
  readonly exit: () => void;
}

/** Longer than an agent is waited for (agent-process.ts). */
const endMaxMs = 15_000;
/** A system that does not let a program go that has nothing left to do. */
const quitMaxMs = 5_000;

export class QuitGate {
  readonly #steps: QuitSteps;
  #state: 'open' | 'ending' | 'ended' = 'open';

  constructor(steps: QuitSteps) {
    this.#steps = steps;
  }

  /** Whether the app may quit now. Where not, it is asked again by itself. */
  mayQuit(): boolean {
    if (this.#state === 'open') void this.#end();
    return this.#state === 'ended';
  }

  async #end(): Promise<void> {
    this.#state = 'ending';
    const { end, quit, exit } = this.#steps;
    const timer = setTimeout(exit, endMaxMs);
    // What could not be put away is no reason to stay.
    await end().catch(() => {});
    clearTimeout(timer);
    this.#state = 'ended';
    setTimeout(exit, quitMaxMs);
    quit();
  }
}
