import { expect, test } from 'vitest';
import { shipBytes } from '../../src/agent/threads/ship-bytes.ts';

const kib = 1024;

/** What arrives at the other end. */
function arrive(parts: readonly Uint8Array[]): { readonly arrays: readonly Uint8Array[]; readonly sentBytes: number } {
  const { arrays, transfer } = shipBytes(parts);
  const sentBytes = transfer.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { arrays: structuredClone(arrays, { transfer }), sentBytes };
}

test('the same bytes arrive in the same order', () => {
  const large = new Uint8Array(200 * kib).fill(1);
  const shared = new Uint8Array(300 * kib).map((_, at) => at);
  const parts = [
    new Uint8Array([1, 2]),
    large,
    new Uint8Array(),
    shared.subarray(10, 100 * kib),
    Buffer.from('pooled'),
    shared.subarray(100 * kib),
  ];
  const expected = parts.map((part) => [...part]);
  expect(arrive(parts).arrays.map((array) => [...array])).toEqual(expected);
});

test('large buffers are handed over whole, without being copied', () => {
  const large = new Uint8Array(200 * kib);
  const views = [large.subarray(0, 100 * kib), large.subarray(100 * kib)];
  expect(arrive(views).sentBytes).toBe(200 * kib);
  expect(large.byteLength).toBe(0);
});

test('a small view does not drag its buffer along', () => {
  const large = new Uint8Array(1000 * kib);
  expect(arrive([large.subarray(5, 15), large.subarray(0, 100 * kib)]).sentBytes).toBe(100 * kib + 10);
  expect(large.byteLength).toBe(1000 * kib);
});

test('nothing at all', () => {
  expect(arrive([])).toEqual({ arrays: [], sentBytes: 0 });
  expect(arrive([new Uint8Array()]).arrays).toEqual([new Uint8Array()]);
});
