import type { DiskPath } from '../../disk/disk.ts';
import type { EngineParts } from '../../engine/engine-parts.ts';
import { rootId } from '../../model/ids.ts';
import type { NodeName } from '../../model/name.ts';
import type { LocalNode } from '../../model/node.ts';

/** What is known to stand at the path. */
export function knownAt(local: EngineParts['index']['local'], path: DiskPath): LocalNode | undefined {
  let node: LocalNode | undefined;
  for (const name of path.split('/') as NodeName[]) {
    node = local.childShown(node?.id ?? rootId, name);
    if (node === undefined) return undefined;
  }
  return node;
}
