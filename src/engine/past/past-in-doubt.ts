/**
 * A device that joins begins at a snapshot, and knows nothing of what was before. Its folder may hold files from then: they are
 * older versions of what the vault has, and no edits. Until all agreed once, the past is asked for where that may be so.
 */
import type { NodeId } from '../../model/ids.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { EngineParts } from '../engine-parts.ts';
import { isIntegrityFailure } from '../problems.ts';

const settingKey = 'agreed';

/** All agrees: what meets from now on under one name was made on two sides at once. */
export function noteAgreement({ settings }: Pick<SyncIndex, 'settings'>): void {
  if (settings.findFlag(settingKey) !== true) settings.writeFlag(settingKey, true);
}

export class PastInDoubt {
  readonly #parts: EngineParts;
  /** In this pass. */
  #isOutOfReach = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Whether what is to be known of the past is, or can't be. */
  get isKnown(): boolean {
    const { journal, index } = this.#parts;
    return this.#isOutOfReach || journal.isPastKnown || index.settings.findFlag(settingKey) === true;
  }

  /**
   * Reads the past; these are to be looked at in its light. Where the store does not have it any more they are taken for edits. Throws
   * where the store is away.
   */
  async bring(nodes: readonly NodeId[], signal: AbortSignal): Promise<void> {
    const { index } = this.#parts;
    try {
      await this.#parts.bringPast(signal);
    } catch (error) {
      if (!isIntegrityFailure(error)) throw error;
      this.#isOutOfReach = true;
      return;
    }
    index.transaction(() => {
      // In the terms of which epoch they are to be read is known only now.
      for (const id of nodes) {
        const row = index.local.find(id);
        if (row?.state.kind === 'file') index.local.write({ ...row, state: { ...row.state, content: undefined } });
      }
    });
  }
}
