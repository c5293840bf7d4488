import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { concatBytes, toHex } from '../../../src/base/bytes.ts';
import { parseId } from '../../../src/model/ids.ts';
import { chunkIdOf, decodeChunk, encodeChunk, openChunk, sealChunk } from '../../../src/vault/chunk/chunk-codec.ts';
import { contentIdOf, listPlaintexts } from '../../../src/vault/chunk/content.ts';
import { CutRule } from '../../../src/vault/chunk/cut-rule.ts';
import { Cutter } from '../../../src/vault/chunk/cutter.ts';
import { providers } from '../../crypto/providers.ts';
import { nativeOrNone } from '../../native/native-or-none.ts';
import { hexBytes, readVectors, vaultOf, vectorVault } from './vector-vault.ts';

const chunkIds = z.array(z.string().transform((id) => parseId('ChunkId', id)));
const vectors = z
  .strictObject({
    ...vectorVault,
    gear: z.object({ cutKey: hexBytes, values: z.array(z.string()) }),
    streams: z.array(z.object({ aesCtrKey: hexBytes, length: z.number(), cuts: z.array(z.number()) })),
    repeated: z.array(z.object({ period: z.number(), length: z.number(), cuts: z.array(z.number()) })),
    chunkIds: z.array(z.object({ plain: hexBytes, id: z.string() })),
    contents: z.array(z.object({ chunks: chunkIds, id: z.string(), lists: z.array(z.string()) })),
    coded: z.array(z.object({ plain: hexBytes, coded: hexBytes })),
    sealed: z.array(
      z.object({
        pack: z.string().transform((id) => parseId('PackId', id)),
        ordinal: z.number(),
        chunk: z.string().transform((id) => parseId('ChunkId', id)),
        plain: hexBytes,
        noise: z.array(hexBytes).nullable(),
        sealed: hexBytes,
      }),
    ),
  })
  .parse(readVectors('chunk-v1.json'));

describe.each(providers)('what version 1 of the format fixed, with %s', (_, primitives) => {
  const rule = new CutRule(primitives, vectors.gear.cutKey);
  const { keys } = vaultOf(vectors, primitives);

  const cutsOf = (bytes: Uint8Array, calls: (typeof nativeOrNone)[number]): number[] => {
    const cutter = new Cutter(rule, calls);
    const cuts: number[] = [];
    for (let cut = cutter.next(bytes, 0); cut >= 0; cut = cutter.next(bytes, cut)) cuts.push(cut);
    return cuts;
  };

  test('the gear table', () => {
    const half = (values: Int32Array, byte: number): string => ((values[byte] ?? 0) >>> 0).toString(16).padStart(8, '0');
    expect(Array.from({ length: 256 }, (__, byte) => half(rule.high, byte) + half(rule.low, byte))).toEqual(vectors.gear.values);
  });

  test.each(nativeOrNone.map((calls) => ({ calls, title: calls === 'none' ? 'JavaScript' : 'native code' })))(
    'where content is cut by $title',
    ({ calls }) => {
      for (const { aesCtrKey, length, cuts } of vectors.streams) {
        const bytes = createCipheriv('aes-256-ctr', aesCtrKey, new Uint8Array(16)).update(new Uint8Array(length));
        expect(cutsOf(bytes, calls)).toEqual(cuts);
      }
      for (const { period, length, cuts } of vectors.repeated) {
        expect(
          cutsOf(
            Uint8Array.from({ length }, (__, at) => at % period),
            calls,
          ),
        ).toEqual(cuts);
      }
    },
  );

  test('what chunks and contents are called', () => {
    for (const { plain, id } of vectors.chunkIds) expect(chunkIdOf(primitives, keys, plain)).toBe(id);
    for (const { chunks, id, lists } of vectors.contents) {
      expect(contentIdOf(primitives, keys, chunks)).toBe(id);
      expect(listPlaintexts(chunks).map(toHex)).toEqual(lists);
    }
  });

  test('how chunks are coded and sealed', () => {
    const [raw] = vectors.coded;
    expect(raw === undefined ? '' : toHex(concatBytes(encodeChunk(raw.plain)))).toBe(toHex(raw?.coded ?? new Uint8Array(1)));
    for (const { plain, coded } of vectors.coded) expect(toHex(decodeChunk(coded, plain.length))).toBe(toHex(plain));
    for (const { pack, ordinal, chunk, plain, noise, sealed } of vectors.sealed) {
      const { sealing } = vaultOf(vectors, primitives, noise ?? []);
      expect(toHex(openChunk(sealing, keys, { pack, ordinal, chunk, plainBytes: plain.length }, sealed))).toBe(toHex(plain));
      if (noise !== null) expect(toHex(sealChunk(sealing, keys, { pack, ordinal }, { chunk, plain }))).toBe(toHex(sealed));
    }
  });
});
