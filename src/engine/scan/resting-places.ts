import type { DiskPath } from '../../disk/disk.ts';
import type { EngineParts } from '../engine-parts.ts';
import { findLocalPath } from '../local-path.ts';
import { limboId } from './limbo.ts';
import { lookIfReadable } from './list-items.ts';

/** More are not looked at: what is told of faster than it rests is mostly new. */
const placesMax = 1000;

/**
 * Of places at which something changed, and which somebody lets rest before they are looked at: those at which one of the missing items
 * stands, or may stand below. Who moves a file, and then the folder that it came from, has the one place looked at before the other.
 */
export async function findMovedTo({ index: { local }, disk }: EngineParts, resting: readonly DiskPath[]): Promise<DiskPath[]> {
  const found: DiskPath[] = [];
  for (const path of resting.slice(0, placesMax)) {
    const now = await lookIfReadable(disk, path);
    if (now === undefined || now === 'unknown' || now.identity === '') continue;
    const known = local.findByIdentity(now.identity).filter(({ state }) => state.kind === now.kind);
    // What is in a folder that was there before is told of by itself.
    const isThere = known.some(({ id }) => findLocalPath((node) => local.find(node), id) === path);
    if (now.kind === 'folder' ? !isThere : known.some(({ state }) => state.parent === limboId)) found.push(path);
  }
  return found;
}
