import type { ChangeGroup, PutState, SettleChange } from '../model/change.ts';
import type { FileState, VersionedNode } from '../model/node.ts';
import type { SyncIndex } from '../index/sync-index.ts';

/** A conflict to decide: `copy` is the version of the device that came second, `of` the file that kept the name. */
export interface OpenConflict {
  readonly copy: VersionedNode['id'];
  readonly of: VersionedNode['id'];
}

/**
 * The changes that decide a conflict, holding together: 'local' gives the file the copy's content and removes the copy,
 * 'remote' only removes the copy, 'both' leaves two ordinary files. What is given up stays in the history. Where one of
 * the two is gone already, nothing is left but to say so.
 */
export function settleGroup({ remote, contents }: SyncIndex, { copy, of }: OpenConflict, keep: SettleChange['keep']): ChangeGroup {
  const settle: SettleChange = { do: 'settle', copy, keep };
  const copied = remote.find(copy);
  const kept = remote.find(of);
  if (keep === 'both' || copied === undefined || kept === undefined) return [{ ...settle, keep: 'both' }];
  const removal = { do: 'remove', node: copy, upon: copied.version } as const;
  if (keep === 'remote') return [settle, removal];
  if (copied.state.kind !== 'file' || kept.state.kind !== 'file') return [{ ...settle, keep: 'both' }];
  const state = withContentOf(copied.state, kept.state, contents);
  return state === undefined ? [{ ...settle, keep: 'both' }] : [settle, { do: 'put', node: of, upon: kept.version, state }, removal];
}

function withContentOf(copied: FileState, kept: FileState, contents: SyncIndex['contents']): PutState | undefined {
  const { epoch, id, sizeBytes } = copied.content;
  const content = sizeBytes === 0 ? { epoch, id, sizeBytes, chunks: [], listChunks: [] } : contents.find(id);
  const { mtimeUs, executable } = copied;
  return content === undefined ? undefined : { kind: 'file', parent: kept.parent, name: kept.name, content, mtimeUs, executable };
}
