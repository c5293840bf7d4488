import { SyncIndex } from '../../index/sync-index.ts';
import { weighFolders, type Amount } from '../../index/nodes/vault-folders.ts';
import type { NodeId } from '../../model/ids.ts';
import type { AgentHost } from '../agent-host.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';

export type FolderWeights = ReadonlyMap<NodeId, Amount>;

/** What took less is done again at every change of the tree. */
const cheapMs = 50;
/** For a large tree that changes all the time: it is weighed a small part of the time, and what is told is a little old. */
const restFactor = 20;

/** What is in each folder of the vault: weighed once for each state of the tree, in slices, while the agent goes on working. */
export class FolderScales {
  readonly #host: AgentHost;
  /** State of the tree that was weighed. */
  #weighed: { readonly state: string; readonly restUntilMs: number; readonly weights: Promise<FolderWeights> } | undefined;

  constructor(host: AgentHost) {
    this.#host = host;
  }

  /** `state`: another text for another tree. */
  weights(state: string): Promise<FolderWeights> {
    const known = this.#weighed;
    if (known !== undefined && (known.state === state || this.#host.clock.monotonicMs() < known.restUntilMs)) return known.weights;
    const weights = this.#weigh(state);
    this.#weighed = { state, restUntilMs: 0, weights };
    weights.catch(() => {
      this.#weighed = undefined;
    });
    return weights;
  }

  async #weigh(state: string): Promise<FolderWeights> {
    const { clock, profileDir, signal } = this.#host;
    const beganMs = clock.monotonicMs();
    const index = SyncIndex.open(new ProfileFolder(profileDir).file('index'), { readonly: true });
    try {
      const weighing = weighFolders(index.database);
      for (;;) {
        const step = weighing.next();
        if (step.done === true) {
          const tookMs = clock.monotonicMs() - beganMs;
          const restUntilMs = tookMs > cheapMs ? clock.monotonicMs() + tookMs * restFactor : 0;
          this.#weighed = { state, restUntilMs, weights: Promise.resolve(step.value) };
          return step.value;
        }
        await clock.sleep(0, signal);
      }
    } finally {
      index.close();
    }
  }
}
