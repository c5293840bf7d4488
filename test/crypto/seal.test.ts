import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { concatBytes, fromHex, toHex, utf8 } from '../../src/base/bytes.ts';
import { EpochKeys } from '../../src/crypto/epoch-keys.ts';
import { lengthFieldBytes, padClass } from '../../src/crypto/padding.ts';
import type { Primitives } from '../../src/crypto/primitives.ts';
import { SecretKeys } from '../../src/crypto/seal-keys.ts';
import { type Purpose, readSealedHeader, sealedSize, Seals } from '../../src/crypto/seal.ts';
import { packTypeByte, type SealedType, sealedTypes } from '../../src/crypto/sealed-types.ts';
import { u32 } from '../../src/crypto/u32.ts';
import { parseId } from '../../src/model/ids.ts';
import { failureCode } from './failure-code.ts';
import { bytesOf, seededRandom, stuckRandom } from './fixed-random.ts';
import { portable, providers, sodium } from './providers.ts';

const vaultId = parseId('VaultId', 'a1'.repeat(32));
const secret = bytesOf('epoch secret', 32);
const purpose: Purpose = { type: 'entry-body', vaultId, epoch: 3, context: utf8('journal/000000000001-0011223344556677') };
const text = utf8('abc');

const collision = z
  .object({ nonce: z.string(), box: z.string(), keys: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(`${import.meta.dirname}/../vectors/collide6.json`, 'utf8')));

/** The box key and commitment of FORMAT.md, section 2, written a second time. */
function split(typeKey: Uint8Array, { type, context, epoch }: Purpose, nonce: Uint8Array): { key: Uint8Array; commitment: Uint8Array } {
  const whole = concatBytes([fromHex(vaultId)!, u32(epoch), context]);
  const parts = [utf8('cachette/v1/seal\0'), Uint8Array.of(sealedTypes[type]), u32(whole.length), whole, nonce];
  const both = portable.blake2b(64, parts, typeKey);
  return { key: both.subarray(0, 32), commitment: both.subarray(32) };
}

/** A well-made bare object around any padded plaintext, right or wrong. */
function sealPadded(typeKey: Uint8Array, at: Purpose, padded: Uint8Array): Uint8Array {
  const nonce = bytesOf('nonce', 24);
  const { key, commitment } = split(typeKey, at, nonce);
  const box = concatBytes([new Uint8Array(16), padded]);
  portable.secretboxSealInPlace(box, nonce, key);
  return concatBytes([nonce, commitment, box]);
}

describe.each(providers)('sealed objects with %s', (_, primitives) => {
  const keys = new EpochKeys(primitives, 3, secret);
  const seals = new Seals(primitives, seededRandom('seal'));
  const object = seals.seal(keys, purpose, text);
  const bare = seals.sealBare(keys, purpose, text);

  test('open to what was sealed, for any plaintext, context and padding', () => {
    const plaintexts = fc.uint8Array({ maxLength: 2000 });
    fc.assert(
      fc.property(plaintexts, fc.uint8Array({ maxLength: 100 }), fc.nat(3000), (plaintext, context, padding) => {
        const at = { ...purpose, context };
        const paddedBytes = lengthFieldBytes + plaintext.length + padding;
        const sealed = seals.seal(keys, at, plaintext, { paddedBytes });
        expect(sealed).toHaveLength(sealedSize(paddedBytes, 'whole'));
        expect(seals.open(keys, at, sealed)).toEqual(plaintext);
        const sealedBare = seals.sealBare(keys, at, plaintext, { paddedBytes });
        expect(sealedBare).toHaveLength(sealedSize(paddedBytes, 'bare'));
        expect(seals.openBare(keys, at, sealedBare)).toEqual(plaintext);
        expect(seals.openBareInPlace(keys, at, sealedBare.slice())).toEqual(plaintext);
      }),
      { numRuns: 50 },
    );
  });

  test('cost 76 bytes bare and 86 whole, where nothing is padded', () => {
    expect(bare).toHaveLength(76 + text.length);
    expect(object).toHaveLength(86 + text.length);
  });

  test('say their version, type and epoch in front', () => {
    expect(readSealedHeader(object)).toEqual({ version: 1, type: 'entry-body', epoch: 3 });
    expect(toHex(object.subarray(0, 10))).toBe('43434831010200000003');
  });

  test('are made as FORMAT.md says', () => {
    const { key, commitment } = split(keys.typeKey('entry-body'), purpose, bare.subarray(0, 24));
    expect(bare.subarray(24, 56)).toEqual(commitment);
    expect(portable.secretboxOpen(bare.subarray(56), bare.subarray(0, 24), key)).toEqual(concatBytes([u32(3), text]));
    expect(seals.openBare(keys, purpose, sealPadded(keys.typeKey('entry-body'), purpose, concatBytes([u32(3), text])))).toEqual(text);
  });

  test('do not open for another purpose or with other keys', () => {
    const wrong: readonly (readonly [string, EpochKeys | SecretKeys, Purpose])[] = [
      ['key', new EpochKeys(primitives, 3, bytesOf('another secret', 32)), purpose],
      ['epoch of the keys', new EpochKeys(primitives, 4, secret), purpose],
      ['kind of secret', new SecretKeys(primitives, secret), purpose],
      ['epoch', keys, { ...purpose, epoch: 4 }],
      ['type', keys, { ...purpose, type: 'entry-header' }],
      ['vault', keys, { ...purpose, vaultId: parseId('VaultId', 'a2'.repeat(32)) }],
      ['context', keys, { ...purpose, context: utf8('journal/000000000001-0011223344556678') }],
      ['longer context', keys, { ...purpose, context: concatBytes([purpose.context, new Uint8Array(1)]) }],
      ['empty context', keys, { ...purpose, context: new Uint8Array(0) }],
    ];
    for (const [what, otherKeys, otherPurpose] of wrong) {
      expect([what, failureCode(() => seals.open(otherKeys, otherPurpose, object))]).toEqual([what, 'E_TAMPER']);
      expect([what, failureCode(() => seals.openBare(otherKeys, otherPurpose, bare))]).toEqual([what, 'E_TAMPER']);
    }
  });

  test('of one type never open as another, not even where the header is changed to say so', () => {
    const types = Object.keys(sealedTypes) as SealedType[];
    for (const type of types) {
      const sealed = seals.seal(keys, { ...purpose, type }, text);
      for (const other of types.filter((candidate) => candidate !== type)) {
        const relabelled = sealed.slice();
        relabelled[5] = sealedTypes[other];
        expect(failureCode(() => seals.open(keys, { ...purpose, type: other }, sealed))).toBe('E_TAMPER');
        expect(failureCode(() => seals.open(keys, { ...purpose, type: other }, relabelled))).toBe('E_TAMPER');
      }
    }
  });

  test('do not open with any one bit flipped', () => {
    for (let bit = 0; bit < object.length * 8; bit += 1) {
      const flipped = object.slice();
      flipped[bit >>> 3]! ^= 1 << (bit & 7);
      const expected = bit < 32 ? 'E_FORMAT' : bit < 40 ? 'E_DOWNGRADE' : 'E_TAMPER';
      expect([bit, failureCode(() => seals.open(keys, purpose, flipped))]).toEqual([bit, expected]);
    }
    for (let bit = 0; bit < bare.length * 8; bit += 1) {
      const flipped = bare.slice();
      flipped[bit >>> 3]! ^= 1 << (bit & 7);
      expect([bit, failureCode(() => seals.openBare(keys, purpose, flipped))]).toEqual([bit, 'E_TAMPER']);
    }
  });

  test('do not open shortened or lengthened', () => {
    for (let length = 0; length < object.length; length += 1) {
      expect(failureCode(() => seals.open(keys, purpose, object.subarray(0, length)))).toBe(length < 86 ? 'E_FORMAT' : 'E_TAMPER');
    }
    for (let length = 0; length < bare.length; length += 1) {
      expect(failureCode(() => seals.openBare(keys, purpose, bare.subarray(0, length)))).toBe(length < 76 ? 'E_FORMAT' : 'E_TAMPER');
    }
    for (const more of [1, 16, 100]) {
      expect(failureCode(() => seals.open(keys, purpose, concatBytes([object, new Uint8Array(more)])))).toBe('E_TAMPER');
      expect(failureCode(() => seals.openBare(keys, purpose, concatBytes([bare, new Uint8Array(more)])))).toBe('E_TAMPER');
    }
  });

  test('are refused where padding or length were not written by a sealer of ours', () => {
    const typeKey = keys.typeKey('entry-body');
    const open = (padded: Uint8Array): string => failureCode(() => seals.openBare(keys, purpose, sealPadded(typeKey, purpose, padded)));
    expect(open(concatBytes([u32(3), text, new Uint8Array(9)]))).toBe('no failure');
    expect(open(concatBytes([u32(3), text, new Uint8Array(8), Uint8Array.of(1)]))).toBe('E_TAMPER');
    expect(open(concatBytes([u32(2), text]))).toBe('E_TAMPER');
    expect(open(concatBytes([u32(4), text]))).toBe('E_TAMPER');
    expect(open(concatBytes([u32(0xffffffff), text]))).toBe('E_TAMPER');
  });

  test('name the object that failed, and not why', () => {
    const other = new EpochKeys(primitives, 3, bytesOf('another secret', 32));
    const wrongPadding = sealPadded(keys.typeKey('entry-body'), purpose, u32(1));
    const failures = [
      () => seals.openBare(other, purpose, bare, 'packs/x'),
      () => seals.openBare(keys, purpose, wrongPadding, 'packs/x'),
    ].map((act) => {
      try {
        act();
      } catch (error) {
        return error;
      }
      return undefined;
    });
    expect(failures[0]).toMatchObject({ code: 'E_TAMPER', subject: 'packs/x' });
    expect(failures[1]).toEqual(failures[0]);
  });

  test('stay closed to one box made to open under six keys', () => {
    const box = fromHex(collision.box)!;
    const nonce = fromHex(collision.nonce)!;
    const six = collision.keys.map((key) => fromHex(key)!);
    expect(six.filter((key) => primitives.secretboxOpen(box, nonce, key) !== undefined)).toHaveLength(6); // guard: the bare box opens
    // Whatever commitment the attacker writes, be it one that holds for one of the keys.
    const commitments = [new Uint8Array(32), ...six.map((key) => split(key, purpose, nonce).commitment)];
    for (const key of six) {
      const fixedKeys = { typeKey: () => key, nonceKey: key };
      for (const commitment of commitments) {
        expect(failureCode(() => seals.openBare(fixedKeys, purpose, concatBytes([nonce, commitment, box])))).toBe('E_TAMPER');
      }
    }
    // And where the six happened to be the keys of the boxes: one commitment is for one key, and the other five are not tried.
    let tried = 0;
    const tricked: Primitives = {
      ...primitives,
      blake2b: (length, parts, key) => {
        const hash = primitives.blake2b(length, parts, key);
        return length === 64 && key !== undefined ? concatBytes([key, hash.subarray(32)]) : hash;
      },
      secretboxOpen: (...all) => {
        tried += 1;
        return primitives.secretboxOpen(...all);
      },
    };
    const crafted = concatBytes([nonce, split(six[0]!, purpose, nonce).commitment, box]);
    for (const key of six) {
      failureCode(() => new Seals(tricked, seededRandom('tricked')).openBare({ typeKey: () => key, nonceKey: key }, purpose, crafted));
    }
    expect(tried).toBe(1);
  });

  test('are written where the caller wants them, over whatever was there', () => {
    const into = new Uint8Array(300).fill(0xaa);
    const sealed = seals.sealBare(keys, purpose, text, { paddedBytes: 100, into: into.subarray(10) });
    expect(sealed.buffer).toBe(into.buffer);
    expect(sealed).toHaveLength(172);
    expect(seals.openBare(keys, purpose, into.subarray(10, 182))).toEqual(text);
    expect([...into.subarray(0, 10), ...into.subarray(182)].every((byte) => byte === 0xaa)).toBe(true);
    expect(() => seals.seal(keys, purpose, text, { into: new Uint8Array(88) })).toThrow(RangeError);
  });

  test('are not made where the plaintext does not fit the padding', () => {
    expect(() => seals.seal(keys, purpose, text, { paddedBytes: 6 })).toThrow(RangeError);
    expect(() => seals.seal(keys, purpose, text, { digest: new Uint8Array(31) })).toThrow(RangeError);
    expect(() => seals.seal(keys, { ...purpose, vaultId: 'a1'.repeat(31) }, text)).toThrow(RangeError);
  });

  test('of parts are those of the parts joined', () => {
    const stuck = new Seals(primitives, stuckRandom(bytesOf('noise', 32)));
    const whole = stuck.seal(keys, purpose, text);
    expect(stuck.seal(keys, purpose, [text.subarray(0, 1), new Uint8Array(0), text.subarray(1)])).toEqual(whole);
    expect(stuck.seal(keys, purpose, [])).toEqual(stuck.seal(keys, purpose, new Uint8Array(0)));
  });

  test('never share a nonce, not even where the generator repeats itself', () => {
    const nonceOf = (sealed: Uint8Array): string => toHex(sealed.subarray(0, 24));
    const fresh = Array.from({ length: 50 }, () => nonceOf(seals.sealBare(keys, purpose, text)));
    expect(new Set(fresh).size).toBe(50);
    const stuck = new Seals(primitives, stuckRandom(bytesOf('noise', 32)));
    const first = nonceOf(stuck.sealBare(keys, purpose, text));
    expect(nonceOf(stuck.sealBare(keys, purpose, utf8('abd')))).not.toBe(first);
    expect(nonceOf(stuck.sealBare(keys, purpose, text, { digest: bytesOf('id', 32) }))).not.toBe(first);
    expect(nonceOf(stuck.sealBare(new EpochKeys(primitives, 4, secret), purpose, text))).not.toBe(first);
  });

  test('are told from other bytes by their header', () => {
    expect(failureCode(() => readSealedHeader(new Uint8Array(200)))).toBe('E_FORMAT');
    expect(failureCode(() => readSealedHeader(object.subarray(0, 9)))).toBe('E_FORMAT');
    for (const version of [0, 2, 255]) {
      const other = object.slice();
      other[4] = version;
      expect(failureCode(() => readSealedHeader(other))).toBe('E_DOWNGRADE');
      expect(failureCode(() => seals.open(keys, purpose, other))).toBe('E_DOWNGRADE');
    }
    const pack = object.slice();
    pack[5] = packTypeByte;
    expect(failureCode(() => readSealedHeader(pack))).toBe('E_FORMAT');
    expect(failureCode(() => seals.open(keys, purpose, pack))).toBe('E_TAMPER');
  });
});

test('either provider seals to the same bytes, and opens what the other sealed', () => {
  const size = fc.integer({ min: 0, max: 3000 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1500 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), size, (plaintext, noise, padding) => {
      const options = { paddedBytes: padClass(plaintext.length + padding) };
      const sealed = [sodium, portable].map((primitives) => {
        const keys = new EpochKeys(primitives, 3, secret);
        const seals = new Seals(primitives, stuckRandom(noise));
        return seals.seal(keys, purpose, plaintext, options);
      });
      expect(sealed[0]).toEqual(sealed[1]);
      for (const primitives of [sodium, portable]) {
        const seals = new Seals(primitives, stuckRandom(noise));
        expect(seals.open(new EpochKeys(primitives, 3, secret), purpose, sealed[0]!)).toEqual(plaintext);
      }
    }),
    { numRuns: 30 },
  );
});

test('a chunk of the largest size goes through', () => {
  const keys = new EpochKeys(sodium, 3, secret);
  const seals = new Seals(sodium, seededRandom('large'));
  const plaintext = bytesOf('chunk', 4 * 1024 * 1024);
  const opened = seals.openBare(keys, purpose, seals.sealBare(keys, purpose, [Uint8Array.of(0), plaintext], { digest: bytesOf('id', 32) }));
  expect(Buffer.compare(opened.subarray(1), plaintext)).toBe(0);
});
