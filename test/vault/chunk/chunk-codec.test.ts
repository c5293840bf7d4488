import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/base/bytes.ts';
import { u32 } from '../../../src/crypto/u32.ts';
import { chunkIdOf, decodeChunk, encodeChunk, openChunk, sealChunk } from '../../../src/vault/chunk/chunk-codec.ts';
import { failureCode } from '../../crypto/failure-code.ts';
import { providers } from '../../crypto/providers.ts';
import { packId } from '../entry/sample-entry.ts';
import { streamBytes } from './stream-bytes.ts';
import { flipped, testVault } from './test-vault.ts';

const kib = 1024;
const mib = 1024 * kib;
const pack = packId('pack');
const text = (length: number): Uint8Array => new Uint8Array(Buffer.alloc(length, 'The same line again and again.\n'));
const coded = (plain: Uint8Array): Uint8Array => concatBytes(encodeChunk(plain));
const zstd = (plain: Uint8Array, params: Record<number, number> = {}): Uint8Array => zstdCompressSync(plain, { params });
const asZstd = (frame: Uint8Array, declared: number): Uint8Array => concatBytes([Uint8Array.of(1), u32(declared), frame]);

const zeros = zstd(new Uint8Array(256 * mib));

/** A frame header that promises so many bytes, with the blocks of another frame behind it. */
function promising(bytes: bigint, frame: Uint8Array, { window }: { readonly window?: number } = {}): Uint8Array {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(bytes);
  const head = window === undefined ? [0xe0] : [0xc0, window];
  return concatBytes([frame.subarray(0, 4), Uint8Array.of(...head), size, blocksOf(frame)]);
}

function blocksOf(frame: Uint8Array): Uint8Array {
  const flag = frame[4] ?? 0;
  const single = (flag & 0x20) !== 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flag >>> 6] ?? 0;
  return frame.subarray((single ? 5 : 6) + sizeBytes);
}

const lyingFrame = promising(65_536n, zeros);

describe('a coded chunk', () => {
  test('gives back what was coded', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.integer({ min: 1, max: 300_000 }).map(text)), (plain) => {
        expect(Buffer.compare(decodeChunk(coded(plain), plain.length), plain)).toBe(0);
        expect(coded(plain).length).toBeLessThanOrEqual(1 + plain.length);
      }),
    );
  });

  test('is compressed where that saves a twentieth, and else stands as it is', () => {
    expect(coded(text(mib)).length).toBeLessThan(10 * kib);
    expect(coded(text(mib))[0]).toBe(1);
    for (const length of [1, 100, 64 * kib, 4 * mib]) {
      const plain = streamBytes('incompressible', length);
      expect(coded(plain)).toHaveLength(1 + length);
      expect(coded(plain)[0]).toBe(0);
    }
    // 4 % could be saved: not worth it.
    const nearly = concatBytes([streamBytes('nearly', 96 * kib), new Uint8Array(4 * kib)]);
    expect(coded(nearly)).toHaveLength(1 + nearly.length);
    const worthwhile = concatBytes([streamBytes('worth', 92 * kib), new Uint8Array(8 * kib)]);
    expect(coded(worthwhile).length).toBeLessThan(0.95 * worthwhile.length);
  });

  test('is tried in the middle too before it is called incompressible', () => {
    const headless = concatBytes([streamBytes('head', 200 * kib), text(mib)]);
    expect(coded(headless)[0]).toBe(1);
  });

  test.each<readonly [string, Uint8Array, number, string]>([
    ['nothing', new Uint8Array(), 1, 'E_FORMAT'],
    ['an unknown flag', Uint8Array.of(2, 1), 1, 'E_FORMAT'],
    ['a raw chunk that is short', Uint8Array.of(0, 1), 2, 'E_FORMAT'],
    ['a raw chunk that is long', Uint8Array.of(0, 1, 2), 1, 'E_FORMAT'],
    ['a flag alone', Uint8Array.of(1), 1, 'E_FORMAT'],
    ['no frame', asZstd(new Uint8Array(20), 20), 20, 'E_FORMAT'],
    ['a frame of another length', asZstd(zstd(text(999)), 1000), 1000, 'E_FORMAT'],
    ['a declared length below the expected', asZstd(zstd(text(999)), 999), 1000, 'E_FORMAT'],
    ['a declared length above the expected', asZstd(zstd(text(1001)), 1001), 1000, 'E_LIMIT'],
    ['a frame cut short', asZstd(zstd(text(1000)).subarray(0, -3), 1000), 1000, 'E_FORMAT'],
    ['a byte behind the frame', asZstd(concatBytes([zstd(text(1000)), new Uint8Array(1)]), 1000), 1000, 'E_LIMIT'],
    [
      'a skippable frame first',
      asZstd(concatBytes([Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0), zstd(text(1000))]), 1000),
      1000,
      'E_FORMAT',
    ],
    ['two frames', asZstd(concatBytes([zstd(text(500)), zstd(text(500))]), 1000), 1000, 'E_LIMIT'],
    ['a frame without its length', asZstd(zstd(text(1000), { [constants.ZSTD_c_contentSizeFlag]: 0 }), 1000), 1000, 'E_LIMIT'],
    ['a frame that lies about its length', asZstd(lyingFrame, 64 * kib), 64 * kib, 'E_FORMAT'],
    ['more than a chunk', Uint8Array.of(0), 4 * mib + 1, 'E_LIMIT'],
  ])('is refused: %s', (_, bytes, plainBytes, code) => {
    expect(failureCode(() => decodeChunk(bytes, plainBytes))).toBe(code);
  });

  test('may carry a checksum, which is then looked at', () => {
    const frame = zstd(text(1000), { [constants.ZSTD_c_checksumFlag]: 1 });
    expect(decodeChunk(asZstd(frame, 1000), 1000)).toEqual(text(1000));
    expect(failureCode(() => decodeChunk(asZstd(flipped(frame, -1), 1000), 1000))).toBe('E_FORMAT');
  });
});

describe('a bomb', () => {
  test('of this test is one: it expands 30,000 times', () => {
    expect(zeros.length).toBeLessThan(20 * kib);
  });

  test.each<readonly [string, Uint8Array]>([
    ['says what it expands to', asZstd(zeros, 64 * kib)],
    ['does not say what it expands to', asZstd(zstd(new Uint8Array(64 * mib), { [constants.ZSTD_c_contentSizeFlag]: 0 }), 64 * kib)],
    ['promises 2^62 bytes', asZstd(promising(1n << 62n, zeros), 64 * kib)],
    ['promises 2^64 - 1 bytes', asZstd(promising((1n << 64n) - 1n, zeros), 64 * kib)],
    ['asks for a window of 2^31', asZstd(promising(65_536n, zeros, { window: 21 << 3 }), 64 * kib)],
    ['asks for a window of 9 MiB', asZstd(promising(65_536n, zeros, { window: (13 << 3) | 1 }), 64 * kib)],
    ['comes in two frames', asZstd(concatBytes([zstd(new Uint8Array(64 * kib)), zeros]), 64 * kib)],
  ])('that %s is refused without being expanded', (_, bytes) => {
    const before = process.memoryUsage().rss;
    expect(failureCode(() => decodeChunk(bytes, 64 * kib))).toBe('E_LIMIT');
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * mib);
  });

  test('with a window of 8 MiB is none', () => {
    expect(decodeChunk(asZstd(promising(1000n, zstd(text(1000)), { window: 13 << 3 }), 1000), 1000)).toEqual(text(1000));
  });
});

describe.each(providers)('a sealed chunk, with %s', (_, primitives) => {
  const here = testVault('chunks', primitives);
  const plain = text(5000);
  const chunk = chunkIdOf(primitives, here.keys(3), plain);
  const spot = { pack, ordinal: 7 };
  const sealed = sealChunk(here.sealing, here.keys(3), spot, { chunk, plain });
  const expected = { ...spot, chunk, plainBytes: 5000 };
  const open = (change: Partial<typeof expected>, bytes = sealed, epoch = 3): string =>
    failureCode(() => openChunk(here.sealing, here.keys(epoch), { ...expected, ...change }, bytes));

  test('opens at its place as what it is called', () => {
    expect(openChunk(here.sealing, here.keys(3), expected, sealed)).toEqual(plain);
    expect(sealed.length).toBe(76 + coded(plain).length);
  });

  test('opens nowhere else', () => {
    expect(open({ ordinal: 8 })).toBe('E_TAMPER');
    expect(open({ pack: packId('other') })).toBe('E_TAMPER');
    expect(open({}, sealed, 2)).toBe('E_TAMPER');
    expect(failureCode(() => openChunk({ ...here.sealing, vaultId: testVault('x').sealing.vaultId }, here.keys(3), expected, sealed))).toBe(
      'E_TAMPER',
    );
  });

  test('is not taken for another chunk, nor for one of another length', () => {
    expect(open({ chunk: chunkIdOf(primitives, here.keys(3), text(4999)) })).toBe('E_TAMPER');
    expect(open({ chunk: chunkIdOf(primitives, here.keys(2), plain) })).toBe('E_TAMPER');
    expect(open({ plainBytes: 4999 })).toBe('E_LIMIT');
    expect(open({ plainBytes: 5001 })).toBe('E_FORMAT');
  });

  test('does not open when any bit was changed', () => {
    for (let at = 0; at < sealed.length; at += 1) expect(open({}, flipped(sealed, at, at % 8))).toBe('E_TAMPER');
    expect(open({}, sealed.subarray(0, -1))).toBe('E_TAMPER');
    expect(open({}, sealed.subarray(0, 20))).toBe('E_FORMAT');
  });

  test('never has the same bytes twice, so that the store sees no equal chunks', () => {
    expect(sealChunk(here.sealing, here.keys(3), spot, { chunk, plain })).not.toEqual(sealed);
  });
});
