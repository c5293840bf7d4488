/** Items that this disk can't hold, or shall not be given: they stay in the vault. */
import { leadsOut } from '../model/link-target.ts';
import { rootId, type NodeId } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import type { VersionedNode } from '../model/node.ts';
import { ensureLocalFolder } from './local-place.ts';
import type { PlanState } from './plan-state.ts';

/** Whether the disk can't hold the node, whatever its name. That it is not here says nothing. */
export function isUnheld({ context }: PlanState, { state }: VersionedNode): boolean {
  return state.kind === 'link' && !context.traits.keepsLinks;
}

/** Nobody removed it here. Its folder, though, may have been: that is made again for what stays in it, as ever. */
export function holdUnheld(state: PlanState, { id, state: { parent } }: VersionedNode): void {
  ensureLocalFolder(state, parent);
  state.hold(id, 'this disk cannot hold symbolic links', 'E_UNSUPPORTED');
}

/**
 * Whether the node is a link that would lead out of the folder from below `parent`. Sync makes none: whoever can write to the
 * vault could so point other programs of this computer at any file of it. One that a person made here stays.
 */
export function isLinkOut(state: PlanState, { state: node }: VersionedNode, parent: NodeId): boolean {
  return node.kind === 'link' && leadsOut(node.target, foldersAbove(state, parent), state.context.traits);
}

export function holdLinkOut(state: PlanState, { id }: VersionedNode): void {
  state.hold(id, 'this link leads out of the folder', 'E_UNSAFE_LINK');
}

/** How deep below the synced folder something in `parent` stands on this disk. */
function foldersAbove({ local }: PlanState, parent: NodeId): number {
  let count = 0;
  for (let at = parent; at !== rootId && count < limits.depthMax; count += 1) at = local.find(at)?.state.parent ?? rootId;
  return count;
}
