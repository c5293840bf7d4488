import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countPending } from '../../src/index/nodes/count-pending.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import type { NodeState } from '../../src/model/node.ts';
import { fileState, folderState, localNode, nodeId, versionAt, versionedNode } from './sample-nodes.ts';

const [photos, summer, picture, work] = ['photos', 'summer', 'picture', 'work'].map(nodeId) as [NodeId, NodeId, NodeId, NodeId];

function agree(index: SyncIndex, id: NodeId, state: NodeState): void {
  index.local.write(localNode(id, state));
  index.base.write(versionedNode(id, state));
  index.remote.write(versionedNode(id, state));
}

/** `photos/summer/picture` and `work`, in agreement. */
function filled(): SyncIndex {
  const index = SyncIndex.open(':memory:');
  agree(index, photos, folderState('photos'));
  agree(index, summer, folderState('summer', photos));
  agree(index, picture, fileState('picture', { parent: summer }));
  agree(index, work, folderState('work'));
  return index;
}

function leaveOut(index: SyncIndex, folder: NodeId): void {
  index.leftOut.choose(folder, 'left-out');
  index.leftOut.apply();
}

/** As after the steps that took them from this disk. */
function remove(index: SyncIndex, ...ids: readonly NodeId[]): void {
  for (const id of ids) {
    index.local.erase(id);
    index.base.erase(id);
  }
}

const queue = (index: SyncIndex): NodeId[] => index.dirty.take(100).map(({ id }) => id);

describe('what selective sync leaves out', () => {
  test('is chosen by anybody, and holds once the owner applies it', () => {
    const index = filled();
    index.leftOut.choose(photos, 'left-out');
    expect([index.leftOut.isBehind, index.leftOut.chosen(), index.leftOut.has(photos), queue(index)]).toEqual([true, [photos], false, []]);
    index.leftOut.apply();
    expect([index.leftOut.isBehind, queue(index)]).toEqual([false, [photos, summer, picture]]);
    expect([photos, summer, picture, work].map((id) => index.leftOut.has(id))).toEqual([true, true, true, false]);
  });

  test('is in agreement when it is in the vault alone', () => {
    const index = filled();
    leaveOut(index, photos);
    remove(index, picture, summer, photos);
    expect(index.dirty.count()).toBe(0);
    index.remote.write(versionedNode(picture, fileState('picture', { parent: summer, text: 'newer' }), versionAt(2)));
    index.remote.write(versionedNode(nodeId('new'), fileState('new', { parent: summer }), versionAt(2)));
    expect(index.dirty.count()).toBe(0);
    index.local.write(localNode(nodeId('new'), fileState('new', { parent: summer })));
    expect(queue(index)).toEqual([nodeId('new')]);
  });

  test('comes back when it is chosen again', () => {
    const index = filled();
    leaveOut(index, photos);
    remove(index, picture, summer, photos);
    index.leftOut.choose(photos, 'included');
    expect(queue(index)).toEqual([]);
    index.leftOut.apply();
    expect(queue(index)).toEqual([photos, summer, picture]);
    expect(index.leftOut.chosen()).toEqual([]);
  });

  test('is never taken for deleted here, whatever the base still says when it comes back', () => {
    const index = filled();
    leaveOut(index, photos);
    index.local.erase(picture);
    index.leftOut.choose(photos, 'included');
    index.leftOut.apply();
    expect(index.base.find(picture)).toBeUndefined();
    expect(index.base.find(summer)).toBeDefined();
  });

  test('follows what is moved in the vault, with all below it', () => {
    const index = filled();
    leaveOut(index, photos);
    remove(index, picture, summer, photos);
    index.remote.write(versionedNode(summer, folderState('summer', work), versionAt(2)));
    expect(queue(index).toSorted()).toEqual([summer, picture].toSorted());
    index.remote.write(versionedNode(work, folderState('work', photos), versionAt(3)));
    expect([photos, summer, picture, work].map((id) => index.leftOut.has(id))).toEqual([true, true, true, true]);
    expect(queue(index)).toEqual([work]);
  });

  test('a folder that is chosen and removed in the vault is left out again should it come back', () => {
    const index = filled();
    leaveOut(index, photos);
    remove(index, picture, summer, photos);
    const folder = index.remote.find(photos);
    for (const id of [picture, summer, photos]) index.remote.erase(id);
    expect([index.leftOut.has(photos), index.dirty.count(), index.leftOut.chosen()]).toEqual([false, 0, [photos]]);
    if (folder !== undefined) index.remote.write(folder);
    expect([index.leftOut.has(photos), index.dirty.count()]).toEqual([true, 0]);
  });

  test('a choice taken back before it was applied leaves nothing', () => {
    const index = filled();
    index.leftOut.choose(photos, 'left-out');
    index.leftOut.choose(photos, 'included');
    expect([index.leftOut.isBehind, index.leftOut.chosen()]).toEqual([false, []]);
  });

  test('counts as to be fetched while it goes, and as nothing afterwards', () => {
    const index = filled();
    leaveOut(index, photos);
    expect(countPending(index)).toEqual({ upload: 0, download: 3 });
    remove(index, picture, summer, photos);
    expect(countPending(index)).toEqual({ upload: 0, download: 0 });
  });

  test('survives a restart, and a transaction that fails leaves no trace', () => {
    const index = filled();
    leaveOut(index, photos);
    expect(() =>
      index.transaction(() => {
        index.leftOut.choose(photos, 'included');
        index.leftOut.apply();
        index.remote.write(versionedNode(work, folderState('work', photos), versionAt(2)));
        throw new Error('rolled back');
      }),
    ).toThrow('rolled back');
    index.remote.write(versionedNode(nodeId('new'), fileState('new', { parent: photos })));
    const again = SyncIndex.restore(index.serialize());
    expect([photos, summer, picture, nodeId('new'), work].map((id) => again.leftOut.has(id))).toEqual([true, true, true, true, false]);
  });
});

const ids = Array.from({ length: 7 }, (_, at) => nodeId(`any ${at}`));
const someId = fc.constantFrom(...ids);
const anyAct = fc.oneof(
  fc.record({ do: fc.constant('place' as const), id: someId, parent: fc.constantFrom(rootId, ...ids) }),
  fc.record({ do: fc.constant('place' as const), id: someId, parent: fc.constantFrom(rootId, ...ids) }),
  fc.record({ do: fc.constant('erase' as const), id: someId }),
  fc.record({ do: fc.constant('choose' as const), id: someId, choice: fc.constantFrom('left-out' as const, 'included' as const) }),
  fc.record({ do: fc.constant('apply' as const) }),
);

/** The folders above the node, itself first; undefined where they do not lead to the top. */
function wayUp(index: SyncIndex, id: NodeId): NodeId[] | undefined {
  const way: NodeId[] = [];
  for (let at = id; at !== rootId;) {
    const node = index.remote.find(at);
    if (node === undefined || way.includes(at)) return undefined;
    way.push(at);
    at = node.state.parent;
  }
  return way;
}

test('after any changes of tree and choices, what is left out is what stands at or below an applied folder', () => {
  fc.assert(
    fc.property(fc.array(anyAct, { maxLength: 40 }), (acts) => {
      const index = SyncIndex.open(':memory:');
      let version = 1;
      let applied = new Set<NodeId>();
      for (const act of acts) {
        if (act.do === 'place') {
          // Whatever order a fold writes in: only a node below itself is not among it.
          if (wayUp(index, act.parent)?.includes(act.id) === true || act.parent === act.id) continue;
          index.remote.write(versionedNode(act.id, folderState(`name ${act.id}`, act.parent), versionAt((version += 1))));
        } else if (act.do === 'erase') index.remote.erase(act.id);
        else if (act.do === 'choose') index.leftOut.choose(act.id, act.choice);
        else {
          index.leftOut.apply();
          applied = new Set(index.leftOut.chosen());
        }
        for (const id of ids) {
          const way = index.remote.find(id) === undefined ? [] : wayUp(index, id);
          if (way !== undefined) expect(index.leftOut.has(id)).toBe(way.some((each) => applied.has(each)));
        }
      }
      index.close();
    }),
    { numRuns: 300 },
  );
});
