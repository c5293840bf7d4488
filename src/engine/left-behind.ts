import { joinPath, type Disk, type DiskPath } from '../disk/disk.ts';
import type { EngineParts } from './engine-parts.ts';
import { isSyncable } from './local-row.ts';

type Parts = Pick<EngineParts, 'index' | 'rules'> & { readonly disk: Disk };

/**
 * Whether a folder that is no node is what the vault removed and this disk kept for the ignored things in it. As long as
 * it holds nothing else it is not synced again: what was deleted must not come back. Once it does it is a folder like any.
 */
export async function isLeftBehind(parts: Parts, path: DiskPath, identity: string): Promise<boolean> {
  const { leftBehind } = parts.index;
  if (!leftBehind.has(identity)) return false;
  if (await holdsOnlyIgnored(parts, path)) return true;
  leftBehind.erase(identity);
  return false;
}

async function holdsOnlyIgnored(parts: Parts, folder: DiskPath): Promise<boolean> {
  const listing = await parts.disk.list(folder);
  if (typeof listing === 'string') return true;
  await parts.rules.refresh(parts.disk, folder, listing);
  for (const entry of listing.entries) {
    const path = joinPath(folder, entry.name);
    if (!isSyncable(entry) || parts.rules.isIgnored(path, entry.kind)) continue;
    if (entry.kind !== 'folder' || !(await isLeftBehind(parts, path, entry.identity))) return false;
  }
  return true;
}
