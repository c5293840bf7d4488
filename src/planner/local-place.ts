/** Room for a node on this disk: the folder above it, and its name free. */
import { rootId, type NodeId } from '../model/ids.ts';
import { sameContent, samePlace, type LocalNode, type Place, type VersionedNode } from '../model/node.ts';
import { conflictName } from './conflict-name.ts';
import type { CopyOf } from './operation.ts';
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
  if (remote === undefined || remote.state.kind !== 'folder' || state.held.has(folder) || base?.version !== remote.version) return false;
  if (state.remote.find(folder) === undefined) return false; // its removal is already being published with this plan
  state.bring(remote);
  return state.local.find(folder) !== undefined;
}

/**
 * Whether `remote`'s name in its folder is free on this disk by then (or held by the node itself). What stands there
 * either goes away by its own plan, or is the same thing, or one of the two takes a conflict name.
 */
export function freeLocalName(state: PlanState, remote: VersionedNode): boolean {
  const { parent, name } = remote.state;
  const first = state.local.childNamed(parent, name);
  if (first === undefined || first.id === remote.id) return true;
  const visited = state.visit(first.id);
  const occupant = state.local.childNamed(parent, name);
  if (occupant === undefined || occupant.id === remote.id) return true;
  if (state.forking.has(occupant.id)) return false;
  const occupantRemote = state.trees.remote.find(occupant.id);
  if (occupantRemote !== undefined && isPulledAway(state, occupantRemote, occupant)) {
    // Each waits for the other: it is under way itself, or goes into what is to be made here.
    if (visited === 'running' || isBelow(state, occupantRemote, remote.id)) return stepAside(state, occupant);
  }
  if (occupantRemote !== undefined && state.trees.base.find(occupant.id)?.version !== occupantRemote.version && visited !== 'running') {
    return false; // its own news are not here yet
  }
  return meet(state, { occupant, remote });
}

/** Whether the vault moved it, so that its own visit is about to take it elsewhere (unlike a move made only here). */
function isPulledAway(state: PlanState, remote: VersionedNode, occupant: LocalNode): boolean {
  const base = state.trees.base.find(occupant.id);
  return !samePlace(remote.state, occupant.state) && (base === undefined || !samePlace(base.state, remote.state));
}

/** Whether the vault has the node somewhere below the folder. */
function isBelow(state: PlanState, remote: VersionedNode, folder: NodeId): boolean {
  for (let at: VersionedNode | undefined = remote; at !== undefined; at = state.trees.remote.find(at.state.parent)) if (at.state.parent === folder) return true;
  return false;
}

/** Out of the way of a swap or a longer cycle; its own move goes on from there in this same plan. */
function stepAside(state: PlanState, occupant: LocalNode): boolean {
  const { parent } = occupant.state;
  const name = conflictName(occupant.state.name, { device: 'moving', date: state.context.date }, (candidate) => state.isTaken(parent, candidate));
  moveLocal(state, { node: occupant, place: { parent, name }, copy: undefined });
  return true;
}

/** Two different nodes want one name, the vault's was first. */
function meet(state: PlanState, { occupant, remote }: { occupant: LocalNode; remote: VersionedNode }): boolean {
  const isNewHere = state.trees.base.find(occupant.id) === undefined && state.trees.remote.find(occupant.id) === undefined;
  const isAbsent = state.local.find(remote.id) === undefined;
  if (isNewHere && isAbsent) {
    const same = compare(state, { occupant, remote });
    if (same === 'unknown') return false;
    if (same === 'same') {
      state.operations.push({ do: 'adopt', local: occupant.id, remote: remote.id });
      state.local.rename(occupant.id, { ...occupant, id: remote.id });
      return true;
    }
  }
  if (occupant.state.kind === 'folder' && remote.state.kind !== 'folder') {
    giveWay(state, remote);
    return false;
  }
  const { parent } = occupant.state;
  const name = conflictName(occupant.state.name, state.context, (candidate) => state.isTaken(parent, candidate));
  const isCopy = occupant.state.kind === 'file' && remote.state.kind === 'file' && isNewHere;
  const known = state.context.copyOf(occupant.id);
  moveLocal(state, { node: occupant, place: { parent, name }, copy: known ?? (isCopy ? { of: remote.id, ancestor: undefined } : undefined) });
  return true;
}

/** Whether a new local item is what the vault's new node is: then it takes that identity, and nothing is transferred. */
function compare(state: PlanState, { occupant, remote }: { occupant: LocalNode; remote: VersionedNode }): 'same' | 'different' | 'unknown' {
  const ours = occupant.state;
  const theirs = remote.state;
  if (ours.kind === 'folder' || theirs.kind === 'folder') return ours.kind === theirs.kind ? 'same' : 'different';
  if (ours.kind === 'link' || theirs.kind === 'link') return ours.kind === 'link' && theirs.kind === 'link' && ours.target === theirs.target ? 'same' : 'different';
  const isComparable = ours.content !== undefined && (ours.content.epoch === theirs.content.epoch || ours.content.sizeBytes !== theirs.content.sizeBytes);
  if (ours.content === undefined || !isComparable) {
    // Read even where the sizes differ: it may be an older version of the same file.
    state.operations.push({ do: 'read', node: occupant.id, how: 'hash', epoch: theirs.content.epoch });
    state.wait(occupant.id);
    return 'unknown';
  }
  if (sameContent(ours.content, theirs.content)) return 'same';
  return state.context.copyOf(occupant.id) === undefined && state.context.isPast(remote.id, ours.content) ? 'same' : 'different';
}

/** A folder of ours keeps its name before a file of the vault: the file is moved to a conflict name for everyone. */
function giveWay(state: PlanState, remote: VersionedNode): void {
  const { parent } = remote.state;
  const current = state.remote.find(remote.id);
  if (current === undefined || !samePlace(current.state, remote.state)) return; // already on its way
  const name = conflictName(remote.state.name, state.context, (candidate) => state.isTaken(parent, candidate));
  state.remote.write({ ...remote, state: { ...remote.state, name } });
  state.draft({ do: 'move', node: remote.id, place: { parent, name } });
}

function moveLocal(state: PlanState, { node, place, copy }: { node: LocalNode; place: Place; copy: CopyOf | undefined }): void {
  state.local.write({ ...node, state: { ...node.state, ...place } });
  state.operations.push({ do: 'move', node: node.id, place, copy });
}
