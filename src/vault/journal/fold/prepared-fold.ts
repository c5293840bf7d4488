/**
 * What folding an entry would do, found out before it was written. Once it is written, that is done without working it out
 * again: validating and summing up thousands of changes takes as long as all the rest of committing them.
 */
import type { StateSum } from '../../../crypto/state-root.ts';
import type { EntryBody } from '../../../model/change.ts';
import type { EntryName } from '../../../model/ids.ts';
import type { JournalBook } from '../../../model/journal-book.ts';
import { applyEntry } from './apply-entry.ts';
import { OverlayRecords, OverlayTree } from './fold-overlay.ts';
import type { EntryTrace, FoldState } from './fold-state.ts';

export class PreparedFold {
  readonly #tree: OverlayTree;
  readonly #records: OverlayRecords;
  readonly #upon: StateSum;
  readonly #isWholeInSum: boolean;
  /** Of the state with the entry. */
  readonly sum: StateSum;
  readonly trace: EntryTrace;

  /** Folds the entry upon what the book holds now, without a trace there. `sum`: the book's. */
  constructor(book: JournalBook, sum: StateSum, { name, body }: { readonly name: EntryName; readonly body: EntryBody }) {
    this.#tree = new OverlayTree(book.tree);
    this.#records = new OverlayRecords(book);
    this.#upon = sum.copy();
    this.sum = sum.copy();
    this.trace = applyEntry({ tree: this.#tree, records: this.#records, sum: this.sum }, { name, groups: body.groups });
    // Retention and pack plans are no part of the sum: what they were may have changed without a sign.
    this.#isWholeInSum = body.groups.every((group) => group.every((change) => change.do !== 'retention' && change.do !== 'pack-plan'));
  }

  /** Does it; the trace. undefined, and nothing done, where the state is another one by now: equal sums are equal states. */
  take(state: FoldState & { readonly sum: StateSum }): EntryTrace | undefined {
    if (!this.#isWholeInSum || !state.sum.equals(this.#upon)) return undefined;
    this.#tree.replay(state.tree);
    this.#records.replay(state.records);
    state.sum.become(this.sum);
    return this.trace;
  }
}
