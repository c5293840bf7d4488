/** Publishing: what this device changed upon the vault's current version of a node. */
import { rootId, type NodeId } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import {
  sameContent,
  samePayload,
  samePlace,
  sameState,
  type ContentRef,
  type FileState,
  type FolderState,
  type LinkState,
  type LocalNode,
  type Place,
  type VersionedNode,
} from '../model/node.ts';
import { isMovedAway } from './conflict-name.ts';
import { storyToTell, versionStory } from './copy-story.ts';
import { keepMeta } from './kept-meta.ts';
import { unmark } from './shown-place.ts';
import { isUnheld, holdUnheld } from './unheld.ts';
import { isLeftOut } from './plan-left-out.ts';
import type { PlanState } from './plan-state.ts';
import { isSettledByTwin } from './spelling-twin.ts';
import { canLeave, hasRoom } from './remote-place.ts';

/** Plans the node's push; base and remote are the same version, or both nothing. */
export function planPush(state: PlanState, id: NodeId): void {
  const local = state.local.find(id);
  const remote = state.trees.remote.find(id);
  if (local === undefined) {
    pushAbsence(state, remote);
    return;
  }
  if (remote !== undefined && sameState(local.state, remote.state)) {
    unmark(state, local);
    return;
  }
  if (remote === undefined && comesBack(state, local)) return;
  if (remote === undefined && isSettledByTwin(state, local)) {
    state.wait(id);
    return;
  }
  if (isTooDeep(state, local, remote)) {
    state.hold(id, `it is more than ${limits.depthMax} folders deep`, 'E_UNSAFE_NAME');
    return;
  }
  if (remote === undefined ? !isNewSet(state, local) : !isReady(state, local) || !hasRoom(state, local)) {
    state.wait(id);
    return;
  }
  draftPut(state, local, remote);
}

/**
 * Whether no device may put anything so deep. What is new below a new folder that is too deep waits for that; a folder that the
 * vault knows may have become so deep with one above it, which was moved.
 */
function isTooDeep({ local, trees }: PlanState, { state: { parent } }: LocalNode, remote: VersionedNode | undefined): boolean {
  const last = limits.depthMax + 2;
  let depth = 1;
  for (let at = parent; at !== rootId && depth < last; depth += 1) at = local.find(at)?.state.parent ?? rootId;
  return depth === limits.depthMax + 1 || (depth === last && (remote !== undefined || trees.remote.find(parent) !== undefined));
}

/**
 * A new item may turn out to be one that vanished, or what the vault has under that name: that is found out before anything is
 * uploaded. For others it is the other way round: nodes that trade places must all be ready before any of them is published.
 */
function isNewSet(state: PlanState, local: LocalNode): boolean {
  return !becomesVanished(state, local) && hasRoom(state, local) && isReady(state, local);
}

function pushAbsence(state: PlanState, remote: VersionedNode | undefined): void {
  if (remote === undefined) return;
  if (isUnheld(state, remote)) holdUnheld(state, remote);
  else pushRemoval(state, remote);
}

/** A file is published only when its content is known, and all of it is in the store, or is what the vault has of it already. */
function isReady(state: PlanState, local: LocalNode): boolean {
  if (local.state.kind !== 'file') return true;
  const { content, sizeBytes } = local.state;
  if (content !== undefined && (state.context.isStored(content) || isContentOf(state.trees.remote.find(local.id), content))) return true;
  const epoch = findFormerEpoch(state, local.id, { content, sizeBytes });
  if (epoch !== undefined) state.read(local.id, 'hash', epoch);
  else state.read(local.id, 'upload', state.context.epoch);
  return false;
}

/** The epoch in whose terms a file may yet be found to hold what is known already; undefined where it may as well be stored at once. */
function findFormerEpoch(
  { trees, context, newFiles }: PlanState,
  id: NodeId,
  { content, sizeBytes }: { readonly content: ContentRef | undefined; readonly sizeBytes: number },
): number | undefined {
  const base = trees.base.find(id)?.state;
  if (base === undefined) {
    // It may be one that vanished, moved.
    const next = newFiles.nextEpoch(sizeBytes, content);
    return next === context.epoch ? undefined : next;
  }
  if (content !== undefined) return undefined;
  // Perhaps only touched or renamed: then it keeps the content of the older epoch, or nothing of what was only found here
  // and never brought is uploaded; and nobody takes it for an edit.
  const was = base.kind === 'file' && base.content.sizeBytes === sizeBytes ? base.content : undefined;
  return was === undefined || (was.epoch === context.epoch && context.isStored(was)) ? undefined : was.epoch;
}

function isContentOf(node: VersionedNode | undefined, content: ContentRef): boolean {
  return node?.state.kind === 'file' && sameContent(content, node.state.content);
}

/**
 * A folder made again where one was removed, and the removal not published yet, is that folder; and so is a file whose
 * removal waits for a person's word.
 */
function comesBack(state: PlanState, local: LocalNode): boolean {
  const former = state.remote.childNamed(local.state.parent, local.state.name);
  if (former === undefined || former.state.kind !== local.state.kind || state.local.find(former.id) !== undefined) return false;
  if (local.state.kind !== 'folder' && !state.context.isHeldBack(former.id)) return false;
  if (state.trees.base.find(former.id)?.version !== former.version || isLeftOut(state, former)) return false;
  state.operations.push({ do: 'adopt', local: local.id, remote: former.id });
  state.local.rename(local.id, { ...local, id: former.id });
  state.wait(former.id);
  return true;
}

/**
 * A new file with the content of one that vanished is that file, moved (where the inode did not tell already): copied and
 * deleted is moved. Whatever the vault changed of it meanwhile is brought to where it is now.
 */
export function becomesVanished(state: PlanState, local: LocalNode): boolean {
  if (local.state.kind !== 'file' || local.state.content === undefined || local.state.sizeBytes === 0) return false;
  if (versionStory(state, local.id) !== undefined) return false;
  const candidates = state.trees.base
    .vanishedWithContent(local.state.content.id, 16)
    .filter(
      (node) =>
        state.local.find(node.id) === undefined &&
        !state.isForked(node.id) &&
        !isLeftOut(state, node) &&
        state.trees.remote.find(node.id)?.state.kind === 'file' &&
        state.remote.find(node.id) !== undefined,
    );
  const { name } = local.state;
  const found = candidates.find((node) => node.state.name === name) ?? candidates[0];
  if (found === undefined) return false;
  const copy = state.copyOf(local.id);
  if (copy !== undefined) state.tell(found.id, copy);
  state.operations.push({ do: 'adopt', local: local.id, remote: found.id, copy });
  state.local.rename(local.id, keepMeta({ ...local, id: found.id }, found.state, state.context.traits));
  state.visit(found.id);
  return true;
}

/** Publishes only the node's move, made here while the vault changed something else of it. */
export function pushMove(state: PlanState, { local, remote }: { local: LocalNode; remote: VersionedNode }): void {
  if (!hasRoom(state, local)) return;
  const { parent, name } = local.state;
  state.remote.write({ ...remote, state: { ...remote.state, parent, name } });
  state.draft({ do: 'move', node: local.id, place: { parent, name }, copy: storyToTell(state, local) });
}

function draftPut(state: PlanState, local: LocalNode, remote: VersionedNode | undefined): void {
  const place: Place = { parent: local.state.parent, name: local.state.name };
  const published = publishedState(local);
  if (published === undefined) return;
  state.remote.write({ id: local.id, version: remote?.version ?? ('' as VersionedNode['version']), state: published });
  // A story goes out with the conflict name; of one that has its old name again, nothing is to be told.
  const copy = remote === undefined || !samePlace(remote.state, place) ? storyToTell(state, local) : undefined;
  if (remote !== undefined && samePayload(local.state, remote.state)) state.draft({ do: 'move', node: local.id, place, copy });
  else state.draft({ do: 'put', node: local.id, state: published, copy });
}

function publishedState({ state }: LocalNode): FileState | FolderState | LinkState | undefined {
  const { parent, name } = state;
  if (state.kind === 'folder') return { kind: 'folder', parent, name };
  if (state.kind === 'link') return { kind: 'link', parent, name, target: state.target, mtimeUs: state.mtimeUs };
  if (state.content === undefined) return undefined;
  const { content, mtimeUs, executable, fromOutside } = state;
  const { epoch, id, sizeBytes } = content;
  return { kind: 'file', parent, name, content: { epoch, id, sizeBytes }, mtimeUs, executable, fromOutside };
}

/** Removed here, unchanged in the vault. A folder goes when nothing is left in it there. */
function pushRemoval(state: PlanState, remote: VersionedNode): void {
  const { id } = remote;
  if (state.mayBeMoved(remote) || isTakenAlong(state, remote)) {
    state.wait(id);
    return;
  }
  if (remote.state.kind === 'folder' && !emptyFolder(state, id)) return;
  state.remote.erase(id);
  state.draft({ do: 'remove', node: id });
}

/** Whether a folder above was removed with it, but was moved in the vault: that is a wish to keep it, with all that was in it. */
function isTakenAlong(state: PlanState, { state: { parent } }: VersionedNode): boolean {
  for (let above = state.trees.remote.find(parent); above !== undefined; above = state.trees.remote.find(above.state.parent)) {
    const base = state.trees.base.find(above.id);
    if (base === undefined || state.trees.local.find(above.id) !== undefined) return false;
    if (!isMovedAway(base.state, above.state)) continue;
    state.visit(above.id);
    return true;
  }
  return false;
}

/** Whether the removed folder will hold nothing in the vault. */
function emptyFolder(state: PlanState, id: NodeId): boolean {
  const leaving = new Set<NodeId>();
  for (const child of state.remote.childrenOf(id, undefined, limits.childrenMax)) {
    if (state.isFull) break;
    if (state.visit(child.id) === 'running' && canLeave(state, child)) leaving.add(child.id);
  }
  if (state.local.find(id) !== undefined) return false; // made again for a child that stays
  const left = state.remote.childrenOf(id, undefined, limits.childrenMax);
  if (left.some((child) => !leaving.has(child.id))) {
    state.wait(id);
    // What is left out was not removed with it, and needs it.
    const remote = state.remote.find(id);
    if (remote !== undefined && left.some((child) => isLeftOut(state, child))) state.bring(remote);
    return false;
  }
  // A child takes its folder's name: it can't move before the folder goes, nor the folder go before it moves.
  for (const child of left) state.tieSince(child.id);
  return true;
}
