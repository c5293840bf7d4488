import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SipHash } from '../../src/crypto/siphash.ts';

const sodium = createRequire(import.meta.url)('sodium-native') as {
  crypto_shorthash(output: Uint8Array, input: Uint8Array, key: Uint8Array): void;
};

const paperKey = Uint8Array.from({ length: 16 }, (_, index) => index);

test('the vector for eight bytes that the authors of SipHash publish', () => {
  expect(new SipHash(paperKey).low32OfWord(0x03020100, 0x07060504)).toBe(0x9a932462);
});

test('agrees with libsodium for every key and word, signed or not', () => {
  const word = fc.oneof(fc.integer(), fc.constantFrom(0, -1, 1, 0x7fffffff, -0x80000000));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), word, word, (key, low, high) => {
      const input = new Uint8Array(8);
      const view = new DataView(input.buffer);
      view.setInt32(0, low, true);
      view.setInt32(4, high, true);
      const output = new Uint8Array(8);
      sodium.crypto_shorthash(output, input, key);
      const expected = new DataView(output.buffer).getUint32(0, true);
      expect(new SipHash(key).low32OfWord(low, high)).toBe(expected);
      expect(new SipHash(key).low32OfWord(low >>> 0, high >>> 0)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test('takes its key from anywhere in a buffer', () => {
  const held = new Uint8Array(19);
  held.set(paperKey, 3);
  expect(new SipHash(held.subarray(3)).low32OfWord(0x03020100, 0x07060504)).toBe(0x9a932462);
});
