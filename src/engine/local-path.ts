import { joinPath, topPath, type DiskPath } from '../disk/disk.ts';
import { rootId, type NodeId } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import type { NodeName } from '../model/name.ts';
import { shownOf, type LocalNode } from '../model/node.ts';

/** Where a node of the local tree stands on the disk; undefined where it, or a folder above, is not on this disk. */
export function findLocalPath(find: (id: NodeId) => LocalNode | undefined, id: NodeId): DiskPath | undefined {
  const names: NodeName[] = [];
  for (let at = id; at !== rootId;) {
    const node = find(at);
    if (node === undefined || names.length > limits.depthMax * 2) return undefined;
    names.push(shownOf(node));
    at = node.state.parent;
  }
  return names.toReversed().reduce<DiskPath>((path, name) => joinPath(path, name), topPath);
}
