import { expect, test } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import type { EngineParts } from '../../src/engine/engine-parts.ts';
import { FetchedFiles, type FetchOperation } from '../../src/engine/fetch-files.ts';
import type { PendingRows } from '../../src/engine/pending-rows.ts';
import type { ChunkId, NodeId, PackId } from '../../src/model/ids.ts';

/** A file of some 200 GB. */
const chunkCount = 200_000;
const chunkBytes = 1024 * 1024;

test('a file of very many chunks is fetched like any other', async () => {
  const content = { epoch: 1, id: 'c', sizeBytes: chunkCount * chunkBytes };
  const place = { pack: 'p' as PackId, epoch: 1, packBytes: 2 * chunkBytes, ordinal: 0, offset: 0, sealedBytes: 9, plainBytes: chunkBytes };
  const parts = {
    index: {
      transaction: <T>(act: () => T): T => act(),
      contents: { find: () => ({ ...content, chunks: Array.from({ length: chunkCount }, () => 'x' as ChunkId), listChunks: [] }) },
      chunks: { find: () => place },
    },
    disk: { stage: () => Promise.resolve({ discard: () => Promise.resolve() }) },
    packs: { read: () => Promise.reject(new Failure('E_STORE_UNREACHABLE', 'far enough')) },
  } as unknown as EngineParts;
  const { signal } = new AbortController();
  await using files = new FetchedFiles({ parts, rows: {} as PendingRows, signal }, () => undefined);
  const operation = { do: 'fetch', node: 'n' as NodeId, content } as unknown as FetchOperation;
  await expect(files.fetch([operation])).rejects.toThrow('far enough');
});
