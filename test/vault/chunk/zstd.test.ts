import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { native } from '../../../src/base/native.ts';
import { zstdCompress, zstdExpand } from '../../../src/vault/chunk/zstd.ts';
import { checkZstdFrame } from '../../../src/vault/chunk/zstd-frame.ts';

const coders = [['plain JavaScript', 'none'] as const, ...(native?.zstd === undefined ? [] : [['native code', native.zstd] as const])];

/** More than any frame of these plaintexts needs. */
const ample = 1000;

const plaintexts = fc.oneof(
  fc.uint8Array({ maxLength: 5000 }),
  fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat({ max: 500 })).map(([part, times]) => {
    const all = new Uint8Array(part.byteLength * (times + 1));
    for (let at = 0; at < all.byteLength; at += part.byteLength) all.set(part, at);
    return all;
  }),
);

test.runIf(process.platform === 'linux' && native !== undefined)('Node shows its libzstd to native code', () => {
  expect(native?.zstd).toBeDefined();
});

describe.each(coders)('zstd with %s', (_, coder) => {
  test('makes frames that say their length, and that the others expand', () => {
    fc.assert(
      fc.property(plaintexts, (plain) => {
        const frame = zstdCompress(plain, plain.byteLength + ample, coder) ?? new Uint8Array();
        expect(checkZstdFrame(frame, { windowLogMax: 23, maxBytes: plain.byteLength })).toEqual({ contentBytes: plain.byteLength });
        for (const [, other] of coders) expect(zstdExpand(frame, plain.byteLength, other)).toEqual(plain);
      }),
    );
  });

  test('gives what just fits, and nothing where one byte is missing', () => {
    const plain = new TextEncoder().encode('the same words once more, '.repeat(400));
    const frame = zstdCompress(plain, plain.byteLength, coder) ?? new Uint8Array();
    expect(frame.byteLength).toBeGreaterThan(10);
    expect(zstdCompress(plain, frame.byteLength - 1, coder)).toBeUndefined();
    expect(zstdExpand(frame, plain.byteLength, coder)).toEqual(plain);
    expect(zstdExpand(frame, plain.byteLength - 1, coder)).toBeUndefined();
  });

  test('is as good after what failed as before', () => {
    const plain = new Uint8Array(3000).fill(7);
    const frame = zstdCompressSync(plain);
    expect(zstdExpand(frame.subarray(0, -1), 3000, coder)).toBeUndefined();
    expect(zstdExpand(new Uint8Array(20), 3000, coder)).toBeUndefined();
    expect(zstdExpand(frame, 3000, coder)).toEqual(plain);
    expect(zstdCompress(plain, 3, coder)).toBeUndefined();
    expect(zstdExpand(zstdCompress(plain, 3000, coder) ?? frame, 3000, coder)).toEqual(plain);
  });

  test('takes chunks larger than those it keeps a context for', () => {
    const plain = new Uint8Array(4 * 1024 * 1024).map((_byte, at) => at >>> 8);
    const frame = zstdCompress(plain, plain.byteLength, coder) ?? new Uint8Array();
    expect(frame.byteLength).toBeLessThan(plain.byteLength / 20);
    // Not `toEqual`: it takes seconds for so many bytes.
    const isSame = (found: Uint8Array | undefined): boolean => found !== undefined && Buffer.from(found).equals(plain);
    expect(coders.map(([, other]) => isSame(zstdExpand(frame, plain.byteLength, other)))).toEqual(coders.map(() => true));
  });
});
