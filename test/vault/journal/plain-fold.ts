/**
 * What a set of entries means, written down a second time: as plainly as the words of FORMAT.md allow, without going back
 * and forth, without a cache, judging whole trees. Shares no code with src/vault/journal.
 */
import type { Change, ChangeGroup, CheckpointChange, SettleChange } from '../../../src/model/change.ts';
import { rootId, versionOf, type DeviceId, type NodeId, type Version } from '../../../src/model/ids.ts';
import type { NodeState } from '../../../src/model/node.ts';
import type { Forged } from './forge.ts';

export interface PlainState {
  readonly nodes: ReadonlyMap<NodeId, { readonly version: Version; readonly state: NodeState }>;
  readonly conflicts: ReadonlyMap<NodeId, SettleChange['keep'] | 'open'>;
}

const empty: PlainState = { nodes: new Map(), conflicts: new Map() };

/** The state that the set gives. */
export function plainFold(set: readonly Forged[]): PlainState {
  const isSkipped = (entry: Forged): boolean =>
    set.some(
      (by) =>
        by.header.device === entry.header.device &&
        by.header.name > entry.header.name &&
        by.statements.skips.includes(entry.header.name) &&
        !isSkipped(by),
    );
  let furthest: { readonly entry: Forged; readonly change: CheckpointChange } | undefined;
  for (const entry of inOrder(set)) {
    for (const change of entry.statements.checkpoints) {
      if (
        !isSkipped(entry) &&
        change.lamport > 0 &&
        change.lamport < entry.header.lamport &&
        change.lamport >= (furthest?.change.lamport ?? 0)
      )
        furthest = { entry, change };
    }
  }
  let state = empty;
  let rest = set;
  if (furthest !== undefined) {
    const { lamport, vector } = furthest.change;
    state = plainFold(set.filter(({ header }) => header.lamport <= lamport && isIn(vector, header)));
    rest = set.filter(({ header }) => header.lamport > lamport);
  }
  for (const entry of inOrder(rest)) if (!isSkipped(entry)) state = applyAll(state, entry);
  return state;
}

export function inOrder(set: readonly Forged[]): readonly Forged[] {
  return set.toSorted((a, b) => a.header.lamport - b.header.lamport || (a.hash < b.hash ? -1 : 1));
}

function isIn(vector: CheckpointChange['vector'], { device, counter }: { readonly device: DeviceId; readonly counter: number }): boolean {
  return (vector.get(device)?.counter ?? 0) >= counter;
}

function applyAll(before: PlainState, { header, body }: Forged): PlainState {
  let state = before;
  let index = 0;
  for (const group of body.groups) {
    const first = index;
    index += group.length;
    state = applyGroup(state, group, (at) => versionOf(header.name, first + at)) ?? state;
  }
  return state;
}

/** A state under construction. */
interface Draft {
  readonly nodes: Map<NodeId, { readonly version: Version; readonly state: NodeState }>;
  readonly conflicts: Map<NodeId, SettleChange['keep'] | 'open'>;
}

/** The state after the group; undefined where the group is void. */
function applyGroup(before: PlainState, group: ChangeGroup, versionAt: (at: number) => Version): PlainState | undefined {
  const after: Draft = { nodes: new Map(before.nodes), conflicts: new Map(before.conflicts) };
  const holds = settle(after, group) && changeNodes(before, after, { group, versionAt }) && openConflicts(after, group);
  return holds ? after : undefined;
}

function settle({ conflicts }: Draft, group: ChangeGroup): boolean {
  for (const change of group) {
    if (change.do !== 'settle') continue;
    if (conflicts.get(change.copy) !== 'open') return false;
    conflicts.set(change.copy, change.keep);
  }
  return true;
}

interface VersionedGroup {
  readonly group: ChangeGroup;
  readonly versionAt: (at: number) => Version;
}

function changeNodes(before: PlainState, { nodes, conflicts }: Draft, { group, versionAt }: VersionedGroup): boolean {
  const touched = new Set<NodeId>();
  for (const [at, change] of group.entries()) {
    if (change.do !== 'put' && change.do !== 'move' && change.do !== 'remove') continue;
    const old = before.nodes.get(change.node);
    if (change.node === rootId || touched.has(change.node) || old?.version !== change.upon) return false;
    touched.add(change.node);
    const state = stateAfter(change, old?.state);
    if (old !== undefined && state !== undefined && old.state.kind !== state.kind) return false;
    if (state === undefined) {
      nodes.delete(change.node);
      conflicts.delete(change.node);
    } else nodes.set(change.node, { version: versionAt(at), state });
  }
  const isEmpty = (id: NodeId): boolean => ![...nodes.values()].some(({ state }) => state.parent === id);
  return [...touched].every((id) => (nodes.has(id) ? isPlacedWell(nodes, id) : isEmpty(id)));
}

function openConflicts({ nodes, conflicts }: Draft, group: ChangeGroup): boolean {
  for (const change of group) {
    if (change.do !== 'conflict') continue;
    if (conflicts.has(change.copy) || !nodes.has(change.copy)) return false;
    conflicts.set(change.copy, 'open');
  }
  return true;
}

function stateAfter(change: Extract<Change, { readonly node: NodeId }>, old: NodeState | undefined): NodeState | undefined {
  if (change.do === 'remove') return undefined;
  if (change.do === 'move') return old && { ...old, parent: change.parent, name: change.name };
  const { state } = change;
  return state.kind === 'file'
    ? { ...state, content: { epoch: state.content.epoch, id: state.content.id, sizeBytes: state.content.sizeBytes } }
    : state;
}

function isPlacedWell(nodes: PlainState['nodes'], id: NodeId): boolean {
  const { parent, name } = nodes.get(id)?.state ?? { parent: rootId, name: '' };
  if ([...nodes].some(([other, { state }]) => other !== id && state.parent === parent && state.name === name)) return false;
  let at = parent;
  for (let depth = 1; at !== rootId; depth += 1) {
    const folder = nodes.get(at)?.state;
    if (folder?.kind !== 'folder' || depth >= 128) return false;
    at = folder.parent;
  }
  return true;
}

/** What is wrong with a tree: one root, one parent each, no cycle, no orphan, unique names (V26). Nothing: undefined. */
export function findTreeFault({ nodes, conflicts }: PlainState): string | undefined {
  const places = new Set<string>();
  for (const [id, { state }] of nodes) {
    if (places.has(state.parent + state.name)) return `two nodes at one place: ${id}`;
    places.add(state.parent + state.name);
    const above = new Set<NodeId>([id]);
    for (let at = state.parent; at !== rootId;) {
      if (above.has(at)) return `a cycle at ${id}`;
      above.add(at);
      const folder = nodes.get(at)?.state;
      if (folder?.kind !== 'folder') return `an orphan: ${id}`;
      at = folder.parent;
    }
  }
  for (const copy of conflicts.keys()) if (!nodes.has(copy)) return `a conflict without its copy: ${copy}`;
  return undefined;
}
