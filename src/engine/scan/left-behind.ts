import { joinPath, topPath, type Disk, type DiskPath, type Listed, type Listing } from '../../disk/disk.ts';
import type { EngineParts } from '../engine-parts.ts';
import { isSyncable } from '../local-row.ts';
import { isRefusedHere } from '../problems.ts';
import type { FolderAt } from './list-items.ts';

type Parts = Pick<EngineParts, 'index' | 'rules'> & { readonly disk: Disk };

/** A folder as its folder's listing shows it. */
export interface ListedFolder {
  readonly path: DiskPath;
  readonly entry: Listed;
}

/**
 * Whether a folder that is no node is what the vault removed and this disk kept for the ignored things in it. As long as
 * it holds nothing else it is not synced again: what was deleted must not come back. Once it does it is a folder like any.
 * `emptied` gets those that hold nothing at all any more.
 */
export async function isLeftBehind(parts: Parts, folder: ListedFolder, emptied: ListedFolder[]): Promise<boolean> {
  const { leftBehind } = parts.index;
  const kept = { identity: folder.entry.identity, path: folder.path };
  if (!leftBehind.has(kept)) return false;
  if (await holdsOnlyIgnored(parts, folder, emptied)) return true;
  leftBehind.erase(kept);
  return false;
}

/**
 * Forgets those that are known by their places and stand there no more: another folder of that name is not the one that stayed. Of a
 * folder in which only some names were looked at, and of what the disk does not say, nothing follows.
 */
export function forgetMoved({ index: { leftBehind } }: Pick<EngineParts, 'index'>, { path, names }: FolderAt, listing: Listing): void {
  if (typeof listing === 'string') return;
  const prefix = path === topPath ? '' : `${path}/`;
  let standing: Set<string> | undefined;
  for (const place of leftBehind.placesBelow(path)) {
    standing ??= new Set([...listing.entries.filter(({ kind }) => kind === 'folder').map(({ name }) => name), ...listing.unknown]);
    const [name = ''] = place.slice(prefix.length).split('/', 1);
    const isLookedAt = names === undefined || names.some((looked) => looked === name);
    if (isLookedAt && !standing.has(name)) leftBehind.erase({ identity: '', path: place });
  }
}

/** Removes folders that stayed for ignored things and hold none any more: their removal is done then. */
export async function removeEmptied({ disk, index }: Parts, folders: readonly ListedFolder[]): Promise<void> {
  for (const { path, entry } of folders) {
    try {
      if ((await disk.discard(path, entry)) === 'gone') index.leftBehind.erase({ identity: entry.identity, path });
    } catch (error) {
      // It is found again by the next look.
      if (!isRefusedHere(error)) throw error;
    }
  }
}

async function holdsOnlyIgnored(parts: Parts, folder: ListedFolder, emptied: ListedFolder[]): Promise<boolean> {
  const listing = await parts.disk.list(folder.path);
  if (typeof listing === 'string') return true;
  await parts.rules.refresh(parts.disk, folder.path, listing);
  for (const entry of listing.entries) {
    const path = joinPath(folder.path, entry.name);
    if (!isSyncable(entry) || parts.rules.isIgnored(path, entry.kind)) continue;
    if (entry.kind !== 'folder' || !(await isLeftBehind(parts, { path, entry }, emptied))) return false;
  }
  if (listing.entries.length === 0) emptied.push(folder);
  return true;
}
