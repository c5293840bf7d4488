import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import type { Disk } from '../../src/disk/disk.ts';
import { ChunkReader } from '../../src/engine/content/chunk-reader.ts';
import type { ChunkFault, OpenJob } from '../../src/engine/content/workshop.ts';
import { chunkIdOf, sealChunk } from '../../src/vault/chunk/chunk-codec.ts';
import { packId } from '../vault/entry/sample-entry.ts';
import { streamBytes } from '../vault/chunk/stream-bytes.ts';
import { testVault } from '../vault/chunk/test-vault.ts';

const vault = testVault('reader');
const keys = vault.keys(1);
const pack = packId('pack');
// Nothing is read here.
const reader = new ChunkReader({ disk: {} as Disk, sealing: vault.sealing, epochKeys: (epoch) => vault.keys(epoch) });

const seal = (plain: Uint8Array, ordinal: number): Uint8Array =>
  sealChunk(vault.sealing, keys, { pack, ordinal }, { chunk: chunkIdOf(vault.sealing.primitives, keys, plain), plain });

/** Chunks where they lie in a pack. */
function jobOf(chunks: readonly { readonly plain: Uint8Array; readonly ordinal: number; readonly sealed: Uint8Array }[]): OpenJob {
  const { primitives } = vault.sealing;
  return {
    pack,
    epoch: 1,
    chunks: chunks.map(({ plain, ordinal, sealed }) => ({
      place: {
        chunk: chunkIdOf(primitives, keys, plain),
        pack,
        offset: sealed.byteOffset,
        sealedBytes: sealed.byteLength,
        plainBytes: plain.byteLength,
      },
      ordinal,
      sealed,
    })),
  };
}

/** Their bytes, and 'fault' for what did not open. */
const textsOf = (opened: readonly (Uint8Array | ChunkFault)[]): string[] =>
  opened.map((each) => (each instanceof Uint8Array ? Buffer.from(each).toString('base64') : 'fault'));

describe('chunks that are opened in their own place', () => {
  const plains = [streamBytes('first', 70_000), new Uint8Array(50_000).fill(7), streamBytes('last', 1)];

  function inOnePack(): ReturnType<typeof jobOf> {
    const sealed = plains.map(seal);
    const bytes = concatBytes(sealed);
    let at = 0;
    return jobOf(
      plains.map((plain, ordinal) => {
        const length = sealed[ordinal]?.byteLength ?? 0;
        at += length;
        return { plain, ordinal, sealed: bytes.subarray(at - length, at) };
      }),
    );
  }

  test('are what they are otherwise, without new memory where they were not compressed', () => {
    const job = inOnePack();
    const memory = job.chunks[0]?.sealed.buffer;
    expect(textsOf(reader.open(job))).toEqual(textsOf(plains));
    const opened = reader.open(job, true);
    expect(textsOf(opened)).toEqual(textsOf(plains));
    expect(opened.map((each) => each instanceof Uint8Array && each.buffer === memory)).toEqual([true, false, true]);
  });

  test('fail as they do otherwise, and harm no neighbour', () => {
    const job = inOnePack();
    const second = job.chunks[1]?.sealed ?? new Uint8Array();
    second[100] = (second[100] ?? 0) ^ 1;
    const [first, , last] = textsOf(plains);
    expect(textsOf(reader.open(job, true))).toEqual([first, 'fault', last]);
  });

  test('may be wanted twice', () => {
    const { chunks, ...rest } = inOnePack();
    const twice = { ...rest, chunks: [...chunks, ...chunks] };
    expect(textsOf(reader.open(twice, true))).toEqual(textsOf([...plains, ...plains]));
  });

  test('do not change one that is proven already, where somebody sealed one inside another', () => {
    const innerPlain = streamBytes('inner', 1000);
    const inner = seal(innerPlain, 1);
    const outerPlain = concatBytes([streamBytes('before', 5000), inner, streamBytes('behind', 5000)]);
    const outer = seal(outerPlain, 0);
    // Where the inner one appears once the outer one is opened in place: what is not compressed stands at the end.
    const start = outer.byteLength - 5000 - inner.byteLength;
    const job = jobOf([
      { plain: outerPlain, ordinal: 0, sealed: outer },
      { plain: innerPlain, ordinal: 1, sealed: outer.subarray(start, start + inner.byteLength) },
    ]);
    expect(textsOf(reader.open(job, true))).toEqual([...textsOf([outerPlain]), 'fault']);
  });
});
