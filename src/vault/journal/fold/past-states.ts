/** What an entry ended, for the history of the nodes. */
import { versionOf } from '../../../model/ids.ts';
import type { PastState } from '../../../model/journal-book.ts';
import type { NamedBody } from '../arrive/arrived-entry.ts';
import { nodesBefore, type EntryTrace } from './fold-state.ts';

/** The states that the fold of this entry ended; none for what it made, or where it was void. */
export function pastStates({ name, body }: NamedBody, trace: EntryTrace): PastState[] {
  if (typeof trace === 'string') return [];
  const states: PastState[] = [];
  let first = 0;
  for (const [at, group] of body.groups.entries()) {
    const images = trace[at];
    const before = images === undefined || typeof images === 'string' ? undefined : nodesBefore(images);
    for (const [index, change] of group.entries()) {
      if (change.do !== 'put' && change.do !== 'move' && change.do !== 'remove') continue;
      const node = before?.(change.node);
      if (node !== undefined) states.push({ node, by: versionOf(name, first + index), isRemoved: change.do === 'remove' });
    }
    first += group.length;
  }
  return states;
}
