import { expect, test } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import type { EngineParts } from '../../src/engine/engine-parts.ts';
import { FetchedFiles, type FetchOperation } from '../../src/engine/content/fetch-files.ts';
import type { OpenJob } from '../../src/engine/content/workshop.ts';
import type { FoundChunk } from '../../src/index/chunk-table.ts';
import type { PendingRows } from '../../src/engine/act/pending-rows.ts';
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
  await using files = new FetchedFiles({ parts, rows: {} as PendingRows, signal, isInDoubt: () => false }, () => undefined);
  const operation = { do: 'fetch', node: 'n' as NodeId, content } as unknown as FetchOperation;
  await expect(files.fetch([operation])).rejects.toThrow('far enough');
});

test('a device that lies about the length of a part of a file keeps nobody from it, where another one tells the truth', async () => {
  const placeOf = (chunk: string, pack: string, plainBytes: number): FoundChunk => {
    const place = { chunk: chunk as ChunkId, pack: pack as PackId, epoch: 1, packBytes: 1000, ordinal: 0, offset: 10 };
    return { ...place, sealedBytes: 100, plainBytes, trust: 'told' };
  };
  const lengths = new Map([
    ['a', 5],
    ['b', 7],
  ]);
  // The liar's words come first.
  const places = [placeOf('a', 'lies', 6), placeOf('a', 'truth', 5), placeOf('b', 'more', 7)];
  const opened: FoundChunk[] = [];
  const known = (chunk: ChunkId): FoundChunk[] =>
    [...opened, ...places].filter((place) => place.chunk === chunk).filter((place, at, all) => all.indexOf(place) === at);
  const written = new Map<number, number>();
  const content = { epoch: 1, id: 'c', sizeBytes: 12 };
  const parts = {
    index: {
      transaction: <T>(act: () => T): T => act(),
      contents: { find: () => ({ ...content, chunks: ['a', 'b'] as ChunkId[], listChunks: [] }) },
      chunks: {
        find: (chunk: ChunkId) => known(chunk)[0],
        findAll: known,
        markAllOpened: (found: readonly FoundChunk[]) => void opened.push(...found),
      },
    },
    disk: {
      stage: () =>
        Promise.resolve({
          write: (bytes: Uint8Array, offset: number) => Promise.resolve(void written.set(offset, bytes.byteLength)),
          discard: () => Promise.resolve(),
        }),
      finishAll: (files: readonly unknown[]) => Promise.resolve(files.map(() => '')),
    },
    packs: { read: (_: unknown, take: (bytes: Uint8Array) => unknown) => take(new Uint8Array(1000)) },
    workshop: {
      open: ({ chunks }: OpenJob) =>
        Promise.resolve(
          chunks.map(({ place: { chunk, plainBytes } }) =>
            lengths.get(chunk) === plainBytes ? new Uint8Array(plainBytes) : { code: 'E_FORMAT', message: 'another length', isLie: true },
          ),
        ),
      giveBack: () => undefined,
    },
  } as unknown as EngineParts;
  const { signal } = new AbortController();
  const rows = { later: (write: () => void) => write() } as unknown as PendingRows;
  await using files = new FetchedFiles({ parts, rows, signal, isInDoubt: () => false }, () => undefined);
  const operation = { do: 'fetch', node: 'n' as NodeId, content } as unknown as FetchOperation;
  await files.begin([operation]);
  await files.ready().catch((error: unknown) => expect(error).not.toMatchObject({ code: 'E_TAMPER' }));
  expect([...written]).toEqual([
    [0, 5],
    [5, 7],
  ]);
});
