import BetterSqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { traceFromText } from '../../src/vault/journal/fold/fold-state.ts';
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

test('nor from anywhere else is what an older Cachette had noted down to go back to, or to go on with', () => {
  SyncIndex.open(pathOf('index.db')).close();
  const older = new BetterSqlite(pathOf('index.db'));
  makeOlder(older);
  const nodes = [false, true].map((executable, at) => {
    const { fromOutside: _, ...state } = fileState('name with "executable":false} in it', { executable });
    return { ...versionedNode(nodeId(at), fileState(''), versionAt(1, at)), state };
  });
  const [one, other] = nodes;
  const trace = [{ nodes: [[one?.id, one]], records: [] }, 'gone', { nodes: [[other?.id, other]], records: [] }];
  older.prepare('INSERT INTO journal_trace (entry, trace) VALUES (1, ?)').run(JSON.stringify(trace));
  const begun = nodes.map((node) => ({ node, upon: null }));
  older.prepare("INSERT INTO intent (kind, detail) VALUES ('bring', ?)").run(JSON.stringify(begun));
  older.prepare("INSERT INTO intent (kind, detail) VALUES ('decide', 'all')").run();
  older.close();
  const again = SyncIndex.open(pathOf('index.db'));
  const whole = nodes.map((node) => ({ ...node, state: { ...node.state, fromOutside: false } }));
  const [wholeOne, wholeOther] = whole;
  const traceNow = again.database.prepare<{ readonly trace: string }>('SELECT trace FROM journal_trace').get()?.trace ?? '';
  expect(traceFromText(traceNow)).toEqual([
    { nodes: [[one?.id, wholeOne]], records: [] },
    'gone',
    { nodes: [[other?.id, wholeOther]], records: [] },
  ]);
  const [brought, decided] = again.intents.open().map(({ detail }) => detail);
  expect(JSON.parse(brought ?? '')).toEqual(whole.map((node) => ({ node, upon: null })));
  expect(decided).toBe('all');
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
