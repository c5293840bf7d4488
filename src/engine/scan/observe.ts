/**
 * Observing: the local tree is made to say what the disk shows. Scanning is the truth; watcher events are only hints
 * where to look. Works folder by folder in batches, so memory and transactions stay bounded, whatever the tree's size.
 *
 * A row whose item is no longer at its place goes to *limbo* (a parent that no disk has) until the scan is over, since
 * the item may be found elsewhere by its identity. What is still in limbo then is gone. Folders that can't be read keep
 * their rows: unknown is not deleted.
 */
import { topPath, type DiskPath } from '../../disk/disk.ts';
import { rootId } from '../../model/ids.ts';
import type { EngineParts } from '../engine-parts.ts';
import { findFolders } from './find-folders.ts';
import { listItems, type FolderAt, type FolderListing } from './list-items.ts';
import { findMovedTo } from './resting-places.ts';
import { Scan, type ScanResult } from './scan.ts';

/** What the system has told of the folder, beside where to look. */
export interface Told {
  /** What was removed, and not moved away: it is not looked for elsewhere. */
  readonly removed?: ReadonlySet<DiskPath> | undefined;
  /** Where something changed that is not to be looked at yet. */
  readonly resting?: (() => readonly DiskPath[]) | undefined;
}

/** Looks at everything below these folders (all, by default: the top). Throws E_FOLDER_MISSING rather than believe an absent root. */
export async function observe(
  parts: EngineParts,
  signal: AbortSignal,
  from: readonly FolderAt[] = [{ id: rootId, path: topPath }],
  told: Told = {},
): Promise<ScanResult> {
  const scan = new Scan(parts, told.removed ?? new Set());
  await parts.disk.checkRoot();
  await walk(scan, parts, { from, signal });
  const isPartial = from.length !== 1 || from[0]?.id !== rootId || from[0].names !== undefined;
  if (isPartial) await search(scan, parts, { told, signal });
  // What is missing elsewhere may stand in a folder that could not be read: a failure that passes is no reason to take it for removed.
  const unread = scan.takeUnread();
  if (unread.length > 0) await walk(scan, parts, { from: unread, signal });
  if (!isPartial) await lookAgain(scan, parts, { from, signal });
  // The root may have been taken away meanwhile: then what was not found is unknown, not gone.
  await parts.disk.checkRoot();
  return scan.finish(isPartial ? 'some' : 'all');
}

interface Walk {
  readonly from: readonly FolderAt[];
  readonly signal: AbortSignal;
}

async function walk(scan: Scan, parts: EngineParts, { from, signal }: Walk): Promise<void> {
  // The next folder last.
  const stack = from.toReversed();
  while (stack.length > 0) {
    signal.throwIfAborted();
    const batch = stack.splice(-parts.portions.folders).toReversed();
    const listings = await list(scan, parts, batch);
    await scan.findLeftBehind(listings);
    const elsewhere = await scan.findMovedHere(listings);
    // Depth first keeps it short in deep trees.
    for (const folder of scan.take(listings, elsewhere).toReversed()) stack.push(folder);
  }
}

/** A function of its own, so that nothing holds what is let go of. */
async function list(scan: Scan, parts: EngineParts, batch: readonly FolderAt[]): Promise<readonly FolderListing[]> {
  const listings = await Promise.all(batch.map(async (folder) => ({ folder, listing: await listItems(parts, folder) })));
  for (const { folder, listing } of listings) if (folder.names === undefined) await scan.learnRules(folder, listing);
  return scan.settle(listings);
}

/** After so many looks at everything, somebody moves things about faster than they are looked at. */
const looksMax = 3;

/**
 * Whoever moves an item while everything is looked at may put it where the look has been already, or, on a disk that does not tell it
 * from a new one, where it has yet to come: then it seems to be gone, or to be there twice. Its removal would be told to the vault before
 * anybody knows where it stands now, and what is there then is another file: its history and its conflict would be over. So everything
 * is looked at once more, until that shows nothing else.
 */
async function lookAgain(scan: Scan, parts: EngineParts, { from, signal }: Walk): Promise<void> {
  for (let look = 1; look < looksMax && scan.takeDoubt(); look += 1) await walk(scan, parts, { from, signal });
}

/**
 * What is missing where somebody told us to look may stand where nobody did yet: hints of one rename come one by one. Most
 * renames stay in their folder; a folder that is not found there is worth a look at everything, before all that is in it
 * is taken for removed, and so is what takes part in a conflict.
 */
async function search(scan: Scan, parts: EngineParts, { told, signal }: { told: Told; signal: AbortSignal }): Promise<void> {
  const parents = scan.takeDoubtful();
  if (parents.length === 0 && !scan.isResumed) return;
  scan.isShallow = true;
  await walk(scan, parts, { from: parents, signal });
  scan.isShallow = false;
  await searchResting(scan, parts, { told, signal });
  const isAnyElsewhere = scan.isAnySought() || scan.hasOthers;
  if (scan.isResumed || isAnyElsewhere) await walk(scan, parts, { from: [{ id: rootId, path: topPath }], signal });
}

/** What is missing may stand where somebody told of a change, and which is let rest: only what was moved there is looked at. */
async function searchResting(scan: Scan, parts: EngineParts, { told, signal }: { told: Told; signal: AbortSignal }): Promise<void> {
  const seen = new Set<DiskPath>();
  for (let look = 0; look < looksMax && scan.isAnyToFind(); look += 1) {
    const resting = (told.resting?.() ?? []).filter((path) => !seen.has(path));
    const places = await findMovedTo(parts, resting);
    if (places.length === 0) return;
    for (const path of places) seen.add(path);
    await walk(scan, parts, { from: findFolders(parts, places), signal });
  }
}
