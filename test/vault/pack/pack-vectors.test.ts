import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { concatBytes, toHex } from '../../../src/base/bytes.ts';
import { parseId } from '../../../src/model/ids.ts';
import { chunkIdOf, openChunk, sealChunk } from '../../../src/vault/chunk/chunk-codec.ts';
import { PackBuilder } from '../../../src/vault/pack/pack-builder.ts';
import { parsePackDirectory } from '../../../src/vault/pack/read-directory.ts';
import { providers } from '../../crypto/providers.ts';
import { hexBytes, readVectors, vaultOf, vectorVault } from '../chunk/vector-vault.ts';
import { plainJson } from '../entry/plain-json.ts';

const vectors = z
  .strictObject({
    ...vectorVault,
    pack: z.string().transform((id) => parseId('PackId', id)),
    name: z.string(),
    plains: z.array(hexBytes),
    noise: z.array(hexBytes),
    directory: z.unknown(),
    object: hexBytes,
  })
  .parse(readVectors('pack-v1.json'));

describe.each(providers)('what version 1 of the format fixed, with %s', (_, primitives) => {
  const { pack, plains, object } = vectors;
  const { sealing, keys } = vaultOf(vectors, primitives, vectors.noise);

  test('how a pack is read', () => {
    const directory = parsePackDirectory(sealing, (epoch) => (epoch === vectors.epoch ? keys : undefined), pack, object);
    expect(plainJson(directory)).toEqual(vectors.directory);
    for (const [ordinal, { chunk, offset, sealedBytes, plainBytes }] of directory.chunks.entries()) {
      const plain = openChunk(sealing, keys, { pack, ordinal, chunk, plainBytes }, object.subarray(offset, offset + sealedBytes));
      expect(toHex(plain)).toBe(toHex(plains[ordinal] ?? new Uint8Array()));
    }
  });

  test('how a pack is written', () => {
    const builder = new PackBuilder(sealing, keys, pack);
    for (const plain of plains) {
      const ordinal = builder.reserve(plain.length) ?? -1;
      const chunk = chunkIdOf(primitives, keys, plain);
      builder.add(ordinal, { chunk, plainBytes: plain.length, sealed: sealChunk(sealing, keys, { pack, ordinal }, { chunk, plain }) });
    }
    const { name, parts } = builder.finish();
    expect(name).toBe(vectors.name);
    expect(toHex(concatBytes(parts))).toBe(toHex(object));
  });
});
