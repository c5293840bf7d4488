/** Rebasing: what the vault changed since the base is brought to this disk; what was changed here alone stays. */
import type { NodeId } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import { sameContent, samePlace, type FileState, type LocalNode, type LocalState, type NodeState, type Place, type VersionedNode } from '../model/node.ts';
import { findPlaceFault } from './place-fault.ts';
import { ensureLocalFolder, freeLocalName } from './local-place.ts';
import type { PlanState } from './plan-state.ts';

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
  if (isLeftOut(state, remote)) {
    state.hold(id, 'left out by selective sync');
    return;
  }
  const fault = findPlaceFault(remote, state.trees.remote);
  if (fault !== undefined) {
    state.hold(id, fault, 'E_UNSAFE_NAME');
    return;
  }
  if (local === undefined) pullAbsent(state, { base, remote });
  else pullPresent(state, { local, base, remote });
}

function isLeftOut(state: PlanState, remote: VersionedNode): boolean {
  return state.context.isExcluded(remote.state.kind === 'folder' ? remote.id : remote.state.parent);
}

/** The vault removed it. An edit or a move made here beats that. */
function pullRemoval(state: PlanState, { local, base }: { local: LocalNode; base: VersionedNode }): void {
  const { id } = local;
  if (local.state.kind === 'file' && local.state.content === undefined && base.state.kind === 'file') {
    state.operations.push({ do: 'read', node: id, how: 'hash', epoch: base.state.content.epoch });
    state.wait(id);
    return;
  }
  const isMoved = !samePlace(local.state, base.state);
  if (isMoved || isEdited(local.state, base.state)) {
    state.operations.push({ do: isMoved && local.state.kind === 'folder' ? 'record-below' : 'record', node: id });
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

/** A removed folder in which something stays is published again; while its children wait, it waits with them. */
function keepFolder(state: PlanState, id: NodeId): void {
  const children = state.local.childrenOf(id, undefined, limits.childrenMax);
  const isDecided = !state.isFull && children.every((child) => staysHere(state, child));
  if (isDecided) state.operations.push({ do: 'record', node: id });
  state.wait(id);
}

/** Whether a child of a removed folder is new here (its base is nothing, as the vault has nothing). */
function staysHere(state: PlanState, child: LocalNode): boolean {
  const base = state.trees.base.find(child.id);
  const remote = state.trees.remote.find(child.id);
  return base?.version === remote?.version;
}

/** Not on this disk: new in the vault, or removed here while the vault changed it. */
function pullAbsent(state: PlanState, { base, remote }: { base: VersionedNode | undefined; remote: VersionedNode }): void {
  const { id } = remote;
  if (base !== undefined && samePlace(base.state, remote.state) && !isEdited(base.state, remote.state)) {
    // Only times or bits changed there: the removal made here stands, and is published next.
    state.operations.push({ do: 'record', node: id });
    state.wait(id);
    return;
  }
  if (base !== undefined && remote.state.kind === 'folder' && !samePlace(base.state, remote.state)) {
    // Moving a folder there is a wish to keep it, with all that was in it.
    state.operations.push({ do: 'record-below', node: id });
    state.wait(id);
  }
  state.bring(remote);
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
  const place = { parent: wanted.parent, name: wanted.name };
  state.local.write({ id, state: wanted.kind === 'file' ? { ...wanted, sizeBytes: wanted.content.sizeBytes } : wanted, identity: '', fingerprint: '' });
  if (wanted.kind === 'folder') state.operations.push({ do: 'make-folder', node: id, place });
  else if (wanted.kind === 'link') state.operations.push({ do: 'make-link', node: id, place, target: wanted.target, mtimeUs: wanted.mtimeUs });
  else state.operations.push({ do: 'fetch', node: id, place, content: wanted.content, mtimeUs: wanted.mtimeUs, executable: wanted.executable });
}

interface Present {
  readonly local: LocalNode;
  readonly base: VersionedNode | undefined;
  readonly remote: VersionedNode;
}

/** On this disk, and changed in the vault: content first (it may fork), then place, then the rest. */
function pullPresent(state: PlanState, present: Present): void {
  const { local, base, remote } = present;
  const step = payloadStep(state, present);
  if (step === 'read' || step === 'fork') {
    if (step === 'read' && remote.state.kind === 'file') {
      state.operations.push({ do: 'read', node: local.id, how: 'hash', epoch: remote.state.content.epoch });
    }
    if (step === 'fork') {
      state.forking.add(local.id);
      state.operations.push({ do: 'fork', node: local.id, ancestor: base?.state.kind === 'file' ? base.state.content : undefined });
    }
    state.wait(local.id);
    return;
  }
  const isMovedThere = base === undefined || !samePlace(base.state, remote.state);
  if (isMovedThere && !samePlace(local.state, remote.state) && !moveHere(state, { local, remote })) {
    state.wait(local.id);
    return;
  }
  if (step === 'meta' || step === 'content') bringPayload(state, present, step);
  state.operations.push({ do: 'record', node: local.id });
}

function moveHere(state: PlanState, { local, remote }: { local: LocalNode; remote: VersionedNode }): boolean {
  const place: Place = { parent: remote.state.parent, name: remote.state.name };
  if (!ensureLocalFolder(state, place.parent) || !breakCycle(state, { local, place }) || !freeLocalName(state, remote)) return false;
  const current = state.local.find(local.id) ?? local;
  state.local.write({ ...current, state: { ...current.state, ...place } });
  state.operations.push({ do: 'move', node: local.id, place, copy: undefined });
  return true;
}

/** The new parent may stand below the node here: then something on the way was moved here only, and goes back first. */
function breakCycle(state: PlanState, { local, place }: { local: LocalNode; place: Place }): boolean {
  const way: LocalNode[] = [];
  for (let at = state.local.find(place.parent); at !== undefined; at = state.local.find(at.state.parent)) {
    if (at.id === local.id) break;
    way.push(at);
    if (state.local.find(at.state.parent) === undefined) return true;
  }
  if (place.parent === local.id) return false;
  for (const node of way) {
    const remote = state.trees.remote.find(node.id);
    if (remote === undefined || samePlace(remote.state, node.state)) continue;
    if (!ensureLocalFolder(state, remote.state.parent) || !freeLocalName(state, remote)) return false;
    const back: Place = { parent: remote.state.parent, name: remote.state.name };
    state.local.write({ ...node, state: { ...node.state, ...back } });
    state.operations.push({ do: 'move', node: node.id, place: back, copy: undefined });
    return breakCycle(state, { local, place });
  }
  return way.length === 0;
}

type PayloadStep = 'nothing' | 'meta' | 'content' | 'read' | 'fork';

/** How the vault's new payload meets the local one. */
function payloadStep(state: PlanState, { local, base, remote }: Present): PayloadStep {
  const ours = local.state;
  const theirs = remote.state;
  if (theirs.kind === 'link' && ours.kind === 'link') {
    if (ours.target === theirs.target) return 'nothing';
    const isOursNew = base === undefined || (base.state.kind === 'link' && base.state.target !== ours.target);
    return isOursNew ? 'fork' : 'content';
  }
  if (theirs.kind !== 'file' || ours.kind !== 'file') return 'nothing';
  const was = base?.state.kind === 'file' ? base.state : undefined;
  if (was !== undefined && sameContent(was.content, theirs.content)) return metaStep(ours, was, theirs);
  if (ours.content === undefined || (ours.content.epoch !== theirs.content.epoch && !sameContent(ours.content, was?.content ?? theirs.content))) return 'read';
  if (sameContent(ours.content, theirs.content)) return metaStep(ours, was, theirs);
  if (was !== undefined && sameContent(ours.content, was.content)) return 'content';
  // With nothing agreed upon before (a lost index), content that the vault had here once is merely old.
  return base === undefined && state.context.isPast(local.id, ours.content) ? 'content' : 'fork';
}

function metaStep(ours: Extract<LocalState, { kind: 'file' }>, was: FileState | undefined, theirs: FileState): PayloadStep {
  const merged = mergedMeta(ours, was, theirs);
  return merged.mtimeUs === ours.mtimeUs && merged.executable === ours.executable ? 'nothing' : 'meta';
}

/** Times and bits: what the vault changed wins, else ours stay; a local edit keeps its own time. */
function mergedMeta(ours: Extract<LocalState, { kind: 'file' }>, was: FileState | undefined, theirs: FileState): { mtimeUs: number; executable: boolean } {
  if (was === undefined) return { mtimeUs: theirs.mtimeUs, executable: theirs.executable };
  const isOursEdited = ours.content === undefined || !sameContent(ours.content, was.content);
  const isTheirsEdited = !sameContent(was.content, theirs.content);
  const keepsTime = isOursEdited && !isTheirsEdited;
  return {
    mtimeUs: !keepsTime && (isTheirsEdited || was.mtimeUs !== theirs.mtimeUs) ? theirs.mtimeUs : ours.mtimeUs,
    executable: was.executable === theirs.executable ? ours.executable : theirs.executable,
  };
}

function bringPayload(state: PlanState, { local, base, remote }: Present, step: 'meta' | 'content'): void {
  const current = state.local.find(local.id) ?? local;
  const place: Place = { parent: current.state.parent, name: current.state.name };
  if (remote.state.kind === 'link') {
    state.operations.push({ do: 'make-link', node: local.id, place, target: remote.state.target, mtimeUs: remote.state.mtimeUs });
    return;
  }
  if (remote.state.kind !== 'file' || local.state.kind !== 'file') return;
  const meta = mergedMeta(local.state, base?.state.kind === 'file' ? base.state : undefined, remote.state);
  if (step === 'meta') state.operations.push({ do: 'set-meta', node: local.id, ...meta });
  else state.operations.push({ do: 'fetch', node: local.id, place, content: remote.state.content, ...meta });
}

/** Whether what a person would call the content differs. */
function isEdited(a: LocalState | NodeState, b: NodeState): boolean {
  if (a.kind === 'file' && b.kind === 'file') return a.content === undefined || !sameContent(a.content, b.content);
  return a.kind === 'link' && b.kind === 'link' && a.target !== b.target;
}
