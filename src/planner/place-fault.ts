import { limits } from '../model/limits.ts';
import { rootId } from '../model/ids.ts';
import { findNameFault, isPrivateName, isTemporaryName, nameToBytes } from '../model/name.ts';
import type { VersionedNode } from '../model/node.ts';
import type { TreeReader } from '../model/trees.ts';

/** Why the node's own name, or the path it has in the vault, may not be written to a disk; undefined where it may. */
export function findPlaceFault(node: VersionedNode, remote: TreeReader<VersionedNode>): string | undefined {
  let depth = 0;
  let pathBytes = 0;
  for (let at: VersionedNode | undefined = node; at !== undefined; at = remote.find(at.state.parent)) {
    const fault = findNameFault(at.state.name);
    if (fault !== undefined) return at.id === node.id ? `its name ${fault}` : `the name of a folder above ${fault}`;
    if (isTemporaryName(at.state.name) || (at.state.parent === rootId && isPrivateName(at.state.name))) return 'the name is reserved';
    depth += 1;
    pathBytes += nameToBytes(at.state.name).length + 1;
    if (depth > limits.depthMax) return `it is more than ${limits.depthMax} folders deep`;
    if (pathBytes > limits.pathMaxBytes) return `its path is longer than ${limits.pathMaxBytes} bytes`;
    if (at.state.parent === rootId) return undefined;
  }
  return undefined;
}
