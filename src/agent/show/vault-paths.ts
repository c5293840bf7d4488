import type { SyncIndex } from '../../index/sync-index.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { NodeName } from '../../model/name.ts';
import type { VersionedNode } from '../../model/node.ts';
import { readingsOf } from './typed-path.ts';

/** Path of a node in the vault's tree; undefined where it, or a folder above, is not in it. */
export function findVaultPath({ remote }: Pick<SyncIndex, 'remote'>, id: NodeId): string | undefined {
  const names: NodeName[] = [];
  for (let at = id; at !== rootId;) {
    const node = remote.find(at);
    if (node === undefined || names.length > limits.depthMax * 2) return undefined;
    names.push(node.state.name);
    at = node.state.parent;
  }
  return names.toReversed().join('/');
}

/** The node at a path of the vault's tree, as a person types it: 'top' for the folder itself, undefined where nothing stands. */
export function findAtPath({ remote }: Pick<SyncIndex, 'remote'>, path: string): VersionedNode | 'top' | undefined {
  for (const names of readingsOf(path)) {
    let found: VersionedNode | 'top' | undefined = 'top';
    for (const name of names) if (found !== undefined) found = remote.childNamed(found === 'top' ? rootId : found.id, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
