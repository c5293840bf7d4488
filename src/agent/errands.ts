import type { Moment } from '../engine/meanwhile.ts';

/** Something that a person asked for, beside what is synced anyway. In the middle of a pass, `moment` is what that offers. */
export type Act<Result> = (signal: AbortSignal, moment?: Moment) => Promise<Result>;

/** Thrown by an act before it has done anything: it waits for a moment between two passes. */
export class NotNow extends Error {}

/** When something is done. */
export interface When {
  readonly signal: AbortSignal;
  /** In the middle of a pass. */
  readonly moment?: Moment | undefined;
}

interface Errand {
  readonly run: Act<void>;
  readonly reject: (error: unknown) => void;
}

/** What doing errands came to. */
interface ErrandsReport {
  readonly isAnyDone: boolean;
  readonly isAnyFailed: boolean;
}

/** What persons asked for, until there is a moment for it. */
export class Errands {
  /** For between two passes. */
  readonly #late: Errand[] = [];
  /** Also for between two batches of a pass: it may take hours. */
  readonly #soon: Errand[] = [];
  #isBusy = false;

  /** Whether something is being done. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  add<Result>(act: Act<Result>, when: 'soon' | 'late'): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const run: Act<void> = async (signal, moment) => resolve(await act(signal, moment));
    (when === 'soon' ? this.#soon : this.#late).push({ run, reject });
    return promise;
  }

  /**
   * Does what waits: all of it, or, in the middle of a pass, what may be done there, up to one that fails: the pass may have to end with it.
   * Throws only the signal's reason.
   */
  async run(signal: AbortSignal, moment?: Moment): Promise<ErrandsReport> {
    this.#isBusy = true;
    try {
      return await this.#run(signal, moment);
    } finally {
      this.#isBusy = false;
    }
  }

  async #run(signal: AbortSignal, moment: Moment | undefined): Promise<ErrandsReport> {
    let [isAnyDone, isAnyFailed] = [false, false];
    for (let errand = this.#next(moment); errand !== undefined; errand = this.#next(moment)) {
      isAnyDone = true;
      try {
        await errand.run(signal, moment);
      } catch (error) {
        if (moment !== undefined && error instanceof NotNow) {
          this.#late.push(errand);
          continue;
        }
        errand.reject(error);
        signal.throwIfAborted();
        isAnyFailed = true;
        if (moment !== undefined) break;
      }
      // What was not begun by then is begun at another moment, if there is one.
      signal.throwIfAborted();
    }
    return { isAnyDone, isAnyFailed };
  }

  /** Nothing is done any more. */
  end(why: Error): void {
    for (const { reject } of [...this.#soon.splice(0), ...this.#late.splice(0)]) reject(why);
  }

  #next(moment: Moment | undefined): Errand | undefined {
    return this.#soon.shift() ?? (moment === undefined ? this.#late.shift() : undefined);
  }
}
