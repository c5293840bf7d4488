import type { SyncIndex } from '../index/sync-index.ts';
import type { NodeId } from '../model/ids.ts';

/** Where the node stands in the vault, whatever this disk shows; '' for what the vault does not have. */
export function vaultPath({ remote }: Pick<SyncIndex, 'remote'>, node: NodeId): string {
  const names: string[] = [];
  for (let at = remote.find(node); at !== undefined; at = remote.find(at.state.parent)) names.unshift(at.state.name);
  return names.join('/');
}
