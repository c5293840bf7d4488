import { expect, test } from 'vitest';
import { cutBatch } from '../../src/engine/queue/cut-batch.ts';

test('a batch ends before it becomes too large, and holds one item however large that is', () => {
  expect(cutBatch([], 10)).toBe(0);
  expect(cutBatch([1, 2, 3], 10)).toBe(3);
  expect(cutBatch([4, 6, 1], 10)).toBe(2);
  expect(cutBatch([4, 7], 10)).toBe(1);
  expect(cutBatch([99, 0], 10)).toBe(1);
  expect(cutBatch([0, 0, 99], 10)).toBe(2);
});
