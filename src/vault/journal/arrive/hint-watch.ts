import { compareBytes } from '../../../base/bytes.ts';
import { Failure } from '../../../base/failure.ts';
import type { JournalDeps } from '../journal-deps.ts';

/** Random, and always so many: it says "another one than before" and nothing else, to anybody. */
const hintBytes = 64;

/** The one small object that is overwritten: tells idle devices, for one conditional request, whether to look. */
export class HintWatch {
  readonly #deps: Pick<JournalDeps, 'store' | 'random'>;
  #tag: string | undefined;
  #own: Uint8Array | undefined;

  constructor(deps: Pick<JournalDeps, 'store' | 'random'>) {
    this.#deps = deps;
  }

  /** Says that there is something new. What comes of it is nobody's loss: others list now and then anyway. */
  async raise(signal: AbortSignal): Promise<void> {
    const bytes = this.#deps.random.bytes(hintBytes);
    this.#own = bytes;
    try {
      await this.#deps.store.putHint(bytes, { signal });
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
    }
  }

  /** Whether somebody else said so since the last time. */
  async changed(signal: AbortSignal): Promise<boolean> {
    const hint = await this.#deps.store.getHint(this.#tag, { signal });
    if (hint === undefined) return false;
    this.#tag = hint.tag;
    return this.#own === undefined || compareBytes(hint.bytes, this.#own) !== 0;
  }
}
