/** A whole entry upon the vault's state, and back (FORMAT.md, section 6.4). */
import type { ChangeGroup } from '../../../model/change.ts';
import { versionOf, type EntryName } from '../../../model/ids.ts';
import { applyGroup } from './apply-group.ts';
import { restoreImages, type EntryTrace, type FoldState, type GroupImages } from './fold-state.ts';
import type { DepthCache } from '../place-check.ts';
import type { VoidReason } from './void-reason.ts';

/** An entry as far as the fold cares. */
export interface FoldedEntry {
  readonly name: EntryName;
  readonly groups: readonly ChangeGroup[];
}

/** Applies group after group; a void one does not stop the next. The trace takes it back. */
export function applyEntry(state: FoldState, { name, groups }: FoldedEntry): readonly (VoidReason | GroupImages)[] {
  const depths: DepthCache = new Map();
  let first = 0;
  return groups.map((group) => {
    const start = first;
    first += group.length;
    return applyGroup(state, { group, versionAt: (index) => versionOf(name, start + index) }, depths);
  });
}

/** Takes an entry back whose trace this is. Everything folded after it must have been taken back before. */
export function undoEntry(state: FoldState, trace: EntryTrace): void {
  if (typeof trace === 'string') return;
  for (const group of trace.toReversed()) if (typeof group !== 'string') restoreImages(state, group);
}
