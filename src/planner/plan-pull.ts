/** Rebasing: what the vault changed since the base is brought to this disk; what was changed here alone stays. */
import { rootId, type NodeId } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { isComparable, isEdited, samePlace, type ContentRef, type LocalNode, type Place, type VersionedNode } from '../model/node.ts';
import { isMovedAway, isPassingName, ownName } from './conflict-name.ts';
import { moveLocal } from './meet.ts';
import { findPlaceFault } from './place-fault.ts';
import { ensureLocalFolder, freeLocalName, leaveFolderInTheWay } from './local-place.ts';
import { bringPayload, payloadStep, type PayloadStep, type Present } from './payload.ts';
import { becomesVanished, pushMove } from './plan-push.ts';
import type { PlanState } from './plan-state.ts';
import { placedAt, shownPlace } from './shown-place.ts';
import { holdLinkOut, holdUnheld, isLinkOut, isUnheld } from './unheld.ts';

/** Plans the node's pull; base and remote differ in version. */
export function planPull(state: PlanState, id: NodeId): void {
  const local = state.local.find(id);
  const base = state.trees.base.find(id);
  const remote = state.trees.remote.find(id);
  if (remote === undefined) {
    if (local === undefined || base === undefined) state.operations.push({ do: 'record', node: id });
    else pullRemoval(state, { local, base });
    return;
  }
  const fault = findPlaceFault(remote, state.trees.remote);
  if (fault !== undefined) {
    state.hold(id, fault, 'E_UNSAFE_NAME');
    return;
  }
  if (local === undefined && isUnheld(state, remote)) holdUnheld(state, remote);
  else if (local === undefined) pullAbsent(state, { base, remote });
  else pullPresent(state, { local, base, remote });
}

/** The vault removed it. An edit or a move made here beats that. */
function pullRemoval(state: PlanState, { local, base }: { local: LocalNode; base: VersionedNode }): void {
  const { id } = local;
  if (local.state.kind === 'file' && base.state.kind === 'file' && !isKnown(local.state.content, base.state.content)) {
    state.read(id, 'hash', base.state.content.epoch);
    state.wait(id);
    return;
  }
  const isMoved = isMovedAway(base.state, local.state);
  if (isMoved || isEdited(local.state, base.state)) {
    state.operations.push({ do: isMoved && local.state.kind === 'folder' ? 'record-below' : 'record', node: id });
    if (isMoved || !becomesAnother(state, local)) stay(state, id);
    return;
  }
  if (isKeptWithFolder(state, local)) {
    state.wait(id);
    return;
  }
  if (local.state.kind === 'folder') {
    for (const child of state.local.childrenOf(id, undefined, limits.childrenMax)) {
      if (state.isFull) break;
      state.visit(child.id);
    }
    if (state.local.hasChildren(id)) {
      keepFolder(state, id);
      return;
    }
  }
  state.local.erase(id);
  state.operations.push({ do: 'discard', node: id });
}

/** Whether what was edited where it stood is a file that vanished elsewhere, moved here; and it gives up its name where that was for a moment. */
function becomesAnother(state: PlanState, local: LocalNode): boolean {
  if (!isPassingName(local.state.name)) return becomesVanished(state, local);
  leavePassingName(state, local);
  return false;
}

function isKnown(content: ContentRef | undefined, was: ContentRef): boolean {
  return content !== undefined && isComparable(content, was);
}

/** It was edited where it was aside, by a run that did not come to its end, and goes nowhere any more: nobody is to meet that name. */
function leavePassingName(state: PlanState, local: LocalNode): void {
  const { parent, name } = local.state;
  const own = ownName(name, state.context, (candidate) => state.isTaken(parent, candidate));
  moveLocal(state, { node: local, place: { parent, name: own }, copy: undefined });
}

/** It is published again, next. */
function stay(state: PlanState, id: NodeId): void {
  state.staying.add(id);
  state.wait(id);
}

/** Whether a folder above was removed with it, but was moved here: that is a wish to keep it, with all that was in it. */
function isKeptWithFolder(state: PlanState, { state: { parent } }: LocalNode): boolean {
  for (let above = state.trees.local.find(parent); above !== undefined; above = state.trees.local.find(above.state.parent)) {
    const base = state.trees.base.find(above.id);
    if (base === undefined || state.trees.remote.find(above.id) !== undefined) return false;
    if (!isMovedAway(base.state, above.state)) continue;
    state.visit(above.id);
    return true;
  }
  return false;
}

/** A removed folder in which something stays is published again; while its children wait, it waits with them. */
function keepFolder(state: PlanState, id: NodeId): void {
  const children = state.local.childrenOf(id, undefined, limits.childrenMax);
  const isDecided = !state.isFull && children.every((child) => staysHere(state, child) && !goesBack(state, child));
  if (!isDecided) {
    state.wait(id);
    return;
  }
  state.operations.push({ do: 'record', node: id });
  stay(state, id);
}

/** Whether a child of a removed folder stays where it is: new here, or moved into it here, and nowhere there. */
function staysHere(state: PlanState, child: LocalNode): boolean {
  const base = state.trees.base.find(child.id);
  const remote = state.trees.remote.find(child.id);
  return base === undefined || remote === undefined ? base === remote : samePlace(base.state, remote.state);
}

/** Whether the vault moves a folder above below the child, so that the child's own move here is about to be undone. */
function goesBack(state: PlanState, child: LocalNode): boolean {
  const seen = new Set<NodeId>();
  for (let at = child.state.parent; at !== rootId && !seen.has(at);) {
    if (at === child.id) return true;
    seen.add(at);
    const remote = state.trees.remote.find(at);
    const next = remote !== undefined && isMovedThere(state, remote) ? remote : state.local.find(at);
    if (next === undefined) return false;
    at = next.state.parent;
  }
  return false;
}

/** Not on this disk: new in the vault, or removed here while the vault changed it. */
function pullAbsent(state: PlanState, { base, remote }: { base: VersionedNode | undefined; remote: VersionedNode }): void {
  const { id } = remote;
  if (base !== undefined && state.mayBeMoved(base)) {
    state.wait(id);
    return;
  }
  const isMoved = base !== undefined && isMovedAway(base.state, remote.state);
  if (base !== undefined && !isMoved && !isEdited(base.state, remote.state)) {
    // Nobody there wanted it elsewhere, or other than it was: the removal made here stands, and is published next.
    state.operations.push({ do: 'record', node: id });
    state.wait(id);
    return;
  }
  if (isMoved && remote.state.kind === 'folder') {
    if (mayHoldMoved(state, id)) {
      state.wait(id);
      return;
    }
    // Moving a folder there is a wish to keep it, with all that was in it (see isTakenAlong in plan-push.ts).
    state.operations.push({ do: 'record-below', node: id });
    state.wait(id);
  }
  state.bring(remote);
}

/** Whether a new file may turn out to be one that vanished with the folder: then that was moved out of it, and not removed with it. */
function mayHoldMoved(state: PlanState, folder: NodeId): boolean {
  if (state.newFiles.isNone) return false;
  let isAny = false;
  for (const { id, state: child } of state.trees.remote.childrenOf(folder, undefined, limits.childrenMax)) {
    const base = state.trees.base.find(id);
    if (base?.state.parent !== folder || state.local.find(id) !== undefined) continue;
    const mayBe = child.kind === 'folder' ? mayHoldMoved(state, id) : state.mayBeMoved(base) && state.local.find(id) === undefined;
    isAny ||= mayBe;
  }
  return isAny;
}

/** Makes the node on this disk, as the vault has it. */
export function bring(state: PlanState, remote: VersionedNode): void {
  const { id, state: wanted } = remote;
  if (!ensureLocalFolder(state, wanted.parent) || !freeLocalName(state, remote)) {
    state.wait(id);
    return;
  }
  // Freeing the name may have found that the item there *is* this node.
  const adopted = state.local.find(id);
  if (adopted !== undefined) {
    pullPresent(state, { local: adopted, base: undefined, remote });
    return;
  }
  if (isLinkOut(state, remote, wanted.parent)) {
    holdLinkOut(state, remote);
    return;
  }
  const place = shownPlace(state, id, wanted);
  state.local.write({
    id,
    state: wanted.kind === 'file' ? { ...wanted, sizeBytes: wanted.content.sizeBytes } : wanted,
    identity: '',
    fingerprint: '',
    shown: place.shown,
  });
  if (wanted.kind === 'folder') state.operations.push({ do: 'make-folder', node: id, place });
  else if (wanted.kind === 'link')
    state.operations.push({ do: 'make-link', node: id, place, target: wanted.target, mtimeUs: wanted.mtimeUs });
  else
    state.operations.push({
      do: 'fetch',
      node: id,
      place,
      content: wanted.content,
      mtimeUs: wanted.mtimeUs,
      executable: wanted.executable,
      fromOutside: wanted.fromOutside,
    });
}

/** On this disk, and changed in the vault: place first (a copy stands beside what it belongs to), then content and the rest. */
function pullPresent(state: PlanState, present: Present): void {
  const { local, remote } = present;
  const step = payloadStep(state, present);
  if (step === 'read') {
    state.wait(local.id);
    return;
  }
  const isElsewhere = !samePlace(local.state, remote.state);
  const isComing = isElsewhere && isMovedThere(state, remote);
  if ((step === 'content' || isComing) && isNewLinkOut(state, present)) {
    withholdLink(state, present, { step, isComing });
    return;
  }
  if (isComing && !moveHere(state, { local, remote })) {
    state.wait(local.id);
    return;
  }
  if (step === 'fork') {
    // A move made here is published first: it is the node's, not only the copy's.
    if (isElsewhere && !isMovedThere(state, remote)) pushMove(state, { local, remote });
    else fork(state, present);
    state.wait(local.id);
    return;
  }
  if (step === 'meta' || step === 'content') bringPayload(state, present, step);
  state.operations.push({ do: 'record', node: local.id });
}

/** Whether the link leads out of the folder as the vault has it, and does not so where it stands here. */
function isNewLinkOut(state: PlanState, { local, remote }: Present): boolean {
  const isSame = local.state.kind === 'link' && remote.state.kind === 'link' && local.state.target === remote.state.target;
  return isLinkOut(state, remote, remote.state.parent) && !(isSame && isLinkOut(state, remote, local.state.parent));
}

/**
 * The link is not given to this disk as the vault has it. What the vault moved goes from here as it was: its name is another's by
 * now, or its folder is to go, and they would wait for it for ever.
 */
function withholdLink(
  state: PlanState,
  present: Present,
  { step, isComing }: { readonly step: PayloadStep; readonly isComing: boolean },
): void {
  const { local, base, remote } = present;
  const isKnownHere = base?.state.kind === 'link' && local.state.kind === 'link' && base.state.target === local.state.target;
  if (step === 'fork') fork(state, present);
  else if (isComing && isKnownHere) {
    state.local.erase(local.id);
    state.operations.push({ do: 'leave-out', node: local.id });
  } else {
    holdLinkOut(state, remote);
    return;
  }
  state.wait(local.id);
}

function fork(state: PlanState, { local, base }: Present): void {
  state.forking.add(local.id);
  state.operations.push({ do: 'fork', node: local.id, ancestor: base?.state.kind === 'file' ? base.state.content : undefined });
}

function moveHere(state: PlanState, { local, remote }: { local: LocalNode; remote: VersionedNode }): boolean {
  const place: Place = { parent: remote.state.parent, name: remote.state.name };
  // Freeing the name may move folders, so that a cycle is looked for last.
  if (!ensureLocalFolder(state, place.parent) || !freeLocalName(state, remote) || !breakCycle(state, { local, place })) {
    // From there only what the vault moved finds its way: a place that is for the moment would else pass for a move made here.
    if (isMovedThere(state, remote)) leaveFolderInTheWay(state, local);
    return false;
  }
  const current = state.local.find(local.id) ?? local;
  const shown = shownPlace(state, local.id, place);
  state.local.write(placedAt(current, shown));
  state.operations.push({ do: 'move', node: local.id, place: shown, copy: undefined });
  return true;
}

/**
 * The new parent may stand below the node here. Then what the vault moved off that way goes first; else what was moved here
 * alone, and closes the cycle, goes back.
 */
function breakCycle(state: PlanState, { local, place }: { local: LocalNode; place: Place }): boolean {
  if (place.parent === local.id) return false;
  const way: VersionedNode[] = [];
  for (let at = state.local.find(place.parent); at?.id !== local.id; at = state.local.find(at.state.parent)) {
    if (at === undefined) return true;
    const remote = state.trees.remote.find(at.id);
    if (remote !== undefined && !samePlace(remote.state, at.state) && !state.returning.has(at.id)) way.push(remote);
  }
  const next = way.find((remote) => isMovedThere(state, remote)) ?? way[0];
  const node = next === undefined ? undefined : state.local.find(next.id);
  if (next === undefined || node === undefined) return false;
  state.returning.add(next.id);
  const isBack = moveHere(state, { local: node, remote: next });
  state.returning.delete(next.id);
  return isBack && breakCycle(state, { local, place });
}

function isMovedThere(state: PlanState, remote: VersionedNode): boolean {
  const base = state.trees.base.find(remote.id);
  return base === undefined || !samePlace(base.state, remote.state);
}
