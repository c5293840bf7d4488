import { Failure } from '../../base/failure.ts';
import type { ChangeGroup, PutState, RemoveChange, SettleChange } from '../../model/change.ts';
import type { NodeId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { FileState, VersionedNode } from '../../model/node.ts';
import type { SyncIndex } from '../../index/sync-index.ts';

/** A conflict to decide: `copy` is the version of the device that came second, `of` the item that kept the name. */
export interface OpenConflict {
  readonly copy: VersionedNode['id'];
  readonly of: VersionedNode['id'];
}

/**
 * The changes that decide a conflict, holding together: 'local' has the copy take the name, 'remote' only removes the copy, 'both'
 * leaves two ordinary items. A folder goes with all that is in it; what is given up stays in the history. Where one of
 * the two is gone already, nothing is left but to say so. Throws E_TOO_LARGE where a folder holds too much for one entry, E_IN_THE_WAY
 * where what is to stay lies in what is to go.
 */
export function settleGroup(index: SyncIndex, { copy, of }: OpenConflict, keep: SettleChange['keep']): ChangeGroup {
  const { remote, contents } = index;
  const settle: SettleChange = { do: 'settle', copy, keep };
  const copied = remote.find(copy);
  const kept = remote.find(of);
  if (keep === 'both' || copied === undefined || kept === undefined) return [{ ...settle, keep: 'both' }];
  if (keep === 'remote') return [settle, ...removals(index, copied, of)];
  if (copied.state.kind !== 'file' || kept.state.kind !== 'file')
    return [settle, ...removals(index, kept, copy), ...takePlace(index, copied, kept)];
  // The file goes on with its history, and with the copy's content.
  const state = withContentOf(copied.state, kept.state, contents);
  const removal = { do: 'remove', node: copy, upon: copied.version } as const;
  return state === undefined ? [{ ...settle, keep: 'both' }] : [settle, { do: 'put', node: of, upon: kept.version, state }, removal];
}

/** The item and all below it. */
function removals({ remote }: SyncIndex, item: VersionedNode, staying: NodeId): RemoveChange[] {
  const found = [item];
  // Grows while it is walked.
  for (const { id, state } of found) {
    if (id === staying) throw isInside(state.name);
    if (state.kind === 'folder') for (const child of remote.childrenOf(id, undefined, limits.entryMaxChanges)) found.push(child);
    if (found.length >= limits.entryMaxChanges) throw isTooMuch(item.state.name);
  }
  return found.map(({ id, version }) => ({ do: 'remove', node: id, upon: version }));
}

/** Nothing where the place lies in the very folder that would take it. */
function takePlace({ remote }: SyncIndex, copied: VersionedNode, { state: { parent, name } }: VersionedNode): ChangeGroup {
  for (let above = remote.find(parent); above !== undefined; above = remote.find(above.state.parent)) if (above.id === copied.id) return [];
  return [{ do: 'move', node: copied.id, upon: copied.version, parent, name }];
}

function isInside(name: string): Failure {
  return new Failure('E_IN_THE_WAY', `'${name}' is to stay, and lies in what is to go`, {
    action: 'move it out of there, or keep both',
  });
}

function isTooMuch(name: string): Failure {
  return new Failure('E_TOO_LARGE', `the folder '${name}' holds more than can be removed by one decision`, {
    action: 'remove the folder that you do not want, or keep both',
  });
}

function withContentOf(copied: FileState, kept: FileState, contents: SyncIndex['contents']): PutState | undefined {
  const { epoch, id, sizeBytes } = copied.content;
  const content = sizeBytes === 0 ? { epoch, id, sizeBytes, chunks: [], listChunks: [] } : contents.find(id);
  if (content === undefined) return undefined;
  const { mtimeUs, executable, fromOutside } = copied;
  return { kind: 'file', parent: kept.parent, name: kept.name, content, mtimeUs, executable, fromOutside };
}
