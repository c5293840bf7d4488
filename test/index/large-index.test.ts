import { describe, expect, test, vi } from 'vitest';
import { IndexDatabase } from '../../src/index/file/database.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import type { NodeState } from '../../src/model/node.ts';
import { chunkId, contentOf, fileState, folderState, localNode, nameOf, nodeId, packId, versionAt, versionedNode } from './sample-nodes.ts';
import { useIndexFolder } from './with-index-folder.ts';

const { pathOf } = useIndexFolder();
const minutes = (count: number): number => count * 60_000;
const sample = fileState('sample', { text: 'ten bytes.' });

/** Ids in no order, without the cost of a hash. */
function cheapId(number: number): NodeId {
  return (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0').repeat(4) as NodeId;
}

describe('a large index', () => {
  test('takes 200,000 files in folders of 500, and answers at once how much there is', { timeout: minutes(10) }, () => {
    const index = SyncIndex.open(':memory:');
    const [folders, perFolder] = [400, 500];
    for (let folder = 0; folder < folders; folder += 1) {
      const parent = cheapId(folder * 1_000);
      index.transaction(() => {
        index.local.write(localNode(parent, folderState(`folder ${folder}`)));
        for (let at = 1; at <= perFolder; at += 1) {
          index.local.write(localNode(cheapId(folder * 1_000 + at), { ...sample, parent, name: nameOf(`file ${at}`) }));
        }
      });
    }
    expect(index.local.count()).toEqual({ files: folders * perFolder, folders, links: 0, bytes: folders * perFolder * 10 });
    expect(index.dirty.count()).toBe(folders * (perFolder + 1));
    expect(index.dirty.take(3, index.dirty.lastSeq() - 2)).toHaveLength(2);
    expect(index.local.childrenOf(cheapId(399_000), undefined, 1_000)).toHaveLength(perFolder);
    expect(index.local.findByIdentity(`ino of ${cheapId(7_007)}`)).toHaveLength(1);
    index.database.checkIntegrity();
    index.close();
  });

  test('takes 20,000 chunks and contents at once', () => {
    const index = SyncIndex.open(pathOf('index.db'));
    const rows = 20_000;
    const chunks = Array.from({ length: rows }, (_, at) => ({ chunk: chunkId(at), offset: at * 200, sealedBytes: 200, plainBytes: 100 }));
    index.transaction(() => {
      index.chunks.registerPack({ pack: packId(1), epoch: 1, sizeBytes: rows * 200, chunks }, 'stored', 'own');
      for (let at = 0; at < rows; at += 1)
        index.contents.write({ ...contentOf(`${at}`), chunks: [chunkId(at), chunkId(at + 1)], listChunks: [] });
    });
    expect([...index.chunks.storedPacks()][0]?.chunks).toHaveLength(rows);
    expect(index.chunks.trusted(chunkId(rows - 1))).toBe(true);
    expect(index.contents.find(contentOf('77').id)?.chunks).toEqual([chunkId(77), chunkId(78)]);
    index.close();
  });

  test('never scans or sorts a table that grows with the tree', () => {
    const statements = new Set<string>();
    const spies = [vi.spyOn(IndexDatabase.prototype, 'prepare'), vi.spyOn(IndexDatabase.prototype, 'prepareArrays')];
    const index = SyncIndex.open(':memory:');
    useEverything(index);
    for (const spy of spies) {
      for (const [sql] of spy.mock.calls) statements.add(sql);
      spy.mockRestore();
    }
    expect(statements.size).toBeGreaterThan(50);
    const slow: string[] = [];
    for (const sql of statements) {
      const marks = sql.split('?').length - 1;
      const plan = index.database
        .prepare<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...Array.from({ length: marks }, () => null));
      if (plan.some(({ detail }) => /SCAN|TEMP B-TREE/.test(detail))) slow.push(sql.replaceAll(/\s+/g, ' '));
    }
    // What is small by its nature (one row, or the first of any; open intents and problems; packs not committed, copies not published) or whole by intention (rebuild).
    const allowed =
      /totals|^SELECT 1 AS yes FROM \w+ LIMIT 1$|FROM left_out|FROM intent|FROM problem|FROM conflict_copy$|FROM pack |dirty_seq = NULL, hold = NULL WHERE dirty_seq/;
    expect(slow.filter((sql) => !allowed.test(sql))).toEqual([]);
  });
});

/** Every statement that there is. */
function useEverything(index: SyncIndex): void {
  const [a, b] = [nodeId('a'), nodeId('b')];
  const state: NodeState = fileState('x');
  for (const tree of [index.base, index.remote]) {
    tree.write(versionedNode(a, state));
    tree.childrenOf(rootId, undefined, 1);
    tree.childrenOf(rootId, state.name, 1);
    tree.childNamed(rootId, state.name);
    tree.hasChildren(rootId);
  }
  index.base.vanishedWithContent(contentOf('x').id, 5);
  index.local.write(localNode(b, state));
  index.local.findByIdentity('1:1');
  index.local.childrenOf(rootId, undefined, 1);
  index.local.childrenOf(rootId, state.name, 1);
  index.local.childNamed(rootId, state.name);
  index.local.hasMoreChildren(rootId, 1);
  index.local.adopt(b, a);
  index.dirty.mark(a);
  index.dirty.take(1);
  index.dirty.has(a);
  index.dirty.hold(a, 5);
  index.dirty.releaseHeld(5);
  index.dirty.releaseHeld();
  index.dirty.nextReleaseMs();
  index.dirty.postpone(a);
  index.dirty.countHeld();
  index.dirty.rebuild();
  index.chunks.registerPack(
    { pack: packId(1), epoch: 1, sizeBytes: 1, chunks: [{ chunk: chunkId(1), offset: 0, sealedBytes: 1, plainBytes: 1 }] },
    'stored',
    'told',
  );
  index.chunks.markOpened(chunkId(1));
  index.chunks.trusted(chunkId(1));
  [...index.chunks.storedPacks()].at(-1);
  index.chunks.markCommitted([packId(1)]);
  index.chunks.findPack(packId(1));
  index.chunks.forgetPacks([packId(1)]);
  index.contents.write({ ...contentOf('x'), chunks: [], listChunks: [] });
  index.contents.find(contentOf('x').id);
  index.contents.erase(contentOf('x').id);
  index.ownBase.remember(versionAt(1), a, undefined);
  index.ownBase.find(versionAt(1));
  index.ownBase.forget(versionAt(1));
  index.ownBase.forgetUpTo(5);
  index.ownBase.hasAny();
  index.problems.hasNode(a);
  index.problems.clearNode(a);
  index.problems.list(5);
  for (const tree of [index.local, index.base, index.remote]) tree.erase(a);
}
