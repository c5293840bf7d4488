/** How the payload of a node (content, link text, times, bits) meets what the vault changed of it. */
import {
  isComparable,
  sameContent,
  localPlaceOf,
  type FileState,
  type LinkState,
  type LocalNode,
  type LocalState,
  type VersionedNode,
} from '../model/node.ts';
import type { NodeId } from '../model/ids.ts';
import type { PlanState } from './plan-state.ts';

/** A node that is on this disk and in the vault. */
export interface Present {
  readonly local: LocalNode;
  readonly base: VersionedNode | undefined;
  readonly remote: VersionedNode;
}

type LocalFile = Extract<LocalState, { kind: 'file' }>;

export type PayloadStep = 'nothing' | 'meta' | 'content' | 'read' | 'fork';

/** How the vault's new payload meets the local one. */
export function payloadStep(state: PlanState, present: Present): PayloadStep {
  const was = present.base?.state;
  const ours = present.local.state;
  const theirs = present.remote.state;
  if (theirs.kind === 'link' && ours.kind === 'link') return linkStep(ours, was?.kind === 'link' ? was : undefined, theirs);
  if (theirs.kind !== 'file' || ours.kind !== 'file') return 'nothing';
  return fileStep(state, present.local.id, { ours, was: was?.kind === 'file' ? was : undefined, theirs });
}

interface FileMeeting {
  readonly ours: LocalFile;
  readonly was: FileState | undefined;
  readonly theirs: FileState;
}

function fileStep(state: PlanState, id: NodeId, meeting: FileMeeting): PayloadStep {
  const { was, theirs } = meeting;
  const { content } = meeting.ours;
  if (was !== undefined && sameContent(was.content, theirs.content)) return unchangedStep(state, id, { ...meeting, was });
  if (content !== undefined && sameContent(content, theirs.content)) return metaStep(meeting);
  const known = was?.content ?? theirs.content;
  if (content === undefined || !isComparable(content, known)) {
    // Found to be old in the terms of its time (meet.ts): in others it would be anybody's.
    if (content !== undefined && was === undefined && state.context.isPast(id, content)) return 'content';
    state.read(id, 'hash', known.epoch);
    return 'read';
  }
  if (sameContent(content, known)) return 'content';
  // With nothing agreed upon before (a lost index), content that the vault had here once is merely old. A copy that holds
  // the same as theirs after all (in another epoch's terms) is found to be that when the two meet.
  return was === undefined && state.context.isPast(id, content) ? 'content' : 'fork';
}

/** The vault has it as it was, but for times and bits. */
function unchangedStep(state: PlanState, id: NodeId, meeting: FileMeeting & { readonly was: FileState }): PayloadStep {
  const { ours, was, theirs } = meeting;
  // Whether ours was edited decides about where it came from, and about whose time it keeps: nothing else here.
  const isRead = ours.content !== undefined && isComparable(ours.content, was.content);
  const isSameTime = was.mtimeUs === theirs.mtimeUs || ours.mtimeUs === theirs.mtimeUs;
  if (isRead || (ours.fromOutside === theirs.fromOutside && isSameTime)) return metaStep(meeting);
  state.read(id, 'hash', was.content.epoch);
  return 'read';
}

/** A link's content is its target; its time comes along with it, and is no reason for anything else. */
function linkStep(ours: LinkState, was: LinkState | undefined, theirs: LinkState): PayloadStep {
  if (ours.target === theirs.target) return ours.mtimeUs === theirs.mtimeUs || was?.mtimeUs === theirs.mtimeUs ? 'nothing' : 'meta';
  if (was?.target === theirs.target) return 'nothing';
  return was?.target === ours.target ? 'content' : 'fork';
}

function metaStep(meeting: FileMeeting): PayloadStep {
  const merged = mergedMeta(meeting);
  const { mtimeUs, executable, fromOutside } = meeting.ours;
  return merged.mtimeUs === mtimeUs && merged.executable === executable && merged.fromOutside === fromOutside ? 'nothing' : 'meta';
}

type Meta = Pick<FileState, 'mtimeUs' | 'executable' | 'fromOutside'>;

/** Times and bits: what the vault changed wins, else ours stay; a local edit keeps its own time. */
function mergedMeta({ ours, was, theirs }: FileMeeting): Meta {
  if (was === undefined)
    return { mtimeUs: theirs.mtimeUs, executable: theirs.executable, fromOutside: ours.fromOutside || theirs.fromOutside };
  const isOursEdited = ours.content === undefined || !sameContent(ours.content, was.content);
  const isTheirsEdited = !sameContent(was.content, theirs.content);
  const keepsTime = isOursEdited && !isTheirsEdited;
  return {
    mtimeUs: !keepsTime && (isTheirsEdited || was.mtimeUs !== theirs.mtimeUs) ? theirs.mtimeUs : ours.mtimeUs,
    executable: was.executable === theirs.executable ? ours.executable : theirs.executable,
    fromOutside: mergedOrigin({ ours, was, theirs }, { isOursEdited, isTheirsEdited }),
  };
}

/**
 * Rather too much warning than too little: that it came from outside is taken off only by a side that did so on purpose, and only
 * where the other side did not give it other content meanwhile, of which nobody has said that it is harmless.
 */
function mergedOrigin(
  { ours, was, theirs }: { readonly ours: LocalFile; readonly was: FileState; readonly theirs: FileState },
  { isOursEdited, isTheirsEdited }: { readonly isOursEdited: boolean; readonly isTheirsEdited: boolean },
): boolean {
  if (ours.fromOutside === theirs.fromOutside) return ours.fromOutside;
  if (!was.fromOutside) return true;
  return ours.fromOutside ? isOursEdited : isTheirsEdited;
}

export function bringPayload(state: PlanState, { local, base, remote }: Present, step: 'meta' | 'content'): void {
  const current = state.local.find(local.id) ?? local;
  const place = localPlaceOf(current);
  if (step === 'content') state.arriving.add(local.id);
  if (remote.state.kind === 'link') {
    state.operations.push({ do: 'make-link', node: local.id, place, target: remote.state.target, mtimeUs: remote.state.mtimeUs });
    return;
  }
  if (remote.state.kind !== 'file' || local.state.kind !== 'file') return;
  const meta = mergedMeta({ ours: local.state, was: base?.state.kind === 'file' ? base.state : undefined, theirs: remote.state });
  if (step === 'meta') state.operations.push({ do: 'set-meta', node: local.id, ...meta });
  else state.operations.push({ do: 'fetch', node: local.id, place, content: remote.state.content, ...meta });
}
