import type { PastReader } from '../model/past.ts';
import type { SyncIndex } from './sync-index.ts';

/** What this index knows of what the tree was. */
export function readPast({ remote, pastStates }: Pick<SyncIndex, 'remote' | 'pastStates'>): PastReader {
  return {
    current: remote,
    findEntry: (name) => pastStates.findEntry(name),
    entriesAfter: (after, limit) => pastStates.entriesAfter(after, limit),
    findEnded: (by) => pastStates.findEnded(by),
    statesOf: (node, after, limit) => pastStates.statesOf(node, after, limit),
    statesAt: (parent, name, after, limit) => pastStates.statesAt(parent, name, after, limit),
    statesIn: (parent, after, limit) => pastStates.statesIn(parent, after, limit),
    removed: (after, limit) => pastStates.removed(after, limit),
  };
}
