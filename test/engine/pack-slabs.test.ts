import { describe, expect, test } from 'vitest';
import { joinNeighbours } from '../../src/base/bytes.ts';
import { PackSlabs } from '../../src/engine/content/pack-slabs.ts';

describe('memory for packs', () => {
  test('keeps copies, and takes the same memory for the next pack', () => {
    const slabs = new PackSlabs();
    const first = slabs.take();
    const given = Uint8Array.of(1, 2, 3);
    const kept = first.keep(given);
    given.fill(0);
    expect([...kept]).toEqual([1, 2, 3]);
    first.giveBack();
    const next = slabs.take().keep(Uint8Array.of(9));
    expect(next.buffer).toBe(kept.buffer);
  });

  test('is not shared by two packs at a time', () => {
    const slabs = new PackSlabs();
    const one = slabs.take().keep(Uint8Array.of(1));
    const other = slabs.take().keep(Uint8Array.of(2));
    expect([...one, ...other]).toEqual([1, 2]);
  });
});

describe('pieces that stand one after the other', () => {
  test('are one piece, and only they', () => {
    const memory = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const elsewhere = Uint8Array.of(8, 9);
    const parts = [memory.subarray(0, 2), memory.subarray(2, 3), memory.subarray(4, 6), elsewhere, memory.subarray(6, 8)];
    expect(joinNeighbours(parts).map((part) => [...part])).toEqual([
      [0, 1, 2],
      [4, 5],
      [8, 9],
      [6, 7],
    ]);
  });
});
