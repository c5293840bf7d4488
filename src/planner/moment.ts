/** Moments in the journal's order, and which of them a time is. Pure. */
import { findEntryNameParts, parseVersion, type Version } from '../model/ids.ts';
import type { FoldPosition } from '../model/journal-book.ts';
import type { PastReader } from '../model/past.ts';

/** Just before, or just after, all that an entry did. */
export interface Moment extends FoldPosition {
  readonly side: 'before' | 'after';
}

const pageEntries = 1000;

/** Place of the entry that a version's change is in. */
export function placeOf(past: PastReader, version: Version): FoldPosition {
  const { entry } = parseVersion(version);
  return past.findEntry(entry) ?? ({ lamport: findEntryNameParts(entry)?.lamport ?? 0, hash: '' } as FoldPosition);
}

/** Which of two changes' entries stands first: negative, 0 (the same entry), positive. */
export function compareVersions(past: PastReader, a: Version, b: Version): number {
  // Fixed width: their texts are in the order of their Lamport numbers, and mostly those differ.
  if (a.slice(0, 12) !== b.slice(0, 12)) return a < b ? -1 : 1;
  const [left, right] = [placeOf(past, a).hash, placeOf(past, b).hash];
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Whether the change had been made by then. */
export function isMade(past: PastReader, version: Version, { lamport, hash, side }: Moment): boolean {
  const own = findEntryNameParts(parseVersion(version).entry)?.lamport ?? 0;
  if (own !== lamport) return own < lamport;
  const place = placeOf(past, version);
  return place.hash === hash ? side === 'after' : place.hash < hash;
}

/** Just before or after the entry with this change. */
export function momentOf(past: PastReader, version: Version, side: Moment['side']): Moment {
  const { lamport, hash } = placeOf(past, version);
  return { lamport, hash, side };
}

/**
 * The moment that a time is, milliseconds since 1970; undefined: before everything. Entries carry the clocks of their
 * authors, of which some may be wrong, and stand in another order. So it is the place in the journal that contradicts the
 * fewest of them: entries before it that say they are later, and entries behind it that say they are not. Of several such
 * places the first. One look at each entry known.
 */
export function findMoment(past: PastReader, timeMs: number): Moment | undefined {
  // Moving the place behind an entry takes one contradiction away, or adds one.
  let score = 0;
  let best = 0;
  let found: FoldPosition | undefined;
  let page = past.entriesAfter(undefined, pageEntries);
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    for (const entry of page) {
      score += entry.timeMs <= timeMs ? -1 : 1;
      if (score >= best) continue;
      best = score;
      found = entry;
    }
    page = past.entriesAfter(last, pageEntries);
  }
  return found && { lamport: found.lamport, hash: found.hash, side: 'after' };
}
