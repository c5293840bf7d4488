import { openJournalBook } from '../../index/journal-book.ts';
import type { SyncIndex } from '../../index/sync-index.ts';

/** Another text for another tree: it is a function of the entries that were folded. */
export function treeState(index: SyncIndex): string {
  return JSON.stringify([...openJournalBook(index).heads()].map(([device, { counter, hash }]) => [device, counter, hash]));
}
