import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findInRange, planReads } from '../../../src/vault/pack/plan-reads.ts';
import { failureCode } from '../../crypto/failure-code.ts';

const block = 256 * 1024;
const packBytes = 16 * 1024 * 1024 + 512 * 1024;
const anyBytes = new Uint8Array(packBytes);
const place = (offset: number, sealedBytes: number): { readonly offset: number; readonly sealedBytes: number } => ({ offset, sealedBytes });

describe('reads from a pack', () => {
  test('are aligned blocks in which every chunk lies whole', () => {
    const anyPlaces = fc.array(fc.tuple(fc.nat(packBytes - 1), fc.nat(600_000)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(anyPlaces, (pairs) => {
        const places = pairs.map(([offset, length]) => place(offset, Math.min(length + 1, packBytes - offset)));
        const { whole, ranges } = planReads(packBytes, places);
        for (const { start, length, bytes } of ranges) {
          expect([start % block, length % block]).toEqual([0, 0]);
          expect(bytes).toBe(Math.min(start + length, packBytes) - start);
        }
        const fetched = ranges.reduce((sum, { length }) => sum + length, 0);
        expect(whole ? ranges.length === 1 && ranges[0]?.bytes === packBytes : 2 * fetched <= packBytes + block).toBe(true);
        for (const wanted of places) {
          const holding = ranges.filter(
            (range) => findInRange(range, anyBytes.subarray(0, range.bytes), wanted)?.length === wanted.sealedBytes,
          );
          expect(holding).toHaveLength(1);
        }
        const gaps = ranges.slice(1).map(({ start }, index) => start - (ranges[index]?.start ?? 0) - (ranges[index]?.length ?? 0));
        expect(gaps.every((gap) => gap > 2 * block)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('are the blocks of one chunk, and no more', () => {
    expect(planReads(packBytes, [place(block + 5, 100)])).toEqual({
      whole: false,
      ranges: [{ start: block, length: block, bytes: block }],
    });
    expect(planReads(packBytes, [place(2 * block - 1, 2)])).toEqual({
      whole: false,
      ranges: [{ start: block, length: 2 * block, bytes: 2 * block }],
    });
    expect(planReads(packBytes, [place(packBytes - 1, 1)]).ranges).toEqual([{ start: packBytes - block, length: block, bytes: block }]);
    expect(planReads(20 * block + 1000, [place(20 * block, 9)]).ranges).toEqual([{ start: 20 * block, length: block, bytes: 1000 }]);
  });

  test('are one where two chunks lie close, and two where they do not', () => {
    expect(planReads(packBytes, [place(0, 9), place(3 * block, 9)]).ranges).toEqual([{ start: 0, length: 4 * block, bytes: 4 * block }]);
    expect(planReads(packBytes, [place(0, 9), place(4 * block, 9)]).ranges).toHaveLength(2);
  });

  test('are the whole pack where more than half is wanted', () => {
    expect(planReads(packBytes, [place(0, packBytes / 2 + block)]).whole).toBe(true);
    expect(planReads(packBytes, [place(0, packBytes / 2 - block)]).whole).toBe(false);
    expect(planReads(16_384, [place(10, 100)])).toEqual({ whole: true, ranges: [{ start: 0, length: block, bytes: 16_384 }] });
  });

  test('are none for nothing, and refused outside the pack', () => {
    expect(planReads(packBytes, [])).toEqual({ whole: false, ranges: [] });
    for (const bad of [place(-1, 5), place(packBytes, 1), place(packBytes - 1, 2), place(0, 0)]) {
      expect(failureCode(() => planReads(packBytes, [bad]))).toBe('E_FORMAT');
    }
  });
});
