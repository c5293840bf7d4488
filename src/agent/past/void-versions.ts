import { openJournalBook } from '../../index/journal-book.ts';
import { readPast } from '../../index/past-reader.ts';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { DeviceId } from '../../model/ids.ts';
import { momentOf } from '../../planner/moment.ts';
import { pathAt } from '../../planner/past-tree.ts';
import type { NodeVersion } from '../../planner/past-versions.ts';
import { findVoidPuts } from '../../vault/journal/fold/void-puts.ts';

/**
 * Contents that never came into the tree, as their entries lost a race, and whose authors have not been heard of since:
 * newest first, each where it would stand.
 */
export function findVoidVersions(index: SyncIndex, own: DeviceId): NodeVersion[] {
  const past = readPast(index);
  return findVoidPuts(openJournalBook(index), own, () => Infinity)
    .map(({ version, change: { node, state } }): NodeVersion => {
      const path = pathAt(past, state, momentOf(past, version, 'after')) ?? state.name;
      return { id: node, version, state, path, isDeleted: false };
    })
    .toSorted((a, b) => (a.version < b.version ? 1 : -1));
}
