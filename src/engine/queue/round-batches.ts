import type { DirtyNode } from '../../index/nodes/dirty-set.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { NodeId } from '../../model/ids.ts';
import type { EngineParts } from '../engine-parts.ts';
import { cutBatch } from './cut-batch.ts';
import { inPackOrder, isMuchToBring } from './in-pack-order.ts';

/** A part of the queue that is gone through. */
interface Stretch {
  /** 'others': without files that are in the vault alone. */
  readonly take: 'all' | 'others';
  /** Places in the queue, the first one excluded. */
  readonly after: number;
  readonly until: number;
}

/** The batches in which dirty nodes are settled, in their order. */
export class RoundBatches {
  readonly #parts: EngineParts;
  readonly #signal: AbortSignal;
  /** What comes behind the nodes that are being settled, where that is known. */
  #behind: Stretch | undefined;

  constructor(parts: EngineParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** All that are dirty now, once. */
  async *all(): AsyncGenerator<readonly NodeId[], void> {
    const { dirty } = this.#parts.index;
    if (dirty.count() === 0) return;
    const isMuch = isMuchToBring(this.#parts);
    yield* this.#through({ take: isMuch ? 'others' : 'all', after: 0, until: dirty.lastSeq() });
    // What is here was looked at by then: what it is the same as need not be brought.
    if (isMuch) yield* inPackOrder(this.#parts, this.#signal);
  }

  /** What has entered the queue behind that place, but for files that are in the vault alone. */
  enteredAfter(after: number): Iterable<readonly NodeId[]> {
    return this.#through({ take: 'others', after, until: this.#parts.index.dirty.lastSeq() });
  }

  /** What comes behind the batch given last, where that is known already; nothing is taken by it. */
  next(): readonly NodeId[] {
    return this.#behind === undefined ? [] : this.#batch(this.#behind).map(({ id }) => id);
  }

  *#through(stretch: Stretch): Generator<readonly NodeId[], void> {
    let behind = stretch;
    for (;;) {
      const batch = this.#batch(behind);
      const last = batch.at(-1);
      if (last === undefined) break;
      behind = { ...behind, after: last.seq };
      this.#behind = behind;
      yield batch.map(({ id }) => id);
    }
    this.#behind = undefined;
  }

  /** The first of them. In one transaction: what is asked outside of one locks the file each time. */
  #batch({ take, after, until }: Stretch): readonly DirtyNode[] {
    const { index, portions } = this.#parts;
    return index.transaction(() => {
      const taken = take === 'all' ? index.dirty.take(portions.nodes, after) : index.dirty.takeOthers(portions.nodes, after);
      const batch = taken.filter(({ seq }) => seq <= until);
      return batch.slice(0, cutBatch(unreadSizes(index, batch), portions.batchBytes));
    });
  }
}

/** Bytes of each that have yet to be read, and mostly to be stored. */
function* unreadSizes({ local }: SyncIndex, batch: readonly DirtyNode[]): Generator<number> {
  for (const { id } of batch) {
    const { state } = local.find(id) ?? {};
    yield state?.kind === 'file' && state.content === undefined ? state.sizeBytes : 0;
  }
}
