/** Room for a node in the vault: the folder above it, its name free, and no cycle made. */
import { rootId, type NodeId } from '../model/ids.ts';
import { samePlace, type LocalNode, type VersionedNode } from '../model/node.ts';
import { avoidLeftOut, isLeftOut } from './plan-left-out.ts';
import { meet } from './meet.ts';
import type { PlanState } from './plan-state.ts';
import { isUnheld } from './unheld.ts';

/** Whether the node can be published where it is here, with all that was drafted before and what it is tied to. */
export function hasRoom(state: PlanState, local: LocalNode): boolean {
  if (!isRoomAbove(state, local) || !freeRemoteName(state, local) || !isOutOfCycle(state, local)) return false;
  // What was visited on the way may have moved it on this disk.
  const now = state.local.find(local.id);
  return now !== undefined && samePlace(now.state, local.state);
}

/** The folders above are published first, from the top: a move never passes through a cycle. */
function isRoomAbove(state: PlanState, local: LocalNode): boolean {
  const { parent } = local.state;
  if (parent === rootId) return true;
  if (state.local.find(parent) === undefined || state.held.has(parent)) return false;
  if (state.visit(parent) === 'running' && state.remote.find(parent) === undefined) {
    // A new folder takes the name of something that moves into it: one can't be published without the other.
    state.tieSince(parent);
    return true;
  }
  return state.remote.find(parent) !== undefined && !state.held.has(parent);
}

/** The name is free in the vault by then; nodes that trade places are published in one group. */
function freeRemoteName(state: PlanState, local: LocalNode): boolean {
  const { parent, name } = local.state;
  const first = state.remote.childNamed(parent, name);
  if (first === undefined || first.id === local.id) return true;
  const visited = state.visit(first.id);
  const occupant = state.remote.childNamed(parent, name);
  if (occupant === undefined || occupant.id === local.id) return true;
  if (isLeftOut(state, occupant)) avoidLeftOut(state, local, occupant);
  // What this disk can't hold meets what stands here in the vault alone.
  else if (isUnheld(state, occupant) && state.local.find(occupant.id) === undefined) meet(state, { occupant: local, remote: occupant });
  if (visited !== 'running' || !canLeave(state, occupant)) return false;
  state.tieSince(occupant.id);
  return true;
}

/**
 * The vault has the new folder nowhere below the node, or not any more once what is on its way from between the two is
 * published: a folder and one below it that trade places can only go together.
 */
function isOutOfCycle(state: PlanState, { id, state: { parent } }: LocalNode): boolean {
  const moving = whatGoesAhead(state, parent, id);
  for (const node of moving ?? []) state.tieSince(node);
  return moving !== undefined;
}

/** Whether a node whose visit runs can be published at another place than it has in the vault. */
export function canLeave(state: PlanState, remote: VersionedNode): boolean {
  const here = state.local.find(remote.id);
  return here !== undefined && isLeaving(state, remote) && whatGoesAhead(state, here.state.parent, remote.id) !== undefined;
}

/** What must be published together with a move of the node into the folder, so that no cycle is made; undefined where one is. */
function whatGoesAhead(state: PlanState, folder: NodeId, id: NodeId): readonly NodeId[] | undefined {
  for (const above of cycleThrough(state, folder, id)) if (above !== id) state.visit(above);
  return cycleThrough(state, folder, id).length === 0 ? [] : movingAbove(state, folder, id);
}

/** Whether it was moved here alone. */
function isLeaving(state: PlanState, remote: VersionedNode): boolean {
  const here = state.local.find(remote.id);
  const base = state.trees.base.find(remote.id);
  return here !== undefined && !samePlace(here.state, remote.state) && base !== undefined && samePlace(base.state, remote.state);
}

/**
 * The folders from this one up, where that way does not end at the top but at the node, or goes round: what is published
 * together may be on its way through a cycle. Else nothing.
 */
function cycleThrough(state: PlanState, folder: NodeId, id: NodeId): readonly NodeId[] {
  const chain = new Set<NodeId>();
  for (let at = state.remote.find(folder); at !== undefined; at = state.remote.find(at.state.parent)) {
    if (chain.has(at.id)) return [...chain];
    chain.add(at.id);
    if (at.id === id) return [...chain];
  }
  return [];
}

/**
 * What is on its way among the folders that will stand above, once all that is on its way is published; undefined where the
 * node itself is among them.
 */
function movingAbove(state: PlanState, folder: NodeId, id: NodeId): NodeId[] | undefined {
  const moving: NodeId[] = [];
  const seen = new Set([id]);
  for (let at = state.remote.find(folder); at !== undefined;) {
    if (seen.has(at.id)) return undefined;
    seen.add(at.id);
    const here = state.isVisiting(at.id) && isLeaving(state, at) ? state.local.find(at.id) : undefined;
    if (here !== undefined) moving.push(at.id);
    at = state.remote.find((here ?? at).state.parent);
  }
  return moving;
}
