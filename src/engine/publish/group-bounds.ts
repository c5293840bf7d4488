/** What goes into one group of changes, which holds as a whole and must fit into one entry. */
import type { ChangeGroup } from '../../model/change.ts';
import { limits } from '../../model/limits.ts';
import { groupSizeBound } from '../../vault/entry/body-size.ts';

/** What one group may hold; an entry holds a little more. */
export interface GroupBounds {
  readonly changes: number;
  readonly bytes: number;
}

export const groupBounds: GroupBounds = { changes: limits.entryMaxChanges, bytes: 6 * 1024 * 1024 };

export function fits(group: ChangeGroup, { changes, bytes }: GroupBounds): boolean {
  return group.length <= changes && groupSizeBound(group) <= bytes;
}
