/** One group of changes upon the vault's state: all of it, or nothing (FORMAT.md, section 6.4). */
import { unreachable } from '../../../base/failure.ts';
import type { Change, ChangeGroup, ConflictChange, PutState, SettleChange, TreeChange } from '../../../model/change.ts';
import { rootId, type NodeId, type Version } from '../../../model/ids.ts';
import { sameContent, type NodeState, type VersionedNode } from '../../../model/node.ts';
import { conflictFromText, conflictToText, writeNodes, writeRecords } from './fold-state.ts';
import type { FoldState, GroupImages, NodeImage, RecordImage } from './fold-state.ts';
import { findPlaceFault, type DepthCache } from '../place-check.ts';
import type { VoidReason } from './void-reason.ts';

/** A group and the version that its first change gives; the others count on from there. */
export interface VersionedGroup {
  readonly group: ChangeGroup;
  versionAt(indexInGroup: number): Version;
}

/** Every node that the group touches: as it is, and as it will be. */
interface Draft {
  readonly before: Map<NodeId, VersionedNode | undefined>;
  readonly after: Map<NodeId, VersionedNode | undefined>;
  readonly records: Map<string, RecordImage>;
}

/** What was there before, where the group is applied; why it is void, where it leaves no trace. */
export function applyGroup(state: FoldState, versioned: VersionedGroup, depths: DepthCache): VoidReason | GroupImages {
  const draft: Draft = { before: new Map(), after: new Map(), records: new Map() };
  const fault = findFault(state, draft, { versioned, depths });
  if (fault === undefined) return write(state, draft);
  // Depths were found as if the group held.
  depths.clear();
  return fault;
}

function findFault(
  state: FoldState,
  draft: Draft,
  { versioned, depths }: { versioned: VersionedGroup; depths: DepthCache },
): VoidReason | undefined {
  const each = (step: DraftStep): VoidReason | undefined => {
    for (const [index, change] of versioned.group.entries()) {
      const fault = step(state, draft, { change, version: versioned.versionAt(index) });
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
  // Settling asks for the conflict as it was: the same group may well remove its copy.
  return each(draftSettling) ?? each(draftNode) ?? findPlaces(state, draft, depths) ?? each(draftConflict) ?? each(draftNote);
}

function findPlaces(state: FoldState, draft: Draft, depths: DepthCache): VoidReason | undefined {
  // Depths below a folder that moves or goes are no longer known.
  for (const node of draft.before.values()) if (node?.state.kind === 'folder') depths.clear();
  return findPlaceFault(state.tree, draft.after, depths);
}

type DraftStep = (state: FoldState, draft: Draft, step: Step) => VoidReason | undefined;

interface Step {
  readonly change: Change;
  readonly version: Version;
}

function draftNode(state: FoldState, draft: Draft, { change, version }: Step): VoidReason | undefined {
  if (change.do !== 'put' && change.do !== 'move' && change.do !== 'remove') return undefined;
  if (change.node === rootId || draft.after.has(change.node)) return 'malformed';
  const before = state.tree.find(change.node);
  if (before?.version !== change.upon) return change.upon === undefined ? 'exists' : 'changed';
  const next = nextState(change, before);
  if (before !== undefined && next !== undefined && next.kind !== before.state.kind) return 'exists';
  draft.before.set(change.node, before);
  draft.after.set(change.node, next && { id: change.node, version, state: next });
  // A conflict lasts as long as its copy.
  if (next === undefined && findConflict(state, draft, change.node) !== undefined) setRecord(draft, ['conflict', change.node, null]);
  return undefined;
}

/** State of the node by this change; undefined where the change removes it. */
export function nextState(change: TreeChange, before: VersionedNode | undefined): NodeState | undefined {
  switch (change.do) {
    case 'put':
      return stateOf(change.state);
    case 'move':
      return before && { ...before.state, parent: change.parent, name: change.name };
    case 'remove':
      return undefined;
    default:
      return unreachable(change);
  }
}

/** The state as trees hold it: a file's content without the way to put it together. */
function stateOf(state: PutState): NodeState {
  if (state.kind !== 'file') return state;
  const { epoch, id, sizeBytes } = state.content;
  return { ...state, content: { epoch, id, sizeBytes } };
}

function draftSettling(state: FoldState, draft: Draft, { change }: Step): VoidReason | undefined {
  return change.do === 'settle' ? settle(state, draft, change) : undefined;
}

function settle(state: FoldState, draft: Draft, { copy, keep }: SettleChange): VoidReason | undefined {
  const conflict = findConflict(state, draft, copy);
  if (conflict === undefined || conflict.settled !== undefined) return 'no-conflict';
  setRecord(draft, ['conflict', copy, conflictToText({ ...conflict, settled: keep })]);
  return undefined;
}

function draftConflict(state: FoldState, draft: Draft, { change }: Step): VoidReason | undefined {
  return change.do === 'conflict' ? openConflict(state, draft, change) : undefined;
}

function openConflict(state: FoldState, draft: Draft, { copy, of, madeBy, ancestor }: ConflictChange): VoidReason | undefined {
  const node = draft.after.has(copy) ? draft.after.get(copy) : state.tree.find(copy);
  if (node === undefined || findConflict(state, draft, copy) !== undefined) return 'no-conflict';
  setRecord(draft, ['conflict', copy, conflictToText({ copy, of, madeBy, ancestor, settled: undefined })]);
  return undefined;
}

/** What always holds: the last word on retention, each pack plan. */
function draftNote(_: FoldState, draft: Draft, { change, version }: Step): undefined {
  if (change.do === 'retention') setRecord(draft, ['retention', '', JSON.stringify(change.days)]);
  if (change.do === 'pack-plan')
    setRecord(draft, ['pack-plan', version, JSON.stringify({ packs: change.packs, notBeforeMs: change.notBeforeMs })]);
}

function setRecord(draft: Draft, image: RecordImage): void {
  draft.records.set(image[0] + image[1], image);
}

/** The conflict as this group has it by now. */
function findConflict(state: FoldState, draft: Draft, copy: NodeId): ReturnType<typeof conflictFromText> | undefined {
  const drafted = draft.records.get(`conflict${copy}`);
  const text = drafted === undefined ? state.records.findRecord('conflict', copy) : (drafted[2] ?? undefined);
  return text === undefined ? undefined : conflictFromText(text);
}

/** Whether the node's content is another one afterwards, or gone. */
function isReplaced({ state: before }: VersionedNode, after: VersionedNode | undefined): boolean {
  return before.kind === 'file' && (after?.state.kind !== 'file' || !sameContent(before.content, after.state.content));
}

function write(state: FoldState, draft: Draft): GroupImages {
  const before: GroupImages = {
    nodes: [...draft.before].map(([id, node]): NodeImage => [id, node ?? null]),
    records: [...draft.records.values()].map(([kind, key]): RecordImage => [kind, key, state.records.findRecord(kind, key) ?? null]),
  };
  for (const [id, node] of draft.before) if (node !== undefined && isReplaced(node, draft.after.get(id))) state.tree.outlive(node);
  writeNodes(
    state,
    [...draft.after].map(([id, to]) => ({ id, from: draft.before.get(id), to })),
  );
  writeRecords(state, [...draft.records.values()]);
  return before;
}
