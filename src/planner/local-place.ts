/** Room for a node on this disk: the folder above it, and its name free. */
import { rootId, type NodeId } from '../model/ids.ts';
import type { NodeName } from '../model/name.ts';
import { samePlace, type LocalNode, type Place, type VersionedNode } from '../model/node.ts';
import { isHoldable, markedName } from '../model/shown-name.ts';
import { passingName } from './conflict-name.ts';
import { isLeftOut } from './plan-left-out.ts';
import { meet, meetOtherSpelling, moveLocal } from './meet.ts';
import type { PlanState } from './plan-state.ts';

/** Whether the folder stands on this disk by then; one that was removed here is made again for what must stay in it. */
export function ensureLocalFolder(state: PlanState, folder: NodeId): boolean {
  if (folder === rootId) return true;
  if (state.held.has(folder)) return false;
  if (state.local.find(folder) !== undefined) return true;
  state.visit(folder);
  if (state.local.find(folder) !== undefined) return true;
  const remote = state.trees.remote.find(folder);
  const base = state.trees.base.find(folder);
  if (remote?.state.kind !== 'folder' || state.held.has(folder)) return false;
  // One that is left out comes for a while, for what has to be published in it first.
  if (!isLeftOut(state, remote) && base?.version !== remote.version) return false;
  if (state.remote.find(folder) === undefined) return false; // its removal is already being published with this plan
  state.bring(remote);
  return state.local.find(folder) !== undefined;
}

/**
 * Whether `remote`'s name in its folder is free on this disk by then (or held by the node itself). What stands there
 * either goes away by its own plan, or is the same thing, or one of the two takes a conflict name.
 */
export function freeLocalName(state: PlanState, remote: VersionedNode): boolean {
  return freeTrueName(state, remote) && settleSpelling(state, remote);
}

/** Another name may be the same to this disk: who bears it stays, unless it goes by its own plan, or is the same thing. */
function settleSpelling(state: PlanState, remote: VersionedNode): boolean {
  const { name } = remote.state;
  const { traits } = state.context;
  return settleShown(state, remote, name) && (isHoldable(name, traits) || settleShown(state, remote, markedName(name, traits)));
}

function settleShown(state: PlanState, remote: VersionedNode, shown: NodeName): boolean {
  const { parent, name } = remote.state;
  const isOther = (there: LocalNode | undefined): there is LocalNode =>
    there !== undefined && there.id !== remote.id && there.state.name !== name;
  const first = state.local.childShown(parent, shown);
  if (!isOther(first)) return true;
  state.visit(first.id);
  const occupant = state.local.childShown(parent, shown);
  return !isOther(occupant) || meetOtherSpelling(state, { occupant, remote });
}

function freeTrueName(state: PlanState, remote: VersionedNode): boolean {
  const { parent, name } = remote.state;
  const first = state.local.childNamed(parent, name);
  if (first === undefined || first.id === remote.id) return true;
  // Said before it is visited: what stands in it may have to leave for somewhere else first, and each is visited but once.
  if (isRemovedThere(state, first)) state.inTheWay.add(first.id);
  const visited = state.visit(first.id);
  const occupant = state.local.childNamed(parent, name);
  if (occupant === undefined || occupant.id === remote.id) return true;
  if (state.forking.has(occupant.id)) return false;
  const occupantRemote = state.trees.remote.find(occupant.id);
  if (isRemovedThere(state, occupant) && !state.staying.has(occupant.id)) {
    // Whether it goes or stays is not decided yet.
    state.inTheWay.add(occupant.id);
    return false;
  }
  if (occupantRemote !== undefined && isPulledAway(state, occupantRemote, occupant)) {
    // Each waits for the other: it is under way itself, or goes into what is to be made here. Else it waits for something.
    return visited === 'running' || isBelow(state, occupantRemote, remote.id) ? stepAside(state, occupant) : false;
  }
  return meet(state, { occupant, remote });
}

function isRemovedThere({ trees }: PlanState, { id }: LocalNode): boolean {
  return trees.remote.find(id) === undefined && trees.base.find(id) !== undefined;
}

/** Whether the vault moved it, so that its own visit is about to take it elsewhere (unlike a move made only here). */
function isPulledAway(state: PlanState, remote: VersionedNode, occupant: LocalNode): boolean {
  const base = state.trees.base.find(occupant.id);
  return !samePlace(remote.state, occupant.state) && (base === undefined || !samePlace(base.state, remote.state));
}

/** Whether the vault has the node somewhere below the folder. */
function isBelow(state: PlanState, remote: VersionedNode, folder: NodeId): boolean {
  for (let at: VersionedNode | undefined = remote; at !== undefined; at = state.trees.remote.find(at.state.parent))
    if (at.state.parent === folder) return true;
  return false;
}

/** Out of the way of a swap or a longer cycle; its own move goes on from there in this same plan. */
function stepAside(state: PlanState, occupant: LocalNode): boolean {
  const { parent } = occupant.state;
  moveLocal(state, { node: occupant, place: { parent, name: movingName(state, occupant.state) }, copy: undefined });
  return true;
}

/** A name that is on a disk only for the moment. */
function movingName(state: PlanState, { parent, name }: Place): NodeName {
  return passingName(name, state.context.date, (candidate) => state.isTaken(parent, candidate));
}

/**
 * The node can't go to its place before a folder is removed that it stands in itself: it leaves that folder, so that this
 * can go, and finds its place next time.
 */
export function leaveFolderInTheWay(state: PlanState, local: LocalNode): void {
  for (let above = state.local.find(local.state.parent); above !== undefined; above = state.local.find(above.state.parent)) {
    if (!state.inTheWay.has(above.id)) continue;
    const { parent } = above.state;
    moveLocal(state, { node: local, place: { parent, name: movingName(state, { parent, name: local.state.name }) }, copy: undefined });
    return;
  }
}
