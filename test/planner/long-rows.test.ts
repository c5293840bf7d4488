/** Numbered files that all take another one's name: each waits for the next, in rows and rings as long as there are files. */
import { expect, test } from 'vitest';
import { fullTraits } from '../../src/model/disk-traits.ts';
import { rootId, type NodeId, type Version } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import type { FileState, LocalNode, VersionedNode } from '../../src/model/node.ts';
import type { Plan, PlanContext } from '../../src/planner/operation.ts';
import { planBatch } from '../../src/planner/plan-batch.ts';
import { MemoryTree } from '../world/memory-tree.ts';
import { contentRef } from './planner-device.ts';

const files = 1500;
const ids = Array.from({ length: files }, (_, at) => `id ${at}` as NodeId);

type NewName = (at: number) => number;

/** A tree that does not change, and finds names at once. */
class FixedTree<Node extends LocalNode | VersionedNode> extends MemoryTree<Node> {
  readonly #byName: ReadonlyMap<NodeName, Node>;

  constructor(nodes: readonly Node[]) {
    super();
    for (const node of nodes) this.write(node);
    this.#byName = new Map(nodes.map((node) => [node.state.name, node]));
  }

  override childNamed(_: NodeId, name: NodeName): Node | undefined {
    return this.#byName.get(name);
  }

  childShown(_: NodeId, name: NodeName): Node | undefined {
    return this.#byName.get(name);
  }

  vanishedWithContent(): readonly Node[] {
    return [];
  }
}

const context: PlanContext = {
  device: 'here',
  date: '2026-01-01',
  epoch: 1,
  traits: fullTraits,
  isLeftOut: () => false,
  isRebuilding: false,
  isOutOfSight: () => false,
  isInConflict: () => false,
  isHeldBack: () => false,
  isStored: () => true,
  isPast: () => false,
  isPastKnown: true,
  pastEpochs: () => [],
  isAnyUnreadable: () => false,
  isCopied: () => false,
  copyOf: () => undefined,
};

function nameOf(at: number): NodeName {
  return `p${String(at).padStart(5, '0')}` as NodeName;
}

function stateOf(at: number, name: number): FileState {
  return {
    kind: 'file',
    parent: rootId,
    name: nameOf(name),
    content: contentRef(`text ${at}`, 1),
    mtimeUs: 0,
    executable: false,
    fromOutside: false,
  };
}

const sizeBytes = 6;

/** Renamed here, or in the vault. */
function planRenames(where: 'here' | 'there', newName: NewName): Plan {
  const versioned = (version: string, nameFor: NewName): FixedTree<VersionedNode> =>
    new FixedTree(ids.map((id, at) => ({ id, version: version as Version, state: stateOf(at, nameFor(at)) })));
  const local = (nameFor: NewName): FixedTree<LocalNode> =>
    new FixedTree(ids.map((id, at) => ({ id, state: { ...stateOf(at, nameFor(at)), sizeBytes }, identity: id, fingerprint: '' })));
  const base = versioned('v1', (at) => at);
  const trees =
    where === 'here' ? { local: local(newName), base, remote: base } : { local: local((at) => at), base, remote: versioned('v2', newName) };
  return planBatch(ids, trees, context);
}

/** What is where after these renames, group by group; throws where one finds its name taken. */
function rename(groups: readonly (readonly { readonly id: NodeId; readonly name: NodeName }[])[]): ReadonlyMap<NodeName, NodeId> {
  const places = new Map(ids.map((id, at) => [nameOf(at), id]));
  const names = new Map(ids.map((id, at) => [id, nameOf(at)]));
  for (const group of groups) {
    for (const { id } of group) places.delete(names.get(id) ?? nameOf(0));
    for (const { id, name } of group) {
      if (places.has(name)) throw new Error(`${name} is taken`);
      places.set(name, id);
      names.set(id, name);
    }
  }
  return places;
}

const lengths = [
  ['row', (at: number): number => at + 1],
  ['ring', (at: number): number => (at + 1) % files],
] as const;

test.each(lengths)('a %s of files renamed here is published', (_, newName) => {
  const { groups } = planRenames('here', newName);
  const moves = groups.map((group) => group.flatMap((draft) => (draft.do === 'move' ? [{ id: draft.node, name: draft.place.name }] : [])));
  const places = rename(moves);
  expect(ids.filter((id, at) => places.get(nameOf(newName(at))) !== id)).toEqual([]);
});

test.each(lengths)('a %s of files renamed elsewhere is renamed here', (_, newName) => {
  const { operations } = planRenames('there', newName);
  const moves = operations.flatMap((step) => (step.do === 'move' ? [[{ id: step.node, name: step.place.name }]] : []));
  const places = rename(moves);
  expect(ids.filter((id, at) => places.get(nameOf(newName(at))) !== id)).toEqual([]);
});
