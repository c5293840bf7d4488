/** Looking at a folder, or at some names in it. */
import { joinPath, type Disk, type DiskPath, type Listed, type Listing, type Observed } from '../../disk/disk.ts';
import type { NodeId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import { shownOf } from '../../model/node.ts';
import { isSameSpelling, nameKey } from '../../model/shown-name.ts';
import type { EngineParts } from '../engine-parts.ts';
import { isRefusedHere } from '../problems.ts';

/** A folder to look at. */
export interface FolderAt {
  readonly id: NodeId;
  readonly path: DiskPath;
  /** Only these items of it (each with all below); absent: all. */
  readonly names?: readonly NodeName[] | undefined;
  /** File system that it is on; absent: what is known of it. */
  readonly device?: string | undefined;
}

export interface FolderListing {
  readonly folder: FolderAt;
  readonly listing: Listing;
}

/** Always looked at one by one. */
const fewNames = 64;
/**
 * More are found faster in a listing, but for a folder with so many children for each of them: one that is being filled, batch by batch,
 * would be listed anew after each of these, which takes the square of what comes.
 */
const childrenPerName = 4;
/** Looks that wait for the disk together. */
const looksTogether = 256;

/** That an item is gone, or only written otherwise now, is for its folder's listing to say. */
export async function listItems({ disk, index }: EngineParts, { id, path, names }: FolderAt): Promise<Listing> {
  const { current: traits } = index.traits;
  // On some disks an item is found under other names than its own, by which somebody may have meant it: only a listing tells its own.
  const isOwnName = (name: NodeName): boolean => {
    const row = index.local.childShown(id, name);
    return row === undefined || isSameSpelling(shownOf(row), name, traits);
  };
  if (names !== undefined && isPart(index, id, names.length) && names.every((name) => isOwnName(name))) {
    const top = await lookIfReadable(disk, path);
    // Without the folder's own device nothing tells what is mounted in it: its listing does, or says why not.
    const folder = top === undefined || top === 'unknown' ? undefined : top;
    const entries = await lookAtAll(disk, path, names);
    const { device, identity } = folder ?? {};
    if (device !== undefined && identity !== undefined && new Set(entries.map((entry) => entry.identity)).size === names.length)
      return { entries, unknown: [], device, identity };
  }
  const listing = await disk.list(path);
  if (names === undefined || typeof listing === 'string') return listing;
  const wanted = new Set(names.map((name) => nameKey(name, traits)));
  const isWanted = (name: NodeName): boolean => wanted.has(nameKey(name, traits));
  return { ...listing, entries: listing.entries.filter(({ name }) => isWanted(name)), unknown: listing.unknown.filter(isWanted) };
}

/** Whether so many names are few of what the folder holds. */
function isPart({ local }: EngineParts['index'], folder: NodeId, names: number): boolean {
  return names <= fewNames || local.hasMoreChildren(folder, names * childrenPerName);
}

/** Those of the names that are there, and that the disk tells of. */
async function lookAtAll(disk: Disk, folder: DiskPath, names: readonly NodeName[]): Promise<Listed[]> {
  const entries: Listed[] = [];
  for (let at = 0; at < names.length; at += looksTogether) {
    const looks = names
      .slice(at, at + looksTogether)
      .map(async (name) => ({ name, now: await lookIfReadable(disk, joinPath(folder, name)) }));
    for (const { name, now } of await Promise.all(looks)) if (now !== undefined && now !== 'unknown') entries.push({ ...now, name });
  }
  return entries;
}

/** As `look`; 'unknown' where the disk does not say, which is no more than the listing of that folder would find out. */
export async function lookIfReadable(disk: Disk, path: DiskPath): Promise<Observed | 'unknown' | undefined> {
  try {
    return await disk.look(path);
  } catch (error) {
    if (isRefusedHere(error)) return 'unknown';
    throw error;
  }
}
