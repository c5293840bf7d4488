import { describe, expect, test } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import type { PackDirectory } from '../../src/model/change.ts';
import type { ChunkId } from '../../src/model/ids.ts';
import type { Content } from '../../src/model/node.ts';
import { asLocal, chunkId, contentOf, fileState, localNode, nodeId, packId, versionedNode } from './sample-nodes.ts';
import { useIndexFolder } from './with-index-folder.ts';

/** What the index keeps in memory of what it has written or looked up must never outlive what the file says. */
describe('what the index remembers', () => {
  const { pathOf } = useIndexFolder();
  const content: Content = { ...contentOf('text'), chunks: [contentOf('text').id as string as ChunkId], listChunks: [] };
  const pack: PackDirectory = {
    pack: packId('p'),
    epoch: 1,
    sizeBytes: 4096,
    chunks: [{ chunk: chunkId('a'), offset: 10, sealedBytes: 100, plainBytes: 50 }],
  };
  const undo = (): never => {
    throw new Error('undone');
  };

  test('goes with a transaction that is rolled back', () => {
    const { contents, chunks, ...index } = open(pathOf('index'));
    expect(() =>
      index.database.transaction(() => {
        contents.write(content);
        chunks.registerPack(pack, 'stored', 'own');
        expect(contents.find(content.id)).toEqual(content);
        expect(chunks.trusted(chunkId('a'))).toBe(true);
        undo();
      }),
    ).toThrow('undone');
    expect(contents.find(content.id)).toBeUndefined();
    expect(contents.isComplete(content.id)).toBe(false);
    expect(chunks.trusted(chunkId('a'))).toBe(false);
  });

  test('goes with what is taken away here, and comes back where that is rolled back', () => {
    const { contents, chunks, ...index } = open(pathOf('index'));
    contents.write(content);
    chunks.registerPack(pack, 'stored', 'own');
    expect(() =>
      index.database.transaction(() => {
        contents.erase(content.id);
        chunks.forgetPacks([pack.pack]);
        expect(contents.find(content.id)).toBeUndefined();
        expect(chunks.trusted(chunkId('a'))).toBe(false);
        undo();
      }),
    ).toThrow('undone');
    expect(contents.find(content.id)).toEqual(content);
    expect(chunks.trusted(chunkId('a'))).toBe(true);
    contents.erase(content.id);
    chunks.forgetPacks([pack.pack]);
    expect(contents.find(content.id)).toBeUndefined();
    expect(chunks.trusted(chunkId('a'))).toBe(false);
  });

  test('goes with what another process takes away', () => {
    const ours = open(pathOf('index'));
    ours.transaction(() => {
      ours.contents.write(content);
      ours.chunks.registerPack(pack, 'stored', 'own');
    });
    const theirs = open(pathOf('index'));
    theirs.contents.erase(content.id);
    theirs.chunks.forgetPacks([pack.pack]);
    ours.transaction(() => {
      expect(ours.contents.find(content.id)).toBeUndefined();
      expect(ours.chunks.trusted(chunkId('a'))).toBe(false);
    });
  });

  test('keeps the first word of a content, and takes its chunks when they become known', () => {
    const { contents } = open(pathOf('index'));
    contents.write({ ...content, chunks: [], listChunks: [chunkId('list')] });
    expect(contents.find(content.id)?.chunks).toEqual([]);
    contents.write({ ...content, listChunks: [chunkId('list')] });
    expect(contents.find(content.id)?.chunks).toEqual(content.chunks);
    contents.write({ ...content, epoch: 7, chunks: [chunkId('other')] });
    expect(contents.find(content.id)).toEqual({ ...content, listChunks: [chunkId('list')] });
  });

  test('finds what vanished at any moment of a transaction', () => {
    const index = open(pathOf('index'));
    const state = fileState('f');
    index.transaction(() => {
      index.base.write(versionedNode(nodeId(1), state));
      index.local.write(localNode(nodeId(1), asLocal(state)));
      expect(index.base.vanishedWithContent(state.content.id, 9)).toEqual([]);
      index.local.erase(nodeId(1));
      expect(index.base.vanishedWithContent(state.content.id, 9).map(({ id }) => id)).toEqual([nodeId(1)]);
      index.local.write(localNode(nodeId(1), asLocal(state)));
      expect(index.base.vanishedWithContent(state.content.id, 9)).toEqual([]);
    });
  });
});

function open(file: string): SyncIndex {
  return SyncIndex.open(file);
}
