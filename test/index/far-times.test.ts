import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { makeOlder } from './older-index.ts';
import { fileState, localNode, nodeId } from './sample-nodes.ts';
import { useIndexFolder } from './with-index-folder.ts';

const { pathOf } = useIndexFolder();

/** Microseconds of 1601 and 2300, and a time that a vault can hold. */
const times = [-11_644_473_600_000_000, 10_413_792_000_000_000, 1_700_000_000_123_456] as const;

test('times that no vault can hold, noted by an earlier version, are the nearest that it can', () => {
  const file = pathOf('index.db');
  const index = SyncIndex.open(file);
  for (const at of times.keys()) index.local.write(localNode(nodeId(`file ${at}`), fileState(`file ${at}`)));
  index.close();
  const older = new BetterSqlite(file);
  for (const [at, time] of times.entries())
    older.prepare('UPDATE node SET local_mtime = ? WHERE id = ?').run(BigInt(time), Buffer.from(nodeId(`file ${at}`), 'hex'));
  makeOlder(older, 12);
  older.close();
  const again = SyncIndex.open(file);
  const found = [...times.keys()].map((at) => {
    const state = again.local.find(nodeId(`file ${at}`))?.state;
    return state?.kind === 'file' ? state.mtimeUs : undefined;
  });
  expect(found).toEqual([-9_007_199_254_000_000, 9_007_199_254_000_000, times[2]]);
  again.close();
});
