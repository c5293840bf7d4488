import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import {
  sameState,
  type ContentRef,
  type LocalNode,
  type LocalState,
  type NodeState,
  type Place,
  type VersionedNode,
} from '../../src/model/node.ts';
import { contentOf, fileState, folderState, localNode, nameOf, nodeId, versionAt, versionedNode } from './sample-nodes.ts';

const open = (): SyncIndex => SyncIndex.open(':memory:');
const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map(nodeId);
const [a = rootId, b = rootId, c = rootId] = ids;

function agree(index: SyncIndex, id: NodeId, state: NodeState): void {
  index.local.write(localNode(id, state));
  index.base.write(versionedNode(id, state));
  index.remote.write(versionedNode(id, state));
}

const queue = (index: SyncIndex, limit = 100, after = 0): NodeId[] => index.dirty.take(limit, after).map(({ id }) => id);

describe('the dirty set', () => {
  test('holds a node from its first trace until all three trees agree, and again until it is in none', () => {
    const index = open();
    const state = fileState('x');
    index.local.write(localNode(a, state));
    expect(queue(index)).toEqual([a]);
    index.remote.write(versionedNode(a, state));
    expect(queue(index)).toEqual([a]);
    index.base.write(versionedNode(a, state));
    expect(queue(index)).toEqual([]);
    expect(index.dirty.count()).toBe(0);
    index.local.erase(a);
    index.remote.erase(a);
    expect(queue(index)).toEqual([a]);
    index.base.erase(a);
    expect(index.dirty.count()).toBe(0);
  });

  test('does not take a version, a time, a name or an unread content for agreement', () => {
    const state = fileState('x');
    const changes: ((index: SyncIndex) => void)[] = [
      (index) => index.remote.write(versionedNode(a, state, versionAt(2))),
      (index) => index.base.write(versionedNode(a, state, versionAt(2))),
      (index) => index.local.write(localNode(a, { ...state, mtimeUs: state.mtimeUs + 1 })),
      (index) => index.local.write(localNode(a, { ...state, executable: true })),
      (index) => index.local.write(localNode(a, { ...state, name: nameOf('y') })),
      (index) => index.local.write(localNode(a, { ...state, content: undefined, sizeBytes: 1 })),
      (index) => index.local.write(localNode(a, { ...state, content: { ...state.content, epoch: 2 } })),
      (index) => index.local.write(localNode(a, folderState('x'))),
    ];
    for (const change of changes) {
      const index = open();
      agree(index, a, state);
      expect(index.dirty.has(a)).toBe(false);
      change(index);
      expect(index.dirty.has(a)).toBe(true);
    }
  });

  test('takes empty files for the same whatever the epoch, and folders whatever their fingerprint', () => {
    const index = open();
    const empty = fileState('x', { text: '' });
    agree(index, a, empty);
    index.local.write(localNode(a, { ...empty, content: { ...contentOf('any'), epoch: 2, sizeBytes: 0 } }));
    expect(index.dirty.has(a)).toBe(false);
    agree(index, b, folderState('f'));
    index.local.write({ ...localNode(b, folderState('f')), fingerprint: 'other', identity: 'other' });
    expect(index.dirty.count()).toBe(0);
  });

  test('gives nodes in the order they came, a page at a time', () => {
    const index = open();
    for (const id of ids) index.local.write(localNode(id, fileState(id)));
    const first = index.dirty.take(2);
    expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(queue(index, 100, first.at(-1)?.seq)).toEqual(ids.slice(2));
    expect(index.dirty.lastSeq()).toBe(index.dirty.take(100).at(-1)?.seq);
    // A further write does not move it.
    index.local.write(localNode(a, fileState('renamed')));
    expect(queue(index)).toEqual(ids);
    index.dirty.postpone(a);
    index.dirty.postpone(nodeId('nobody'));
    expect(queue(index)).toEqual([...ids.slice(1), a]);
    expect(index.dirty.count()).toBe(ids.length);
  });

  test('keeps a held node back until it is written, its time comes, or all are released', () => {
    const index = open();
    for (const id of [a, b, c]) index.local.write(localNode(id, fileState(id)));
    index.dirty.hold(a, 'changed');
    index.dirty.hold(b, 1_000);
    index.dirty.hold(c, 2_000);
    index.dirty.hold(nodeId('nobody'), 5);
    expect(queue(index)).toEqual([]);
    expect([index.dirty.count(), index.dirty.countHeld(), index.dirty.nextReleaseMs()]).toEqual([3, 3, 1_000]);
    expect(index.dirty.releaseHeld(999)).toBe(0);
    expect(index.dirty.releaseHeld(1_000)).toBe(1);
    expect(queue(index)).toEqual([b]);
    index.remote.write(versionedNode(a, fileState('a')));
    expect(queue(index)).toEqual([a, b]);
    index.dirty.hold(a, 'changed');
    index.dirty.mark(a);
    expect(queue(index)).toEqual([a, b]);
    index.dirty.hold(a, 'changed');
    expect(index.dirty.releaseHeld()).toBe(2);
    expect(index.dirty.nextReleaseMs()).toBeUndefined();
    expect(queue(index)).toEqual([a, b, c]);
  });

  test('forgets a hold with the node', () => {
    const index = open();
    index.local.write(localNode(a, fileState('x')));
    index.dirty.hold(a, 'changed');
    index.remote.write(versionedNode(a, fileState('x')));
    index.dirty.hold(a, 'changed');
    index.base.write(versionedNode(a, fileState('x')));
    index.local.erase(a);
    expect(queue(index)).toEqual([a]);
    expect(index.dirty.countHeld()).toBe(0);
  });

  test('is what it was when a transaction fails', () => {
    const index = open();
    index.local.write(localNode(a, fileState('a')));
    const before = index.dirty.take(10);
    expect(() =>
      index.transaction(() => {
        index.local.erase(a);
        index.local.write(localNode(b, fileState('b')));
        expect(index.dirty.count()).toBe(1);
        expect(index.local.count().files).toBe(1);
        throw new Error('on purpose');
      }),
    ).toThrow('on purpose');
    expect(index.dirty.take(10)).toEqual(before);
    expect(index.dirty.count()).toBe(1);
    index.local.write(localNode(c, fileState('c')));
    expect(index.dirty.take(10).map(({ id }) => id)).toEqual([a, c]);
  });
});

// Few of everything, so that nodes meet.
const contents: readonly ContentRef[] = [
  contentOf('one'),
  contentOf('two'),
  contentOf(''),
  { ...contentOf(''), epoch: 2 },
  { ...contentOf('one'), epoch: 2 },
];
const anyPlace = fc.record({ parent: fc.constantFrom(rootId, a), name: fc.constantFrom('x', 'y', '\udcff').map(nameOf) });
const anyMeta = fc.record({ mtimeUs: fc.constantFrom(1, 2), executable: fc.boolean(), fromOutside: fc.boolean() });
const anyState: fc.Arbitrary<NodeState> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(anyPlace, anyMeta, fc.constantFrom(...contents))
      .map(([place, meta, content]) => ({ kind: 'file' as const, ...place, ...meta, content })),
  },
  { weight: 1, arbitrary: anyPlace.map((place) => ({ kind: 'folder' as const, ...place })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyPlace, fc.constantFrom('t', 'u'), fc.constantFrom(1, 2))
      .map(([place, target, mtimeUs]) => ({ kind: 'link' as const, ...place, target, mtimeUs })),
  },
);
const anyLocal: fc.Arbitrary<LocalState> = fc.tuple(anyState, fc.integer({ min: 0, max: 4 })).map(([state, dice]) => {
  if (state.kind !== 'file') return state;
  return dice === 0 ? { ...state, content: undefined, sizeBytes: 9 } : { ...state, sizeBytes: state.content.sizeBytes };
});

type Act =
  | { readonly do: 'local'; readonly id: NodeId; readonly state: LocalState }
  | { readonly do: 'base' | 'remote'; readonly id: NodeId; readonly state: NodeState; readonly lamport: number }
  | { readonly do: 'erase'; readonly tree: 'local' | 'base' | 'remote'; readonly id: NodeId }
  | { readonly do: 'agree'; readonly id: NodeId }
  | { readonly do: 'adopt'; readonly id: NodeId; readonly to: NodeId }
  | { readonly do: 'swap'; readonly tree: 'local' | 'remote'; readonly id: NodeId; readonly to: NodeId }
  | { readonly do: 'hold' | 'postpone' | 'mark'; readonly id: NodeId };

const anyId = fc.constantFrom(...ids);
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('local' as const), id: anyId, state: anyLocal }),
  fc.record({ do: fc.constantFrom('base' as const, 'remote' as const), id: anyId, state: anyState, lamport: fc.constantFrom(1, 2) }),
  fc.record({ do: fc.constant('erase' as const), tree: fc.constantFrom('local' as const, 'base' as const, 'remote' as const), id: anyId }),
  fc.record({ do: fc.constant('agree' as const), id: anyId }),
  fc.record({ do: fc.constant('adopt' as const), id: anyId, to: anyId }),
  fc.record({ do: fc.constant('swap' as const), tree: fc.constantFrom('local' as const, 'remote' as const), id: anyId, to: anyId }),
  fc.record({ do: fc.constantFrom('hold' as const, 'postpone' as const, 'mark' as const), id: anyId }),
);

/** The three trees as maps: what the index has to be. */
class Model {
  readonly local = new Map<NodeId, LocalNode>();
  readonly base = new Map<NodeId, VersionedNode>();
  readonly remote = new Map<NodeId, VersionedNode>();

  isDirty(id: NodeId): boolean {
    const [local, base, remote] = [this.local.get(id), this.base.get(id), this.remote.get(id)];
    if (local === undefined && base === undefined && remote === undefined) return false;
    if (local === undefined || base === undefined || remote === undefined) return true;
    return base.version !== remote.version || !sameState(local.state, base.state);
  }

  isTaken(tree: 'local' | 'remote', id: NodeId, { parent, name }: Place): boolean {
    return [...this[tree].values()].some((node) => node.id !== id && node.state.parent === parent && node.state.name === name);
  }
}

function run(index: SyncIndex, model: Model, act: Act): void {
  switch (act.do) {
    case 'local':
      if (!model.isTaken('local', act.id, act.state)) write(index, model, { local: localNode(act.id, act.state) });
      return;
    case 'base':
      write(index, model, { base: versionedNode(act.id, act.state, versionAt(act.lamport)) });
      return;
    case 'remote':
      if (!model.isTaken('remote', act.id, act.state))
        write(index, model, { remote: versionedNode(act.id, act.state, versionAt(act.lamport)) });
      return;
    case 'erase':
      index[act.tree].erase(act.id);
      model[act.tree].delete(act.id);
      return;
    case 'agree': {
      const remote = model.remote.get(act.id);
      if (remote !== undefined && !model.isTaken('local', act.id, remote.state))
        write(index, model, { base: remote, local: localNode(act.id, remote.state) });
      return;
    }
    case 'adopt':
      adopt(index, model, act);
      return;
    case 'swap':
      swap(index, model, act);
      return;
    case 'hold':
      index.dirty.hold(act.id, 'changed');
      return;
    case 'postpone':
      index.dirty.postpone(act.id);
      return;
    case 'mark':
      index.dirty.mark(act.id);
  }
}

function write(
  index: SyncIndex,
  model: Model,
  { local, base, remote }: { local?: LocalNode; base?: VersionedNode; remote?: VersionedNode },
): void {
  if (local !== undefined) {
    index.local.write(local);
    model.local.set(local.id, local);
  }
  if (base !== undefined) {
    index.base.write(base);
    model.base.set(base.id, base);
  }
  if (remote !== undefined) {
    index.remote.write(remote);
    model.remote.set(remote.id, remote);
  }
}

/** Two nodes trade places: one leaves before the other comes. */
function swap(
  index: SyncIndex,
  model: Model,
  { tree, id, to }: { readonly tree: 'local' | 'remote'; readonly id: NodeId; readonly to: NodeId },
): void {
  const [one, other] = [model[tree].get(id), model[tree].get(to)];
  if (one === undefined || other === undefined || id === to) return;
  const placeOf = ({ state: { parent, name } }: { readonly state: Place }): Place => ({ parent, name });
  const moved = { ...one, state: { ...one.state, ...placeOf(other) } };
  index.transaction(() => {
    index[tree].erase(id);
    write(index, model, { [tree]: { ...other, state: { ...other.state, ...placeOf(one) } } });
    write(index, model, { [tree]: moved });
  });
}

function adopt(index: SyncIndex, model: Model, { id, to }: { readonly id: NodeId; readonly to: NodeId }): void {
  const node = model.local.get(id);
  const below = [...model.local.values()];
  // A folder in itself, or two children that would meet, is no disk's state.
  if (node === undefined || model.local.has(to) || below.some(({ state }) => state.parent === to) || node.state.parent === id) return;
  index.local.adopt(id, to);
  model.local.delete(id);
  model.local.set(to, { ...node, id: to });
  for (const child of below) if (child.state.parent === id) model.local.set(child.id, { ...child, state: { ...child.state, parent: to } });
}

function check(index: SyncIndex, model: Model): void {
  const dirty = ids.filter((id) => model.isDirty(id));
  expect(ids.filter((id) => index.dirty.has(id))).toEqual(dirty);
  expect(index.dirty.count()).toBe(dirty.length);
  for (const id of ids) {
    expect(index.local.find(id)).toEqual(model.local.get(id));
    expect(index.base.find(id)).toEqual(model.base.get(id));
    expect(index.remote.find(id)).toEqual(model.remote.get(id));
  }
  for (const tree of ['local', 'base', 'remote'] as const) {
    const nodes: { readonly state: LocalState | NodeState }[] = [...model[tree].values()];
    const sizes = nodes.map(({ state }) =>
      state.kind === 'file' ? ('sizeBytes' in state ? state.sizeBytes : state.content.sizeBytes) : 0,
    );
    const of = (kind: string): number => nodes.filter(({ state }) => state.kind === kind).length;
    expect(index[tree].count()).toEqual({
      files: of('file'),
      folders: of('folder'),
      links: of('link'),
      bytes: sizes.reduce((sum, size) => sum + size, 0),
    });
  }
  for (const tree of ['local', 'base', 'remote'] as const) checkPlaces(index, model, tree);
  for (const { id } of contents) {
    const vanished = [...model.base.values()].filter(
      (node) => node.state.kind === 'file' && node.state.content.id === id && !model.local.has(node.id),
    );
    expect(index.base.vanishedWithContent(id, 100).map((node) => node.id)).toEqual(vanished.map((node) => node.id).toSorted());
  }
}

function checkPlaces(index: SyncIndex, model: Model, tree: 'local' | 'base' | 'remote'): void {
  const nodes: { readonly id: NodeId; readonly state: Place }[] = [...model[tree].values()];
  for (const parent of [rootId, a]) {
    const children = nodes.filter(({ state }) => state.parent === parent);
    expect(index[tree].hasChildren(parent)).toBe(children.length > 0);
    expect([...index[tree].childrenOf(parent, undefined, 100)].toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual(
      children.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    );
    for (const name of ['x', 'y', '\udcff'].map(nameOf)) {
      const there = children.filter(({ state }) => state.name === name);
      const found = index[tree].childNamed(parent, name);
      if (there.length === 0) expect(found).toBeUndefined();
      else expect(there).toContainEqual(found);
    }
  }
}

describe('after any writes', () => {
  test('the dirty set and the totals are what the trees say, at every step', () => {
    fc.assert(
      fc.property(fc.array(anyAct, { maxLength: 60 }), (acts) => {
        const index = open();
        const model = new Model();
        for (const act of acts) {
          run(index, model, act);
          check(index, model);
        }
        // What the file holds is what was in memory.
        check(SyncIndex.restore(index.serialize()), model);
        index.dirty.releaseHeld();
        const kept = queue(index).toSorted();
        index.dirty.rebuild();
        expect(queue(index).toSorted()).toEqual(kept);
        expect(index.dirty.count()).toBe(kept.length);
        index.close();
      }),
      { numRuns: 150 },
    );
  });

  test('a transaction that fails leaves no trace, and one that does not leaves all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ acts: fc.array(anyAct, { maxLength: 12 }), isKept: fc.boolean() }), { maxLength: 8 }),
        (transactions) => {
          const index = open();
          let model = new Model();
          for (const { acts, isKept } of transactions) {
            const next = new Model();
            for (const tree of ['local', 'base', 'remote'] as const)
              for (const [id, node] of model[tree]) (next[tree] as Map<NodeId, typeof node>).set(id, node);
            try {
              index.transaction(() => {
                for (const act of acts) run(index, next, act);
                check(index, next);
                if (!isKept) throw new Error('rolled back');
              });
              model = next;
            } catch (error) {
              if (!(error instanceof Error && error.message === 'rolled back')) throw error;
            }
            check(index, model);
          }
          check(SyncIndex.restore(index.serialize()), model);
          index.close();
        },
      ),
      { numRuns: 100 },
    );
  });
});
