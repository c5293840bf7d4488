import type { NodeId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { EngineParts } from '../engine-parts.ts';

/**
 * One side moved a folder that the other removed: it is kept, with what was in it. The node, and all below it that
 * was removed with it, loses its base: it then counts as new on the side that still has it, and is brought (or published) again.
 */
export function recordBelow(parts: EngineParts, node: NodeId): void {
  const { index } = parts;
  index.transaction(() => {
    index.base.erase(node);
    if (index.remote.find(node) === undefined) forget(index.local, index.remote);
    else forget(index.remote, index.local);
  });

  function forget(kept: ChildReader, removed: { find(id: NodeId): unknown }): void {
    const folders = [node];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const child of allChildren(kept, folder)) {
        // What was removed alone, out of a folder that the other side kept, stays removed.
        if (removed.find(child) !== undefined) continue;
        // What was moved into it meanwhile was not removed with it, and decides for itself.
        if (index.base.find(child)?.state.parent !== folder) continue;
        folders.push(child);
        index.base.erase(child);
      }
    }
  }
}

interface ChildReader {
  childrenOf(parent: NodeId, after: undefined, limit: number): readonly { readonly id: NodeId }[];
}

function allChildren(tree: ChildReader, folder: NodeId): NodeId[] {
  return tree.childrenOf(folder, undefined, limits.childrenMax).map(({ id }) => id);
}
