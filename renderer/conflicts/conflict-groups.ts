/** Conflicts by the folder that they are in, and which of them are chosen. */
import type { ToldConflict } from '../../src/control/acts/trouble-acts.ts';
import { folderOf } from '../parts/shown-text.ts';

export interface ConflictGroup {
  readonly key: string;
  /** '' is the synced folder itself. */
  readonly folder: string;
  readonly conflicts: readonly ToldConflict[];
}

export type ConflictEntry =
  | { readonly is: 'folder'; readonly group: ConflictGroup }
  | { readonly is: 'conflict'; readonly conflict: ToldConflict };

const collator = new Intl.Collator('en', { numeric: true });

/** By folder; in each, as they came. An id of a conflict is no path, so that the keys of both never meet. */
export function groupByFolder(conflicts: readonly ToldConflict[]): readonly ConflictGroup[] {
  const byFolder = Map.groupBy(conflicts, ({ path }) => folderOf(path));
  return [...byFolder]
    .map(([folder, within]) => ({ key: `/${folder}`, folder, conflicts: within }))
    .toSorted((one, other) => collator.compare(one.folder, other.folder));
}

/** The line of a conflict is the same object for as long as the conflict is: a list draws anew only what is new to it. */
const lines = new WeakMap<ToldConflict, ConflictEntry>();

export function toEntries(groups: readonly ConflictGroup[]): readonly ConflictEntry[] {
  return groups.flatMap((group) => [{ is: 'folder' as const, group }, ...group.conflicts.map(lineOf)]);
}

function lineOf(conflict: ToldConflict): ConflictEntry {
  const line = lines.get(conflict) ?? { is: 'conflict', conflict };
  lines.set(conflict, line);
  return line;
}

/**
 * What is chosen after a press or key made `after` of `before`: a folder's line stands for all that is in it. Taking it in takes
 * in all, letting it go lets all go, and it is chosen exactly while all of it is. The line above a single conflict can't be
 * chosen: letting it go would look the same as pressing the conflict alone.
 */
export function settleChoice(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  groups: readonly ConflictGroup[],
): ReadonlySet<string> {
  const chosen = new Set(after);
  const come = [...after].filter((key) => !before.has(key));
  const gone = [...before].filter((key) => !after.has(key));
  for (const { key, conflicts } of groups) {
    // A range that passes a folder's line doesn't mean the folder.
    if (after.has(key) && (after.size === 1 || (come.length === 1 && come[0] === key))) for (const { id } of conflicts) chosen.add(id);
    else if (gone.length === 1 && gone[0] === key) for (const { id } of conflicts) chosen.delete(id);
    if (conflicts.length > 1 && conflicts.every(({ id }) => chosen.has(id))) chosen.add(key);
    else chosen.delete(key);
  }
  return chosen;
}

/** What is chosen next to what was decided, so that a person can go on: the first that is left after it, else the last before. */
export function nextAfter(entries: readonly ConflictEntry[], decided: ReadonlySet<string>): string | undefined {
  const ids = entries.flatMap((entry) => (entry.is === 'conflict' ? [entry.conflict.id] : []));
  const last = ids.findLastIndex((id) => decided.has(id));
  return ids.slice(last + 1).find((id) => !decided.has(id)) ?? ids.slice(0, Math.max(0, last)).findLast((id) => !decided.has(id));
}
