import { joinPath, topPath, type DiskPath } from '../../disk/disk.ts';
import type { EngineParts } from '../../engine/engine-parts.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';

/**
 * Whether what changed at a path concerns the vault, as far as is known without a look at the disk: what is synced does, and
 * what is new unless rules keep it out. Costs a look-up for each folder on the way.
 */
export function concernsVault({ index, rules }: Pick<EngineParts, 'index' | 'rules'>, path: DiskPath): boolean {
  const names = path.split('/') as NodeName[];
  let known: NodeId | undefined = rootId;
  let at = topPath;
  for (const [depth, name] of names.entries()) {
    at = joinPath(at, name);
    known = known === undefined ? undefined : index.local.childShown(known, name)?.id;
    if (known === undefined && rules.isIgnored(at, depth < names.length - 1 ? 'folder' : 'file')) return false;
  }
  return true;
}
