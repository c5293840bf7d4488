import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '../../../src/base/bytes.ts';
import { padme } from '../../../src/crypto/padding.ts';
import { chunkIdOf, openChunk, sealChunk } from '../../../src/vault/chunk/chunk-codec.ts';
import { PackBuilder } from '../../../src/vault/pack/pack-builder.ts';
import { findPackId, packName } from '../../../src/vault/pack/pack-name.ts';
import { fetchPackDirectory, parsePackDirectory } from '../../../src/vault/pack/read-directory.ts';
import { sealDirectory, sealTrailer } from '../../../src/vault/pack/pack-seals.ts';
import { failureCode } from '../../crypto/failure-code.ts';
import { providers } from '../../crypto/providers.ts';
import { streamBytes } from '../chunk/stream-bytes.ts';
import { flipped, testVault } from '../chunk/test-vault.ts';
import { packId } from '../entry/sample-entry.ts';
import { buildPack } from './build-pack.ts';

const kib = 1024;
const mib = 1024 * kib;
const vault = testVault('packs');
const keysOf = (epoch: number): ReturnType<typeof vault.keys> | undefined => (epoch === 3 ? vault.keys(3) : undefined);
const pack = packId('pack');
const small = [utf8('one'), streamBytes('two', 3000), new Uint8Array(50_000), utf8('one')];
const parse = (bytes: Uint8Array, of = pack): string => failureCode(() => parsePackDirectory(vault.sealing, keysOf, of, bytes));

describe.each(providers)('a pack, with %s', (_, primitives) => {
  test('gives back its chunks and its directory', () => {
    const here = testVault('packs', primitives);
    const built = buildPack(here, pack, small);
    expect(built.name).toBe(`packs/${pack.slice(0, 2)}/${pack}`);
    expect(built.bytes).toHaveLength(built.directory.sizeBytes);
    expect(parsePackDirectory(here.sealing, (epoch) => here.keys(epoch), pack, built.bytes)).toEqual(built.directory);
    for (const [ordinal, { chunk, offset, sealedBytes, plainBytes }] of built.directory.chunks.entries()) {
      const sealed = built.bytes.subarray(offset, offset + sealedBytes);
      expect(openChunk(here.sealing, here.keys(3), { pack, ordinal, chunk, plainBytes }, sealed)).toEqual(small[ordinal]);
    }
  });
});

describe('a pack', () => {
  test('has a Padmé size of at least 16 KiB, and begins like any object', () => {
    for (const length of [1, 1000, 16_000, 16_384, 100_000, mib, 4 * mib]) {
      const { bytes } = buildPack(vault, pack, [streamBytes('size', length)]);
      expect(bytes.length).toBe(Math.max(16_384, padme(10 + 77 + length + 76 + 40 + 128)));
      expect(padme(bytes.length)).toBe(bytes.length);
      expect([...bytes.subarray(0, 10)]).toEqual([...utf8('CCH1'), 1, 64, 0, 0, 0, 3]);
    }
  });

  test('looks random but for its first ten bytes', () => {
    const { bytes } = buildPack(vault, pack, [new Uint8Array(3 * mib)]);
    const { bytes: again } = buildPack(vault, pack, [new Uint8Array(3 * mib)]);
    const same = bytes.filter((byte, at) => byte === again[at]).length;
    expect(same / bytes.length).toBeLessThan(0.02);
  });

  test('is read by its header, trailer and directory alone', async () => {
    const { bytes, directory } = buildPack(vault, pack, [streamBytes('large', 2 * mib), ...small]);
    const asked: number[] = [];
    const read = (start: number, length: number): Promise<Uint8Array> => {
      asked.push(length);
      return Promise.resolve(bytes.subarray(start, start + length));
    };
    expect(await fetchPackDirectory(vault.sealing, keysOf, { pack, sizeBytes: bytes.length, read })).toEqual(directory);
    expect(asked.slice(0, 2)).toEqual([10, 128]);
    await expect(fetchPackDirectory(vault.sealing, keysOf, { pack, sizeBytes: bytes.length - 1, read })).rejects.toMatchObject({
      code: 'E_TAMPER',
    });
  });

  test('is refused when cut short, extended, exchanged, or changed where its directory can tell', () => {
    const { bytes, directory } = buildPack(vault, pack, small);
    expect(parse(bytes)).toBe('no failure');
    expect(parse(bytes, packId('other'))).toBe('E_TAMPER');
    expect(parse(bytes.subarray(0, -1))).toBe('E_FORMAT');
    expect(parse(concatBytes([bytes, new Uint8Array(1)]))).toBe('E_TAMPER');
    expect(parse(concatBytes([bytes, bytes]))).toBe('E_TAMPER');
    expect(parse(concatBytes([bytes.subarray(0, -128), new Uint8Array(500), bytes.subarray(-128)]))).toBe('E_TAMPER');
    expect(parse(new Uint8Array(17 * mib + 1))).toBe('E_LIMIT');
    expect(parse(new Uint8Array(17 * mib))).toBe('E_FORMAT');
    const chunksEnd = directory.chunks.reduce((end, { sealedBytes }) => end + sealedBytes, 10);
    for (let at = chunksEnd; at < bytes.length; at += 97) expect(parse(flipped(bytes, at))).toBe('E_TAMPER');
    expect(parse(flipped(bytes, 9))).toBe('E_EPOCH');
    expect(parse(flipped(bytes, 5))).toBe('E_FORMAT');
    expect(parse(flipped(bytes, 4))).toBe('E_DOWNGRADE');
  });

  test('does not let two chunks of one size change places', () => {
    const plains = [streamBytes('left', 1000), streamBytes('right', 1000)];
    const { bytes, directory } = buildPack(vault, pack, plains);
    const [left, right] = directory.chunks;
    if (left === undefined || right === undefined) throw new Error('two chunks went in');
    const swapped = bytes.slice();
    swapped.set(bytes.subarray(right.offset, right.offset + right.sealedBytes), left.offset);
    swapped.set(bytes.subarray(left.offset, left.offset + left.sealedBytes), right.offset);
    for (const [ordinal, { chunk, offset, sealedBytes, plainBytes }] of directory.chunks.entries()) {
      const at = (of: Uint8Array): Uint8Array => of.subarray(offset, offset + sealedBytes);
      expect(failureCode(() => openChunk(vault.sealing, vault.keys(3), { pack, ordinal, chunk, plainBytes }, at(swapped)))).toBe(
        'E_TAMPER',
      );
      expect(failureCode(() => openChunk(vault.sealing, vault.keys(3), { pack, ordinal, chunk, plainBytes }, at(bytes)))).toBe(
        'no failure',
      );
    }
  });

  test('whose sealed parts contradict each other is refused', () => {
    const { bytes, directory } = buildPack(vault, pack, small);
    const chunksEnd = directory.chunks.reduce((end, { sealedBytes }) => end + sealedBytes, 10);
    const directoryBytes = bytes.length - 128 - chunksEnd;
    const keys = vault.keys(3);
    const trailer = { directoryOffset: chunksEnd, directoryBytes, chunkCount: 4 };
    const forged = (chunks = directory.chunks, change: Partial<typeof trailer> = {}): string =>
      parse(
        concatBytes([
          bytes.subarray(0, chunksEnd),
          sealDirectory(vault.sealing, keys, pack, { chunks, sealedBytes: directoryBytes }),
          sealTrailer(vault.sealing, keys, pack, { ...trailer, ...change }),
        ]),
      );
    expect(forged()).toBe('no failure');
    expect(forged(directory.chunks, { chunkCount: 3 })).toBe('E_FORMAT');
    expect(forged(directory.chunks.slice(0, 3), { chunkCount: 3 })).toBe('E_FORMAT');
    expect(forged(directory.chunks, { directoryOffset: chunksEnd - 1, directoryBytes: directoryBytes + 1 })).toBe('E_TAMPER');
    expect(forged(directory.chunks, { directoryOffset: 4, directoryBytes: bytes.length - 132 })).toBe('E_TAMPER');
    expect(forged(directory.chunks, { directoryOffset: 2 ** 32 - 1 })).toBe('E_TAMPER');
  });
});

describe('a pack being built', () => {
  const keys = vault.keys(3);
  const builder = (): PackBuilder => new PackBuilder(vault.sealing, keys, pack);
  const sealed = (ordinal: number, plain: Uint8Array): Parameters<PackBuilder['add']>[1] => {
    const chunk = chunkIdOf(vault.sealing.primitives, keys, plain);
    return { chunk, plainBytes: plain.length, sealed: sealChunk(vault.sealing, keys, { pack, ordinal }, { chunk, plain }) };
  };

  test('is full at 16 MiB, takes nothing that might not fit, and never exceeds 17 MiB', () => {
    const one = builder();
    let count = 0;
    const plain = streamBytes('full', 3 * mib);
    for (let ordinal = one.reserve(plain.length); ordinal !== undefined; ordinal = one.reserve(plain.length)) {
      one.add(ordinal, sealed(ordinal, plain));
      count += 1;
    }
    expect(count).toBe(5);
    expect(one.isFull).toBe(false);
    const rest = streamBytes('rest', mib + 900 * kib);
    const ordinal = one.reserve(rest.length) ?? -1;
    one.add(ordinal, sealed(ordinal, rest));
    expect(one.isFull).toBe(true);
    expect(one.reserve(1)).toBeUndefined();
    expect(one.finish().directory.sizeBytes).toBe(17 * mib);
  });

  test('counts what is still being sealed at its largest, and what came back as it is', () => {
    const one = builder();
    const ordinals = [0, 1, 2, 3].map(() => one.reserve(4 * mib));
    expect(ordinals).toEqual([0, 1, 2, 3]);
    expect(one.waiting).toBe(4);
    expect(one.isFull).toBe(true);
    for (const ordinal of [2, 0, 3, 1]) one.add(ordinal, sealed(ordinal, new Uint8Array(4 * mib)));
    expect(one.waiting).toBe(0);
    expect(one.isFull).toBe(false);
    expect(one.reserve(4 * mib)).toBe(4);
    expect(failureCode(() => one.finish())).toBe('E_FAILED');
    one.abandon(4);
    const { directory } = one.finish();
    expect(directory.chunks).toHaveLength(5);
    expect(directory.chunks[4]).toMatchObject({ plainBytes: 1, sealedBytes: 78 });
    expect(directory.sizeBytes).toBe(16 * kib);
  });

  test('takes 20,000 chunks and no more', () => {
    const one = builder();
    for (let ordinal = 0; ordinal < 20_000; ordinal += 1) expect(one.reserve(10)).toBe(ordinal);
    expect(one.reserve(10)).toBeUndefined();
  });

  test('refuses what it did not ask for', () => {
    const one = builder();
    expect(failureCode(() => one.finish())).toBe('E_FAILED');
    expect(failureCode(() => one.add(0, sealed(0, utf8('a'))))).toBe('E_FAILED');
    one.reserve(1);
    expect(failureCode(() => one.add(0, sealed(0, streamBytes('b', 100))))).toBe('E_FAILED');
    one.add(0, sealed(0, utf8('a')));
    expect(failureCode(() => one.add(0, sealed(0, utf8('a'))))).toBe('E_FAILED');
    expect(one.finish().directory.chunks).toHaveLength(1);
  });
});

describe('the name of a pack', () => {
  test('leads back to its id, and no other name does', () => {
    expect(findPackId(packName(pack))).toBe(pack);
    for (const bad of [
      `packs/${pack}`,
      `packs/zz/${pack}`,
      `packs/${pack.slice(0, 2)}/${pack}0`,
      `packs/00/${'1'.repeat(32)}`,
      'genesis',
      '',
    ]) {
      expect(findPackId(bad)).toBeUndefined();
    }
  });
});
