import type { Expected, Listed, Observed } from '../disk/disk.ts';
import type { NodeId } from '../model/ids.ts';
import type { ContentRef, LocalNode, LocalPlace } from '../model/node.ts';

/** An observed file, folder or link; sockets, pipes and devices never become nodes. */
export type Syncable<Seen extends Observed> = Seen & { readonly kind: 'file' | 'folder' | 'link' };

/** Whether this kind of item is synced at all. */
export function isSyncable<Seen extends Observed>(seen: Seen): seen is Syncable<Seen> {
  return seen.kind !== 'other';
}

/** With what nobody looked at as it was known (`withKeptMeta`). */
export type SeenItem = Syncable<Observed> & { readonly fromOutside: boolean };

/**
 * The local tree's record of what was seen (with what the disk does not keep put right: `withKeptMeta`). The content is
 * what the caller knows of it, if anything.
 */
export function localRow(id: NodeId, place: LocalPlace, seen: SeenItem, content: ContentRef | undefined): LocalNode {
  const at = { parent: place.parent, name: place.name };
  const { identity, fingerprint } = seen;
  const name = place.shown === undefined || place.shown === place.name ? {} : { shown: place.shown };
  if (seen.kind === 'folder') return { id, state: { kind: 'folder', ...at }, identity, fingerprint, ...name };
  if (seen.kind === 'link')
    return { id, state: { kind: 'link', ...at, target: seen.target, mtimeUs: seen.mtimeUs }, identity, fingerprint, ...name };
  const { sizeBytes, mtimeUs, executable, fromOutside } = seen;
  return {
    id,
    state: { kind: 'file', ...at, content, sizeBytes, mtimeUs, executable, fromOutside },
    identity,
    fingerprint,
    ...name,
  };
}

/** The listing's items that can be nodes. */
export function syncableItems(entries: readonly Listed[]): Syncable<Listed>[] {
  return entries.filter((entry) => isSyncable(entry));
}

/** What the engine believes stands where this row is. */
export function expectedOf(row: LocalNode): Exclude<Expected, 'absent'> {
  return { kind: row.state.kind, identity: row.identity, fingerprint: row.fingerprint };
}
