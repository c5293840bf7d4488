import type { Session } from '../open-session.ts';
import { writeWaiting } from '../profile/waiting-note.ts';

/** Changed paths that are yet to be looked at. The index knows of them before anybody can take the folder for synced. */
export class WaitingPaths {
  readonly #session: Pick<Session, 'index' | 'log'>;
  #count = 0;
  /** The same, as the index was told. */
  #noted: number | undefined;

  constructor(session: Pick<Session, 'index' | 'log'>) {
    this.#session = session;
  }

  get count(): number {
    return this.#count;
  }

  note(paths: number): void {
    this.#count = paths;
    if (paths === this.#noted) return;
    try {
      writeWaiting(this.#session.index, paths);
      this.#noted = paths;
    } catch (error) {
      // Another process writes for long: told the next time. What is wrong with the index ends a pass, not a watch.
      this.#session.log.failure('what waits not noted', error);
    }
  }
}
