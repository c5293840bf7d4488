import { expect, test } from 'vitest';
import { rootId, type NodeId, type Version } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import type { VersionedNode } from '../../src/model/node.ts';
import type { Draft } from '../../src/planner/operation.ts';
import { splitGroup } from '../../src/planner/split-group.ts';
import { MemoryTree } from '../world/memory-tree.ts';

const files = 25_000;

function folder(id: string, name: string, parent: string = rootId): VersionedNode {
  return { id: id as NodeId, version: '' as Version, state: { kind: 'folder', parent: parent as NodeId, name: name as NodeName } };
}

function move(id: string, name: string, parent: string = rootId): Draft {
  return { do: 'move', node: id as NodeId, place: { parent: parent as NodeId, name: name as NodeName } };
}

/** Finds names at once. */
class Vault extends MemoryTree<VersionedNode> {
  readonly #byName = new Map<string, VersionedNode>();

  constructor(nodes: readonly VersionedNode[]) {
    super();
    for (const node of nodes) this.write(node);
    for (const node of nodes) this.#byName.set(`${node.state.parent}/${node.state.name}`, node);
  }

  override childNamed(parent: NodeId, name: NodeName): VersionedNode | undefined {
    return this.#byName.get(`${parent}/${name}`);
  }
}

function split(nodes: readonly VersionedNode[], drafts: readonly Draft[]): Draft[] | undefined {
  return splitGroup(drafts, { remote: new Vault(nodes), passingName: ({ name }) => `${name} aside` as NodeName });
}

test('a ring of more files than one entry can move: one steps aside, and each change holds by itself', () => {
  const ids = Array.from({ length: files }, (_, at) => `id ${at}`);
  const nodes = ids.map((id, at) => folder(id, `p${at}`));
  const moves = split(
    nodes,
    ids.map((id, at) => move(id, `p${(at + 1) % files}`)),
  );
  const names = new Map(nodes.map(({ state }) => [state.name as string, true]));
  const placeOf = new Map(nodes.map(({ id, state }) => [id as string, state.name as string]));
  for (const draft of moves ?? []) {
    if (draft.do !== 'move') throw new Error('only moves');
    if (names.has(draft.place.name)) throw new Error(`${draft.place.name} is taken`);
    names.delete(placeOf.get(draft.node) ?? '');
    names.set(draft.place.name, true);
    placeOf.set(draft.node, draft.place.name);
  }
  expect(moves).toHaveLength(files);
  const passing = [...placeOf].filter(([, name]) => name.endsWith(' aside'));
  expect(passing).toHaveLength(1);
  expect([...placeOf].filter(([id, name]) => name === `p${(Number(id.slice(3)) + 1) % files}`)).toHaveLength(files - 1);
});

test('a new folder that takes the name of one whose files go into it: the old one steps aside, and is removed when that is published', () => {
  const nodes = [folder('old', 'old'), folder('in', 'in', 'old')];
  const put: Draft = {
    do: 'put',
    node: 'new' as NodeId,
    state: { kind: 'folder', parent: rootId, name: 'old' as NodeName },
    copy: undefined,
  };
  const remove: Draft = { do: 'remove', node: 'old' as NodeId };
  const into = move('in', 'in', 'new');
  expect(split(nodes, [into, remove, put])).toEqual([move('old', 'old aside'), put, into]);
});

test('a folder and one below it that trade places: the upper one steps aside', () => {
  const nodes = [folder('a', 'a'), folder('b', 'b', 'a')];
  expect(split(nodes, [move('b', 'a'), move('a', 'b', 'b')])).toEqual([move('a', 'a aside'), move('b', 'a')]);
});

test('what goes nowhere: a removed folder that keeps something', () => {
  const nodes = [folder('a', 'a'), folder('b', 'b', 'a')];
  expect(split(nodes, [{ do: 'remove', node: 'a' as NodeId }])).toBeUndefined();
});
