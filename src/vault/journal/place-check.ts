/** Whether nodes may stand where a group puts them: judged on the tree as it will be, before anything is written. */
import { limits } from '../../model/limits.ts';
import { rootId, type NodeId } from '../../model/ids.ts';
import type { VersionedNode } from '../../model/node.ts';
import type { TreeReader } from '../../model/trees.ts';
import type { VoidReason } from './fold/void-reason.ts';

const pageSize = 100;

/** Depths of folders (1: in the root) found while folding; forgotten when a folder moves or goes. */
export type DepthCache = Map<NodeId, number>;

/** Every node that the group touches, as it will be; undefined: gone. */
export type NodesAfter = ReadonlyMap<NodeId, VersionedNode | undefined>;

/** Why the nodes can't all be what `after` says; undefined where they can. */
export function findPlaceFault(tree: TreeReader<VersionedNode>, after: NodesAfter, depths: DepthCache): VoidReason | undefined {
  const names = new Set<string>();
  for (const [id, node] of after) {
    if (node === undefined) {
      if (hasOtherChildren(tree, id, after)) return 'not-empty';
      continue;
    }
    const { parent, name } = node.state;
    // Ids have one length, so the joined text is one place only.
    if (names.has(parent + name)) return 'name-taken';
    names.add(parent + name);
    const occupant = tree.childNamed(parent, name);
    if (occupant !== undefined && !after.has(occupant.id)) return 'name-taken';
    const fault = findAncestorFault(tree, { parent, after, depths });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Whether something stays in the folder that the group does not touch. What it does touch is judged by its own parent. */
function hasOtherChildren(tree: TreeReader<VersionedNode>, folder: NodeId, after: NodesAfter): boolean {
  if (!tree.hasChildren(folder)) return false;
  let page = tree.childrenOf(folder, undefined, pageSize);
  while (page.length > 0) {
    if (page.some((child) => !after.has(child.id))) return true;
    page = tree.childrenOf(folder, page.at(-1)?.state.name, pageSize);
  }
  return false;
}

interface AncestorQuestion {
  readonly parent: NodeId;
  readonly after: NodesAfter;
  readonly depths: DepthCache;
}

/**
 * Walks up to the root. A tree of moved subtrees can be deeper than the limit; nothing new then goes below it, so a walk
 * never takes more steps than the limit, and a cycle never closes.
 */
function findAncestorFault(tree: TreeReader<VersionedNode>, { parent, after, depths }: AncestorQuestion): VoidReason | undefined {
  const path: NodeId[] = [];
  let at = parent;
  while (at !== rootId && !depths.has(at)) {
    if (path.includes(at)) return 'cycle';
    if (path.length >= limits.depthMax) return 'too-deep';
    path.push(at);
    const folder = after.has(at) ? after.get(at) : tree.find(at);
    if (folder?.state.kind !== 'folder') return 'no-parent';
    at = folder.state.parent;
  }
  let depth = at === rootId ? 0 : (depths.get(at) ?? 0);
  for (const id of path.toReversed()) {
    depth += 1;
    depths.set(id, depth);
  }
  return depth + 1 > limits.depthMax ? 'too-deep' : undefined;
}
