import { expect, test } from 'vitest';
import { HeldBytes } from '../../src/disk/act/held-bytes.ts';

test('pieces stay what they were until they are let go of, and then their memory serves others', () => {
  const held = new HeldBytes();
  const memories = new Set<ArrayBufferLike>();
  for (let round = 0; round < 20; round += 1) {
    const source = Buffer.alloc(60_000);
    const pieces = Array.from({ length: 100 }, (_, at) => held.keep(source.fill(at)));
    source.fill(255);
    for (const [at, { bytes }] of pieces.entries()) {
      memories.add(bytes.buffer);
      expect(Buffer.compare(bytes, Buffer.alloc(60_000, at))).toBe(0);
    }
    for (const piece of round % 2 === 0 ? pieces : pieces.toReversed()) piece.letGo();
  }
  // Six megabytes at a time, in blocks of seventeen pieces.
  expect(memories.size).toBeLessThanOrEqual(7);
});
