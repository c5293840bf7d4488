import type { SyncIndex } from '../../index/sync-index.ts';
import type { PastEntry } from '../../model/past.ts';
import type { PastState } from '../../model/journal-book.ts';

const pageSize = 1000;

/** Takes over what entries up to this Lamport number ended, and who wrote them, from an index that has folded them all. */
export function copyPast(from: SyncIndex, to: SyncIndex, upTo: number): void {
  to.pastStates.eraseUpTo(upTo);
  let states = from.pastStates.upTo(upTo, undefined, pageSize);
  for (let last: PastState | undefined = states.at(-1); last !== undefined; last = states.at(-1)) {
    to.pastStates.add(states);
    states = from.pastStates.upTo(upTo, last, pageSize);
  }
  let entries = from.pastStates.entriesAfter(undefined, pageSize);
  for (let last: PastEntry | undefined = entries.at(-1); last !== undefined; last = entries.at(-1)) {
    for (const entry of entries) if (to.pastStates.findEntry(entry.name) === undefined) to.pastStates.addEntry(entry);
    entries = from.pastStates.entriesAfter(last, pageSize);
  }
}
