import { openJournalBook } from '../index/journal-book.ts';
import type { SyncIndex } from '../index/sync-index.ts';
import type { NodeId } from '../model/ids.ts';
import type { ConflictRecord } from '../vault/entry/node-record.ts';
import { conflictFromText } from '../vault/journal/fold/fold-state.ts';

/** The conflicts that a person has yet to decide: both versions stand. Where one of the two files was deleted or replaced, that was the decision. */
export function openConflicts(index: SyncIndex): ConflictRecord[] {
  const conflicts = [...openJournalBook(index).records('conflict').values()].map(conflictFromText);
  return conflicts.filter(
    ({ copy, of, settled }) => settled === undefined && index.remote.find(copy) !== undefined && index.remote.find(of) !== undefined,
  );
}

/** What takes part in one of them. */
export function conflicted(index: SyncIndex): ReadonlySet<NodeId> {
  return new Set(openConflicts(index).flatMap(({ copy, of }) => [copy, of]));
}
