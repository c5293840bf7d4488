/**
 * A disk that can't rename to a name only if that is free gives a file its new name first, and takes the old one away then. A
 * process that ended in between has left both: the new one would pass for a file that somebody made, a copy of the old one.
 */
import { movesBegun } from './bringing.ts';
import type { EngineParts } from '../engine-parts.ts';
import { findLocalPath } from '../local-path.ts';
import { expectedOf } from '../local-row.ts';
import { isRefusedHere } from '../problems.ts';

/** Takes the new names away again, as far as the local tree shows them: the moves are planned anew. */
export async function undoHalfMoves({ index, disk }: Pick<EngineParts, 'index' | 'disk'>): Promise<void> {
  const { local, base, remote } = index;
  for (const { moved, to } of movesBegun(index)) {
    const row = local.find(moved);
    const there = local.childShown(to.parent, to.shown ?? to.name);
    const isSecondName = row !== undefined && there !== undefined && there.id !== moved && row.fingerprint === there.fingerprint;
    if (!isSecondName || row.fingerprint === '' || base.find(there.id) !== undefined || remote.find(there.id) !== undefined) continue;
    const path = findLocalPath((id) => local.find(id), there.id);
    try {
      if (path !== undefined && (await disk.release(path, expectedOf(there))) === 'gone') local.erase(there.id);
    } catch (error) {
      // It stays a file of its own.
      if (!isRefusedHere(error)) throw error;
    }
  }
}
