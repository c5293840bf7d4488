import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import { pad, padClass, padme, unpad } from '../../src/crypto/padding.ts';

const kib = 1024;

test('a padded size is the first class that holds the plaintext and its length', () => {
  const sizes: readonly (readonly [number, number])[] = [
    [0, kib],
    [kib - 4, kib],
    [kib - 3, 4 * kib],
    [16 * kib - 4, 16 * kib],
    [64 * kib - 3, 256 * kib],
    [256 * kib - 4, 256 * kib],
    [256 * kib - 3, kib * kib],
    [kib * kib - 4, kib * kib],
    [kib * kib - 3, 2 * kib * kib],
    [8 * kib * kib, 9 * kib * kib],
  ];
  for (const [plainBytes, expected] of sizes) expect([plainBytes, padClass(plainBytes)]).toEqual([plainBytes, expected]);
});

test('Padmé never shrinks, costs at most 12 %, keeps order, and is its own padding', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 35), fc.nat(2 ** 35), (a, b) => {
      const padded = padme(a);
      expect(padded).toBeGreaterThanOrEqual(a);
      expect(padded).toBeLessThanOrEqual(Math.max(a * 1.12, 2));
      expect(padme(padded)).toBe(padded);
      if (a <= b) expect(padded).toBeLessThanOrEqual(padme(b));
    }),
  );
});

test('Padmé leaves few sizes to be told apart', () => {
  const sizes = new Set(Array.from({ length: 65_536 }, (_, bytes) => padme(bytes)));
  expect(sizes.size).toBeLessThan(200);
});

test('what was padded comes back, and zeros are all that may follow it', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 4 }), fc.nat(100), (parts, padding) => {
      const plaintext = concatBytes(parts);
      const target = new Uint8Array(4 + plaintext.length + padding).fill(0xff);
      pad(target, parts, plaintext.length);
      expect(unpad(target)).toEqual(plaintext);
      for (let at = 4 + plaintext.length; at < target.length; at += 1) {
        target[at] = 1;
        expect(unpad(target)).toBeUndefined();
        target[at] = 0;
      }
    }),
  );
});
