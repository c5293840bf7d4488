/** Publishing drafts: entries of bounded size, with the packs that hold what they speak of. */
import type { ChangeGroup, Change, PackDirectory, PutState } from '../model/change.ts';
import type { EntryName } from '../model/ids.ts';
import { limits } from '../model/limits.ts';
import type { NodeState } from '../model/node.ts';
import type { Draft } from '../planner/operation.ts';
import { groupSizeBound, packSizeBound } from '../vault/entry/body-size.ts';
import { wireLimits } from '../vault/entry/wire-limits.ts';
import type { EngineParts } from './engine-parts.ts';

/** Room for groups and packs in one entry; what remains of 8 MiB is for headers, padding and the unforeseen. */
const entryBudgetBytes = 6 * 1024 * 1024;

/** How many groups were applied. The others were overtaken by another device: they are planned again. */
export async function publish(parts: EngineParts, drafts: readonly (readonly Draft[])[], signal: AbortSignal): Promise<number> {
  const groups = drafts.map((group) => group.flatMap((draft) => changesOf(parts, draft))).filter((group) => group.length > 0);
  return (await publishGroups(parts, groups, signal)).applied;
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
      return remote === undefined ? [] : [{ do: 'move', node: draft.node, upon: remote.version, ...draft.place }];
    case 'put': {
      const state = putState(parts, draft.state);
      if (state === undefined) return [];
      const put: Change = { do: 'put', node: draft.node, upon: remote?.version, state };
      if (draft.copy === undefined) return [put];
      return [put, { do: 'conflict', copy: draft.node, of: draft.copy.of, madeBy: parts.device.id, ancestor: draft.copy.ancestor }];
    }
  }
}

function putState({ index }: EngineParts, state: NodeState): PutState | undefined {
  if (state.kind !== 'file') return state;
  const content = index.contents.find(state.content.id);
  if (content !== undefined) return { ...state, content };
  return state.content.sizeBytes === 0 ? { ...state, content: { ...state.content, chunks: [], listChunks: [] } } : undefined;
}
