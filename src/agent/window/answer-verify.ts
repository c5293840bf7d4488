/** Holding the store against the signed journal, for a window that may be closed meanwhile. */
import { Failure } from '../../base/failure.ts';
import { toldDamageMax, type verifyActs, type VerifyState } from '../../control/acts/verify-acts.ts';
import type { WindowAnswers } from '../../control/answer-act.ts';
import { countPacks } from '../../index/list-packs.ts';
import type { Kept } from '../keep-session.ts';
import { repairVault } from '../verify/repair-vault.ts';
import { verifyVault, type VerifyReport } from '../verify/verify-vault.ts';
import type { WindowDesk } from './window-desk.ts';

interface VerifyWish {
  readonly readsData: boolean;
  readonly repairs: boolean;
}

export function verifyAnswers(desk: WindowDesk): Pick<WindowAnswers, keyof typeof verifyActs> {
  const verifying = new Verifying(desk);
  return {
    'begin-verify': async (wish) => {
      await verifying.begin(wish);
      return {};
    },
    'read-verify': () => verifying.state,
    'stop-verify': () => {
      verifying.stop();
      return {};
    },
  };
}

/** The one that runs, or what came of the last one. */
class Verifying {
  readonly #desk: WindowDesk;
  #state: VerifyState = { is: 'none' };
  #stopping = new AbortController();

  constructor(desk: WindowDesk) {
    this.#desk = desk;
  }

  get state(): VerifyState {
    return this.#state;
  }

  /** Throws E_BUSY, and why there is no session. */
  async begin(wish: VerifyWish): Promise<void> {
    const kept = await this.#desk.whenKept();
    if (this.#state.is === 'running')
      throw new Failure('E_BUSY', 'the vault is being verified already', { action: 'wait for its end, or stop it' });
    this.#stopping = new AbortController();
    this.#become({ is: 'running', ...wish, packs: 0, of: countPacks(kept.session.index) });
    void this.#run(kept, wish, this.#stopping.signal);
  }

  stop(): void {
    this.#stopping.abort(new Error('asked to stop'));
  }

  async #run({ session, loop }: Kept, wish: VerifyWish, stopped: AbortSignal): Promise<void> {
    const { readsData, repairs } = wish;
    const hear = (packs: number): void => {
      // A repair looks at everything twice.
      if (this.#state.is === 'running') this.#become({ ...this.#state, packs });
    };
    const nowText = (): string => new Date(this.#desk.host.clock.nowMs()).toISOString();
    try {
      const verify = repairs ? repairVault : verifyVault;
      const report = await loop.perform((signal) => verify(session, { readsData, hear }, AbortSignal.any([signal, stopped])), 'late');
      this.#become({ is: 'done', at: nowText(), ...wish, ...toldReport(report) });
    } catch (error) {
      this.#become(stopped.aborted ? { is: 'none' } : { is: 'failed', at: nowText(), why: toldWhy(error) });
    }
  }

  #become(state: VerifyState): void {
    this.#state = state;
    this.#desk.tell('verify');
  }
}

function toldReport({
  entries,
  packs,
  damaged,
  files,
}: VerifyReport): Omit<Extract<VerifyState, { is: 'done' }>, 'is' | 'at' | keyof VerifyWish> {
  return { entries, packs, damaged: damaged.length, files: files.length, firstFiles: files.slice(0, toldDamageMax) };
}

function toldWhy(error: unknown): Extract<VerifyState, { is: 'failed' }>['why'] {
  const { code, message, action } =
    error instanceof Failure ? error : new Failure('E_FAILED', 'the vault could not be verified', { cause: error });
  return { code, message, action };
}
