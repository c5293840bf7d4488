import { expect, test } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import { FileSlab } from '../../src/engine/content/file-slab.ts';
import { ChunkStream } from '../../src/vault/chunk/chunk-stream.ts';
import { CutRule } from '../../src/vault/chunk/cut-rule.ts';
import { bytesOf } from '../crypto/fixed-random.ts';
import { sodium } from '../crypto/providers.ts';
import { streamBytes } from '../vault/chunk/stream-bytes.ts';

const mib = 1024 * 1024;
const rule = new CutRule(sodium, bytesOf('slab', 32));

/** Nothing of it can be cut before the longest chunk. */
const uncut = new Uint8Array(9 * mib + 5);

test('files that are read into a slab, one after another, give the chunks that they give otherwise', async () => {
  const files = [streamBytes('a', 300_000), streamBytes('b', 23 * mib), uncut, new Uint8Array(1), streamBytes('c', 12 * mib + 3)];
  const stream = new ChunkStream(rule);
  const memories = new Set<ArrayBufferLike>();
  /** Views, which are looked at only when they are released, or at the end. */
  let inHand: Uint8Array[] = [];
  const chunks: Uint8Array[] = [];
  const release = (): Promise<void> => {
    chunks.push(...inHand.map((chunk) => chunk.slice()));
    inHand = [];
    return Promise.resolve();
  };
  const slab = new FileSlab(stream, release);
  const expected: Uint8Array[] = [];
  for (const bytes of files) {
    const plain = new ChunkStream(rule);
    expected.push(...plain.push(bytes), plain.end() ?? new Uint8Array());
    for (let at = 0; at < bytes.byteLength;) {
      const room = await slab.roomFor(bytes.byteLength - at);
      expect(room.byteLength).toBeGreaterThan(0);
      memories.add(room.buffer);
      room.set(bytes.subarray(at, at + room.byteLength));
      at += room.byteLength;
      slab.take(room);
      inHand.push(...stream.push(room));
    }
    inHand.push(stream.end() ?? new Uint8Array());
  }
  await release();
  expect(chunks.map(({ byteLength }) => byteLength)).toEqual(expected.map(({ byteLength }) => byteLength));
  expect(Buffer.compare(concatBytes(chunks), concatBytes(files))).toBe(0);
  // One as large as the first file, one for all that came then; and the first was given back.
  expect([...memories].map(({ byteLength }) => byteLength)).toEqual([0, 6 * mib]);
  slab.end();
  expect([...memories].map(({ byteLength }) => byteLength)).toEqual([0, 0]);
});
