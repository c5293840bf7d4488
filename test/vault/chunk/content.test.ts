import { describe, expect, test } from 'vitest';
import { concatBytes, toHex } from '../../../src/base/bytes.ts';
import type { ChunkId } from '../../../src/model/ids.ts';
import type { Content } from '../../../src/model/node.ts';
import { chunksOf, contentIdOf, listPlaintexts } from '../../../src/vault/chunk/content.ts';
import { failureCode } from '../../crypto/failure-code.ts';
import { providers, sodium } from '../../crypto/providers.ts';
import { chunkId } from '../entry/sample-entry.ts';
import { streamBytes } from './stream-bytes.ts';
import { testVault } from './test-vault.ts';

const vault = testVault('contents');
const keys = vault.keys(5);

const idsOf = (count: number): ChunkId[] => {
  const hex = toHex(streamBytes('ids', 32 * count));
  return Array.from({ length: count }, (_, index) => hex.slice(64 * index, 64 * index + 64) as ChunkId);
};
const contentOf = (chunks: readonly ChunkId[], lists: number): Content => ({
  epoch: 5,
  id: contentIdOf(sodium, keys, chunks),
  sizeBytes: chunks.length * 300_000,
  chunks: lists > 0 ? [] : chunks,
  listChunks: Array.from({ length: lists }, (_, index) => chunkId(`list ${index}`)),
});

describe.each(providers)('the id of a content, with %s', (_, primitives) => {
  const of = testVault('contents', primitives).keys(5);

  test("is its only chunk's, a fixed one for nothing, and else one of the whole list in its order", () => {
    const [a, b] = [chunkId('a'), chunkId('b')];
    expect(contentIdOf(primitives, of, [a])).toBe(a);
    const ids = [[], [a], [a, b], [b, a], [a, a], [a, b, a]].map((chunks) => contentIdOf(primitives, of, chunks));
    expect(new Set(ids).size).toBe(ids.length);
    expect(contentIdOf(primitives, testVault('contents', primitives).keys(6), [])).not.toBe(ids[0]);
  });
});

describe('the list of chunks', () => {
  test.each([
    [0, 0],
    [1, 0],
    [64, 0],
    [65, 1],
    [131_072, 1],
    [131_073, 2],
    [300_000, 3],
  ])('of %i chunks is kept in %i list chunks', (count, lists) => {
    const chunks = idsOf(count);
    const plaintexts = listPlaintexts(chunks);
    expect(plaintexts).toHaveLength(lists);
    expect(plaintexts.every((list) => list.length <= 4 * 1024 * 1024)).toBe(true);
    expect(chunksOf(sodium, keys, contentOf(chunks, lists), plaintexts).join() === chunks.join()).toBe(true);
  });

  test('of more than 64 list chunks is refused', () => {
    const huge = { length: 64 * 131_072 + 1 } as readonly ChunkId[];
    expect(failureCode(() => listPlaintexts(huge))).toBe('E_TOO_LARGE');
  });

  test('is refused where it is not the content, or not cut as it must be', () => {
    const chunks = idsOf(131_100);
    const content = contentOf(chunks, 2);
    const [first = new Uint8Array(), second = new Uint8Array()] = listPlaintexts(chunks);
    const judge = (...lists: Uint8Array[]): string => failureCode(() => chunksOf(sodium, keys, content, lists));
    expect(judge(first, second)).toBe('no failure');
    expect(judge(second, first)).toBe('E_FORMAT');
    expect(judge(first, second.subarray(32))).toBe('E_TAMPER');
    expect(judge(first, second.subarray(1))).toBe('E_FORMAT');
    expect(judge(first.subarray(0, -32), concatBytes([first.subarray(-32), second]))).toBe('E_FORMAT');
    expect(judge(concatBytes([first, second.subarray(0, 32)]), second.subarray(32))).toBe('E_LIMIT');
    expect(judge(first)).toBe('E_FAILED');
    expect(failureCode(() => chunksOf(sodium, keys, { ...content, listChunks: [chunkId('list')] }, [first.subarray(0, 64 * 32)]))).toBe(
      'E_FORMAT',
    );
  });

  test('in the change itself is proven too', () => {
    const content = contentOf(idsOf(3), 0);
    expect(chunksOf(sodium, keys, content, [])).toEqual(idsOf(3));
    expect(failureCode(() => chunksOf(sodium, keys, { ...content, chunks: content.chunks.toReversed() }, []))).toBe('E_TAMPER');
    expect(failureCode(() => chunksOf(sodium, vault.keys(4), content, []))).toBe('E_TAMPER');
  });
});
