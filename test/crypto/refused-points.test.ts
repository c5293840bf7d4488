import { readFileSync } from 'node:fs';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { concatBytes, fromHex, toHex, utf8 } from '../../src/base/bytes.ts';
import { bytesOf } from './fixed-random.ts';
import { providers } from './providers.ts';

const hex = (text: string): Uint8Array => fromHex(text)!;

/** All points whose order divides 8, in their one right spelling. */
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
].map(hex);

/** The same points, and one of full order, spelled with a y of at least the prime or with the sign of a zero. */
const nonCanonical = [
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
].map(hex);

/** u of every X25519 key of small order, on the curve and on its twist. */
const smallOrderU = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
].map(hex);

const mixedOrder = z
  .object({
    cases: z.array(
      z.object({
        mixed: z.string(),
        publicKey: z.string(),
        message: z.string(),
        signature: z.string(),
        valid: z.boolean(),
        fits: z.boolean(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(`${import.meta.dirname}/../vectors/crypto-mixed-order.json`, 'utf8')));

const message = utf8('any message at all');
const zeroScalar = new Uint8Array(32);
const signer = nacl.sign.keyPair.fromSeed(bytesOf('signer', 32));

describe.each(providers)('%s refuses', (_, primitives) => {
  test.each(smallOrder.map((key) => [toHex(key), key] as const))('signatures by the small-order key %s', (__, publicKey) => {
    // Signatures that nobody made: some R of small order fits one message in two or so. The guard finds one that does.
    const forged = smallOrder.map((r) => concatBytes([r, zeroScalar]));
    const fits = (text: Uint8Array): boolean => forged.some((signature) => nacl.sign.detached.verify(text, signature, publicKey));
    const text = Array.from({ length: 20 }, (___, index) => utf8(`message ${index}`)).find(fits);
    expect(text).toBeDefined();
    for (const signature of forged) expect(primitives.verify(text!, signature, publicKey)).toBe(false);
  });

  test('keys that are not spelled canonically', () => {
    for (const publicKey of nonCanonical) {
      for (const r of [...smallOrder, ...nonCanonical]) {
        expect(primitives.verify(message, concatBytes([r, zeroScalar]), publicKey)).toBe(false);
      }
    }
  });

  test('signatures whose R has small order or is not spelled canonically', () => {
    const scalar = nacl.sign.detached(message, signer.secretKey).subarray(32);
    for (const r of [...smallOrder, ...nonCanonical])
      expect(primitives.verify(message, concatBytes([r, scalar]), signer.publicKey)).toBe(false);
  });

  test('a signature with the group order added to its scalar', () => {
    const signature = nacl.sign.detached(message, signer.secretKey);
    expect(primitives.verify(message, signature, signer.publicKey)).toBe(true);
    const groupOrder = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
    const scalar = BigInt(`0x${toHex(signature.slice(32).toReversed())}`);
    const other = hex((scalar + groupOrder).toString(16).padStart(64, '0')).toReversed();
    const second = concatBytes([signature.subarray(0, 32), other]);
    expect(nacl.sign.detached.verify(message, second, signer.publicKey)).toBe(true); // guard: it fits the equation
    expect(primitives.verify(message, second, signer.publicKey)).toBe(false);
  });

  test('to agree on a secret with a key of small order, or with one that is not spelled canonically', () => {
    const secret = bytesOf('secret', 32);
    for (const publicKey of smallOrderU) {
      expect(toHex(nacl.scalarMult(secret, publicKey))).toBe('00'.repeat(32)); // guard: everyone would share this secret
      expect(primitives.agree(secret, publicKey)).toBeUndefined();
    }
    const honest = primitives.boxPair(bytesOf('other', 32)).publicKey;
    const highBit = honest.slice();
    highBit[31]! |= 0x80;
    expect(primitives.agree(secret, honest)).toBeDefined();
    expect(primitives.agree(secret, highBit)).toBeUndefined();
    expect(primitives.agree(secret, hex(`f0${'ff'.repeat(30)}7f`))).toBeUndefined();
    expect(primitives.agree(secret, honest.subarray(0, 31))).toBeUndefined();
  });

  test('and accepts the same signatures as the other where a part of small order is mixed in', () => {
    expect(mixedOrder.cases.filter(({ valid }) => valid).length).toBeGreaterThan(0);
    expect(mixedOrder.cases.filter(({ valid, fits }) => fits && !valid).length).toBeGreaterThan(smallOrder.length);
    for (const { mixed, publicKey, message: text, signature, valid, fits } of mixedOrder.cases) {
      expect(nacl.sign.detached.verify(hex(text), hex(signature), hex(publicKey))).toBe(fits);
      expect([mixed, primitives.verify(hex(text), hex(signature), hex(publicKey))]).toEqual([mixed, valid]);
    }
  });
});
