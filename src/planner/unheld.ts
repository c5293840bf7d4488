/** Items that this disk can't hold at all: they stay in the vault. That they are not here says nothing. */
import type { VersionedNode } from '../model/node.ts';
import { ensureLocalFolder } from './local-place.ts';
import type { PlanState } from './plan-state.ts';

/** Whether the disk can't hold the node, whatever its name. */
export function isUnheld({ context }: PlanState, { state }: VersionedNode): boolean {
  return state.kind === 'link' && !context.traits.keepsLinks;
}

/** Nobody removed it here. Its folder, though, may have been: that is made again for what stays in it, as ever. */
export function holdUnheld(state: PlanState, { id, state: { parent } }: VersionedNode): void {
  ensureLocalFolder(state, parent);
  state.hold(id, 'this disk cannot hold symbolic links', 'E_UNSUPPORTED');
}
