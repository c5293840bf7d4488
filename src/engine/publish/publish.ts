/** Publishing drafts: entries of bounded size, with the packs that hold what they speak of. */
import type { ChangeGroup, Change, PackDirectory, PutState } from '../../model/change.ts';
import { Failure } from '../../base/failure.ts';
import { openJournalBook } from '../../index/journal-book.ts';
import { parseVersion, rootId, type EntryName } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { NodeName } from '../../model/name.ts';
import type { NodeState, Place } from '../../model/node.ts';
import { passingName as freeName } from '../../planner/conflict-name.ts';
import type { Draft } from '../../planner/operation.ts';
import { groupSizeBound, packSizeBound } from '../../vault/entry/body-size.ts';
import { conflictFromText } from '../../vault/journal/fold/fold-state.ts';
import { wireLimits } from '../../vault/entry/wire-limits.ts';
import { splitGroup } from '../../planner/split-group.ts';
import type { EngineParts } from '../engine-parts.ts';
import { fits, groupBounds, type GroupBounds } from './group-bounds.ts';
import { noteProblem } from '../problems.ts';
import { vaultPath } from '../vault-path.ts';

/** Room for groups and packs in one entry; what remains of 8 MiB is for headers, padding and the unforeseen. */
const entryBudgetBytes = 6 * 1024 * 1024;

/** What planned drafts came to. */
export interface PublishedDrafts {
  readonly applied: number;
  /** Whether another device overtook some: they are planned again. */
  readonly isOvertaken: boolean;
}

/** Publishes what was planned: each group holds as a whole, unless that is more than an entry can bring (`bounds`). */
export async function publish(
  parts: EngineParts,
  drafts: readonly (readonly Draft[])[],
  signal: AbortSignal,
  bounds: GroupBounds = groupBounds,
): Promise<PublishedDrafts> {
  const groups = drafts.flatMap((group) => boundedGroups(parts, group, bounds)).filter((group) => group.length > 0);
  const { applied } = await publishGroups(parts, groups, signal);
  return { applied, isOvertaken: applied < groups.length };
}

function boundedGroups(parts: EngineParts, group: readonly Draft[], bounds: GroupBounds): readonly ChangeGroup[] {
  const whole = group.flatMap((draft) => changesOf(parts, draft));
  if (fits(whole, bounds)) return [whole];
  const split = splitGroup(group, { remote: parts.index.remote, passingName: (place, isTaken) => passingName(parts, place, isTaken) });
  if (split !== undefined) return split.map((draft) => changesOf(parts, draft));
  const [{ node } = { node: rootId }] = group;
  const failure = new Failure('E_TOO_LARGE', `${group.length} changes that can only be made together are too many`, {
    action: 'move some of these folders back for a while; nothing is lost, and it is tried again by itself',
  });
  noteProblem(parts, { node, path: vaultPath(parts.index, node), failure });
  return [];
}

/** A name that is in the vault only for the moment. */
function passingName({ index, clock }: EngineParts, { parent, name }: Place, isTaken: (name: NodeName) => boolean): NodeName {
  const date = new Date(clock.nowMs()).toISOString().slice(0, 10);
  return freeName(name, date, (other) => isTaken(other) || index.local.childNamed(parent, other) !== undefined);
}

/** What publishing came to. */
export interface Published {
  /** Groups that were applied; the others were void, and are not written. */
  readonly applied: number;
  /** The entries written, in order. */
  readonly entries: readonly EntryName[];
}

/** Publishes groups in their order, in as few entries as they fit into. */
export async function publishGroups(parts: EngineParts, groups: readonly ChangeGroup[], signal: AbortSignal): Promise<Published> {
  if (groups.length === 0) return { applied: 0, entries: [] };
  const entries: EntryName[] = [];
  let applied = 0;
  for (const body of bodies(groups, parts.index.chunks.storedPacks())) {
    signal.throwIfAborted();
    const report = await parts.journal.commit(body, signal);
    const count = report.outcomes.filter((outcome) => outcome.applied).length;
    applied += count;
    if (report.entry !== undefined) entries.push(report.entry);
    parts.emit({ event: 'committed', changes: count });
  }
  return { applied, entries };
}

/** Packs that lie in the store and no entry names yet, without any change beside them. */
export async function publishPacks(parts: EngineParts, signal: AbortSignal): Promise<void> {
  for (const body of bodies([], parts.index.chunks.storedPacks())) await parts.journal.commit(body, signal);
}

/** Packs first: an entry never speaks of chunks that no entry up to it tells the place of. */
function* bodies(
  groups: readonly ChangeGroup[],
  packs: Iterable<PackDirectory>,
): Generator<{ groups: readonly ChangeGroup[]; packs: readonly PackDirectory[] }> {
  let body = { groups: [] as ChangeGroup[], packs: [] as PackDirectory[] };
  let bytes = 0;
  let changes = 0;
  for (const pack of packs) {
    const size = packSizeBound(pack);
    if (bytes + size > entryBudgetBytes || body.packs.length >= wireLimits.packsMax) {
      yield body;
      body = { groups: [], packs: [] };
      bytes = 0;
    }
    body.packs.push(pack);
    bytes += size;
  }
  for (const group of groups) {
    const size = groupSizeBound(group);
    if (
      body.packs.length + body.groups.length > 0 &&
      (bytes + size > entryBudgetBytes || changes + group.length > limits.entryMaxChanges)
    ) {
      yield body;
      body = { groups: [], packs: [] };
      bytes = 0;
      changes = 0;
    }
    body.groups.push(group);
    bytes += size;
    changes += group.length;
  }
  yield body;
}

function changesOf(parts: EngineParts, draft: Draft): readonly Change[] {
  const remote = parts.index.remote.find(draft.node);
  switch (draft.do) {
    case 'remove':
      return remote === undefined ? [] : [{ do: 'remove', node: draft.node, upon: remote.version }];
    case 'move':
      return remote === undefined ? [] : [{ do: 'move', node: draft.node, upon: remote.version, ...draft.place }, ...storyOf(parts, draft)];
    case 'put': {
      const state = putState(parts, draft.state);
      if (state === undefined) return [];
      return [{ do: 'put', node: draft.node, upon: remote?.version, state }, ...storyOf(parts, draft)];
    }
  }
}

/** Said once of a copy: a second conflict of one item would void its group (FORMAT.md, 6.4). */
function storyOf({ index, device }: EngineParts, { node, copy }: Exclude<Draft, { do: 'remove' }>): readonly Change[] {
  if (copy === undefined) return [];
  const book = openJournalBook(index);
  if (book.findRecord('conflict', node) !== undefined) return [];
  const reverse = copy.isByName === true ? book.findRecord('conflict', copy.of) : undefined;
  if (reverse !== undefined && conflictFromText(reverse).of === node) return [];
  const version = copy.isTheirs === true ? index.remote.find(node)?.version : undefined;
  const author = version === undefined ? undefined : book.findEntry(parseVersion(version).entry)?.device;
  return [{ do: 'conflict', copy: node, of: copy.of, madeBy: author ?? device.id, ancestor: copy.ancestor }];
}

function putState({ index }: EngineParts, state: NodeState): PutState | undefined {
  if (state.kind !== 'file') return state;
  const content = index.contents.find(state.content.id);
  if (content !== undefined) return { ...state, content };
  return state.content.sizeBytes === 0 ? { ...state, content: { ...state.content, chunks: [], listChunks: [] } } : undefined;
}
