/**
 * Selective sync: what is left out goes from this disk once disk and vault agree on it, and is not missed afterwards. As
 * long as there is something of it here that the vault does not have, it is planned like anything else.
 */
import { limits } from '../model/limits.ts';
import { sameState, type LocalNode, type VersionedNode } from '../model/node.ts';
import { meet, moveLocal } from './meet.ts';
import { deviceMark, markedName } from './marked-name.ts';
import type { PlanState } from './plan-state.ts';

/** Plans a left-out node's end on this disk; false where it has to be brought to agreement first. */
export function planLeftOut(state: PlanState, { id }: VersionedNode): boolean {
  const local = state.local.find(id);
  const base = state.trees.base.find(id);
  if (local === undefined) {
    // Removed by a person, or by us before a crash: never a deletion.
    if (base !== undefined) state.operations.push({ do: 'leave-out', node: id });
    return true;
  }
  if (base === undefined || !sameState(local.state, base.state)) return false;
  if (local.state.kind === 'folder' && !emptyHere(state, local)) {
    // What is in it may be waiting for this folder's news.
    state.wait(id);
    return false;
  }
  state.local.erase(id);
  state.operations.push({ do: 'leave-out', node: id });
  return true;
}

/** Whether nothing is left in the folder here. One that is asked for room by something in it has that left. */
function emptyHere(state: PlanState, { id }: LocalNode): boolean {
  if (state.isVisitedFromBelow(id)) return false;
  for (const child of state.local.childrenOf(id, undefined, limits.childrenMax)) {
    if (state.isFull) break;
    state.visit(child.id);
  }
  return !state.local.hasChildren(id);
}

/** Whether the vault's node is nowhere on this disk, and rightly so. */
export function isLeftOut(state: PlanState, { id }: VersionedNode): boolean {
  return state.context.isLeftOut(id) && state.local.find(id) === undefined;
}

/**
 * An item here bears the name of a left-out one: it goes on under a marked name. While the index is built again it may
 * be that very item, which nobody has taken from this disk yet: then the two meet as anywhere.
 */
export function avoidLeftOut(state: PlanState, local: LocalNode, remote: VersionedNode): void {
  if (state.context.isRebuilding) {
    meet(state, { occupant: local, remote });
    return;
  }
  const { parent, name } = local.state;
  const place = { parent, name: markedName(name, deviceMark(state.context.device), (candidate) => state.isTaken(parent, candidate)) };
  moveLocal(state, { node: local, place, copy: state.copyOf(local.id) });
}
