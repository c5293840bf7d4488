/** Two nodes that want one name: they are one, or one of them takes a conflict name. */
import {
  isComparable,
  isEdited,
  sameContent,
  samePlace,
  type ContentRef,
  type LocalNode,
  type LocalState,
  type NodeState,
  type Place,
  type VersionedNode,
} from '../model/node.ts';
import { conflictName } from './conflict-name.ts';
import { versionStory } from './copy-story.ts';
import type { CopyOf } from './operation.ts';
import type { PlanState } from './plan-state.ts';
import { placedAt, shownPlace } from './shown-place.ts';

/** What stands on this disk where the vault has another node. */
interface Meeting {
  readonly occupant: LocalNode;
  readonly remote: VersionedNode;
}

/** Two different nodes want one name, the vault's was first. */
export function meet(state: PlanState, meeting: Meeting): boolean {
  const { occupant, remote } = meeting;
  const same = compare(state, meeting);
  if (same === 'unknown') return false;
  if (same === 'apart') {
    partFromNode(state, occupant);
    return false;
  }
  if (same === 'same') return makeOne(state, meeting);
  if (occupant.state.kind === 'folder' && remote.state.kind !== 'folder') {
    giveWay(state, meeting);
    return false;
  }
  const { parent } = occupant.state;
  const name = conflictName(occupant.state.name, state.context, (candidate) => state.isTaken(parent, candidate));
  const copy = state.copyOf(occupant.id) ?? { of: remote.id, ancestor: undefined };
  moveLocal(state, { node: occupant, place: { parent, name }, copy });
  return true;
}

/**
 * What stands on this disk where the node would, under a name that the disk takes for the same: both stay, and the node
 * gets a marked name, unless they are one thing that was written in two ways. False: that has to be found out first.
 */
export function meetOtherSpelling(state: PlanState, meeting: Meeting): boolean {
  const { occupant, remote } = meeting;
  const isNew = isNewHere(state, occupant) && state.trees.base.find(occupant.id) === undefined;
  const { parent, name } = occupant.state;
  if (!isNew || !isUnknownHere(state, remote) || state.remote.childNamed(parent, name) !== undefined) return true;
  const same = compare(state, meeting);
  return same === 'same' ? makeOne(state, meeting) : same !== 'unknown';
}

/** Whether the vault does not have it: made here, or edited here while it was removed there. */
function isNewHere(state: PlanState, occupant: LocalNode): boolean {
  return state.trees.remote.find(occupant.id) === undefined;
}

/**
 * Equal content is never a conflict: ours takes the identity of the vault's, or goes where that is on this disk already. False
 * where ours stays and the vault's goes: with ours the conflict would be over that it takes part in.
 */
function makeOne(state: PlanState, { occupant, remote }: Meeting): boolean {
  if (isUnknownHere(state, remote) && isInConflictAlone(state, { occupant, remote })) {
    state.remote.erase(remote.id);
    state.draft({ do: 'remove', node: remote.id });
    state.wait(remote.id);
    state.visit(occupant.id);
    return false;
  }
  if (isUnknownHere(state, remote)) {
    state.operations.push({ do: 'adopt', local: occupant.id, remote: remote.id });
    state.local.rename(occupant.id, { ...occupant, id: remote.id });
  } else {
    state.operations.push({ do: 'discard', node: occupant.id });
    state.local.erase(occupant.id);
  }
  return true;
}

function isInConflictAlone({ context, trees }: PlanState, { occupant, remote }: Meeting): boolean {
  return trees.remote.find(occupant.id) !== undefined && context.isInConflict(occupant.id) && !context.isInConflict(remote.id);
}

/** The content here goes on as a copy, and the node itself counts as removed here: the vault has what it holds in both places. */
function partFromNode(state: PlanState, { id }: LocalNode): void {
  const base = state.trees.base.find(id)?.state;
  state.forking.add(id);
  state.operations.push({ do: 'fork', node: id, ancestor: base?.kind === 'file' ? base.content : undefined }, { do: 'record', node: id });
}

/** 'apart': its node will be what is under that name, but it was edited here to something else. */
type Likeness = 'same' | 'different' | 'unknown' | 'apart';

/** Whether the item here is what will be under that name: then nothing is transferred. */
function compare(state: PlanState, meeting: Meeting): Likeness {
  if (state.arriving.has(meeting.occupant.id)) return 'unknown';
  const ours = meeting.occupant.state;
  const theirs = payloadInTheEnd(state, meeting.remote);
  if (ours.kind !== theirs.kind) return 'different';
  // Folders are one where neither was known to the other side; two that were moved to one name stay two.
  if (ours.kind === 'folder') return isUnknownHere(state, meeting.remote) && isNewHere(state, meeting.occupant) ? 'same' : 'different';
  if (ours.kind === 'link') return theirs.kind === 'link' && ours.target === theirs.target ? 'same' : 'different';
  return theirs.kind === 'file' ? compareContent(state, meeting, { ours: ours.content, theirs: theirs.content }) : 'different';
}

/** What the vault's node will be: an edit of it made here alone is published next; where both edited it, theirs keeps the node. */
function payloadInTheEnd(state: PlanState, remote: VersionedNode): LocalState | NodeState {
  const here = state.local.find(remote.id)?.state;
  if (here === undefined || !isEdited(here, remote.state)) return remote.state;
  const base = state.trees.base.find(remote.id)?.state ?? remote.state;
  return isEdited(here, base) && !isEdited(remote.state, base) ? here : remote.state;
}

function compareContent(
  state: PlanState,
  meeting: Meeting,
  { ours, theirs }: { ours: ContentRef | undefined; theirs: ContentRef | undefined },
): Likeness {
  if (theirs === undefined) {
    state.read(meeting.remote.id, 'hash', state.context.epoch);
    return 'unknown';
  }
  if (ours !== undefined && (sameContent(ours, theirs) || isOlder(state, meeting, ours))) return 'same';
  const epoch = findUnread(state, meeting, { ours, theirs });
  if (epoch !== undefined) {
    state.read(meeting.occupant.id, 'hash', epoch);
    state.wait(meeting.occupant.id);
  }
  if (epoch !== undefined || ours === undefined) return 'unknown';
  if (!state.context.isPastKnown && mayBeOlder(state, meeting)) {
    state.inDoubt.add(meeting.occupant.id);
    state.wait(meeting.occupant.id);
    return 'unknown';
  }
  return compareNews(state, meeting.occupant, { ours, theirs });
}

/**
 * In whose terms the item has to be read yet: one after the other those in which it may be an older version of the same file, theirs
 * at last, which decides. (Read even where the sizes differ, for the same reason.)
 */
function findUnread(
  state: PlanState,
  meeting: Meeting,
  { ours, theirs }: { ours: ContentRef | undefined; theirs: ContentRef },
): number | undefined {
  const { occupant, remote } = meeting;
  const sizeBytes = occupant.state.kind === 'file' ? occupant.state.sizeBytes : 0;
  const past = mayBeOlder(state, meeting) ? state.context.pastEpochs(remote.id, sizeBytes) : [];
  const epochs = [...past.filter((epoch) => epoch !== theirs.epoch), theirs.epoch];
  const next = ours === undefined ? epochs[0] : epochs[epochs.indexOf(ours.epoch) + 1];
  const isDecided = ours !== undefined && isComparable(ours, theirs) && !past.includes(theirs.epoch);
  return next === theirs.epoch && isDecided ? undefined : next;
}

/** The item's own news may make it the same: then they are awaited, or, where it was edited here too, go without that edit. */
function compareNews(state: PlanState, { id }: LocalNode, { ours, theirs }: { ours: ContentRef; theirs: ContentRef }): Likeness {
  const was = state.trees.base.find(id)?.state;
  const coming = state.trees.remote.find(id)?.state;
  if (was?.kind !== 'file' || coming?.kind !== 'file' || !sameContent(coming.content, theirs)) return 'different';
  if (sameContent(was.content, ours)) return 'unknown';
  return isEdited(coming, was) && isComparable(ours, was.content) ? 'apart' : 'different';
}

function isUnknownHere(state: PlanState, remote: VersionedNode): boolean {
  return state.local.find(remote.id) === undefined;
}

/** Whether a file that is new to the vault holds what once was the other's content (a folder that joins with old files). */
function isOlder(state: PlanState, meeting: Meeting, content: ContentRef): boolean {
  return mayBeOlder(state, meeting) && state.context.isPast(meeting.remote.id, content);
}

function mayBeOlder(state: PlanState, { occupant, remote }: Meeting): boolean {
  const isNew = isNewHere(state, occupant) && state.trees.base.find(occupant.id) === undefined;
  return isNew && isUnknownHere(state, remote) && versionStory(state, occupant.id) === undefined;
}

/** A folder of ours keeps its name before a file of the vault: the file is moved to a conflict name for everyone. */
function giveWay(state: PlanState, { occupant, remote }: Meeting): void {
  const { parent } = remote.state;
  const current = state.remote.find(remote.id);
  if (current === undefined || !samePlace(current.state, remote.state)) return; // already on its way
  const name = conflictName(remote.state.name, state.context, (candidate) => state.isTaken(parent, candidate));
  state.remote.write({ ...remote, state: { ...remote.state, name } });
  state.draft({ do: 'move', node: remote.id, place: { parent, name }, copy: { of: occupant.id, ancestor: undefined, isTheirs: true } });
}

/** A rename on this disk that is not the vault's word. */
export function moveLocal(state: PlanState, { node, place, copy }: { node: LocalNode; place: Place; copy: CopyOf | undefined }): void {
  const shown = shownPlace(state, node.id, place);
  if (copy !== undefined) state.tell(node.id, copy);
  state.local.write(placedAt(node, shown));
  state.operations.push({ do: 'move', node: node.id, place: shown, copy });
}
