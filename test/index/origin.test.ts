import BetterSqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { fullTraits } from '../../src/model/disk-traits.ts';
import { makeOlder } from './older-index.ts';
import { fileState, localNode, nodeId, versionAt, versionedNode } from './sample-nodes.ts';
import { useIndexFolder } from './with-index-folder.ts';

const { pathOf } = useIndexFolder();
const sketches = [{}, { executable: true }, { fromOutside: true }, { executable: true, fromOutside: true }] as const;

function fill(index: SyncIndex): void {
  for (const [at, sketch] of sketches.entries()) {
    const state = fileState(`file ${at}`, sketch);
    const node = versionedNode(nodeId(at), state, versionAt(1, at));
    index.local.write(localNode(nodeId(at), state));
    index.base.write(node);
    index.remote.write(node);
    index.ownBase.remember(versionAt(2, at), nodeId(at), node);
    index.pastStates.add([{ node, by: versionAt(3, at), isRemoved: true }]);
  }
}

/** Of each file in each tree, and of what is noted of it: executable, from outside. */
function bitsIn(index: SyncIndex): unknown {
  return sketches.map((_, at) => {
    const past = [...index.pastStates.statesOf(nodeId(at), undefined, 10)].map(({ node }) => node);
    const nodes = [index.local.find(nodeId(at)), index.base.find(nodeId(at)), index.remote.find(nodeId(at)), ...past];
    const states = [...nodes, index.ownBase.find(versionAt(2, at))?.previous].map((node) => node?.state);
    const bits = states.map((state) => (state?.kind === 'file' ? `${state.executable} ${state.fromOutside}` : 'none'));
    expect(bits).toHaveLength(5);
    return [...new Set(bits)];
  });
}

test('both bits of a file come back from every table of a closed index', () => {
  const index = SyncIndex.open(pathOf('index.db'));
  fill(index);
  index.close();
  const again = SyncIndex.open(pathOf('index.db'));
  expect(bitsIn(again)).toEqual([['false false'], ['true false'], ['false true'], ['true true']]);
  again.close();
});

test('an index of a Cachette that knew of no origin goes on: its files came from nowhere as far as is known', () => {
  const index = SyncIndex.open(pathOf('index.db'));
  fill(index);
  index.close();
  const older = new BetterSqlite(pathOf('index.db'));
  makeOlder(older);
  expect(older.prepare('SELECT local_executable FROM node ORDER BY number').pluck().all()).toEqual([0, 1, 0, 1]);
  older.close();
  const again = SyncIndex.open(pathOf('index.db'));
  expect(bitsIn(again)).toEqual([['false false'], ['true false'], ['false false'], ['true false']]);
  again.close();
});

describe('what the disk can hold', () => {
  test('is found out anew where an older Cachette had not asked for everything', () => {
    const index = SyncIndex.open(pathOf('index.db'));
    index.traits.replace('a disk', { ...fullTraits, foldsCase: true, keepsOrigin: true });
    expect(index.traits).toMatchObject({ fileSystem: 'a disk', current: { keepsOrigin: true } });
    const { keepsOrigin: _, ...older } = { ...fullTraits, foldsCase: true };
    index.settings.writeText('disk.traits', JSON.stringify({ fileSystem: 'a disk', traits: older }));
    index.close();
    const again = SyncIndex.open(pathOf('index.db'));
    expect(again.traits).toMatchObject({ fileSystem: '', current: { ...older, keepsOrigin: false } });
    again.close();
  });
});
