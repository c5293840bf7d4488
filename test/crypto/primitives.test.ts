import { argon2Sync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex, utf8 } from '../../src/base/bytes.ts';
import { bytesOf } from './fixed-random.ts';
import { portable, providers, sodium } from './providers.ts';

const hex = (text: string): Uint8Array => fromHex(text.replaceAll(/\s/g, ''))!;

describe.each(providers)('primitives of %s, against published vectors', (_, primitives) => {
  test('BLAKE2b of RFC 7693 and of the reference implementation', () => {
    expect(toHex(primitives.blake2b(64, [utf8('abc')]))).toBe(
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    );
    expect(toHex(primitives.blake2b(32, []))).toBe('0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8');
    const key = Uint8Array.from({ length: 64 }, (__, index) => index);
    expect(toHex(primitives.blake2b(64, [new Uint8Array(0)], key))).toBe(
      '10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568',
    );
  });

  test('the secretbox of NaCl', () => {
    const key = hex('1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389');
    const nonce = hex('69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37');
    const message = hex(`be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f4
      1db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082
      f937763848645e0705`);
    const expected = `f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f0
      11ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88
      d5f9b37973f622a43d14a6599b1f654cb45a74e355a5`.replaceAll(/\s/g, '');
    const box = new Uint8Array(16 + message.length);
    box.set(message, 16);
    primitives.secretboxSealInPlace(box, nonce, key);
    expect(toHex(box)).toBe(expected);
    expect(primitives.secretboxOpen(box, nonce, key)).toEqual(message);
    box[20]! ^= 1;
    expect(primitives.secretboxOpen(box, nonce, key)).toBeUndefined();
    expect(primitives.secretboxOpen(box.subarray(0, 15), nonce, key)).toBeUndefined();
    const changed = box.slice();
    expect(primitives.secretboxOpenInPlace(box, nonce, key)).toBeUndefined();
    expect(primitives.secretboxOpenInPlace(box.subarray(0, 15), nonce, key)).toBeUndefined();
    expect(box).toEqual(changed);
    box[20]! ^= 1;
    const opened = primitives.secretboxOpenInPlace(box, nonce, key);
    expect([opened, opened?.buffer === box.buffer]).toEqual([message, true]);
  });

  test('the keystream is the one that secretbox encrypts with', () => {
    const key = bytesOf('keystream', 32);
    const stream = new Uint8Array(2048);
    primitives.keystream(stream, key);
    const box = new Uint8Array(16 + 2048 - 32);
    primitives.secretboxSealInPlace(box, new Uint8Array(24), key);
    expect(stream.subarray(32)).toEqual(box.subarray(16));
  });

  test('Ed25519 of RFC 8032', () => {
    const seed = hex('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7');
    const { publicKey, secretKey } = primitives.signingPair(seed);
    expect(toHex(publicKey)).toBe('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025');
    const message = hex('af82');
    const signature = primitives.sign(message, secretKey);
    expect(toHex(signature)).toBe(
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    );
    expect(primitives.verify(message, signature, publicKey)).toBe(true);
    expect(primitives.verify(hex('af83'), signature, publicKey)).toBe(false);
    expect(primitives.verify(message, signature.subarray(0, 63), publicKey)).toBe(false);
    expect(primitives.verify(message, Uint8Array.of(...signature, 0), publicKey)).toBe(false);
    expect(primitives.verify(message, signature, publicKey.subarray(0, 31))).toBe(false);
  });

  test('X25519 of RFC 7748', () => {
    const alice = primitives.boxPair(hex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
    const bob = primitives.boxPair(hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));
    expect(toHex(alice.publicKey)).toBe('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
    expect(toHex(bob.publicKey)).toBe('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f');
    const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
    expect(toHex(primitives.agree(alice.secretKey, bob.publicKey)!)).toBe(shared);
    expect(toHex(primitives.agree(bob.secretKey, alice.publicKey)!)).toBe(shared);
  });

  test('Argon2id as OpenSSL computes it', async () => {
    for (const [passes, memoryKib] of [
      [1, 8],
      [3, 64],
      [2, 1000],
    ] as const) {
      const password = bytesOf('password', 40 * passes);
      const salt = bytesOf('salt', 16);
      const expected = argon2Sync('argon2id', {
        message: password,
        nonce: salt,
        parallelism: 1,
        tagLength: 32,
        memory: memoryKib,
        passes,
      });
      expect(toHex(await primitives.argon2id(password, salt, { passes, memoryKib }))).toBe(expected.toString('hex'));
    }
  });
});

describe('the two providers', () => {
  const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

  test('hash to the same bytes, however the input is cut into parts', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });
    const key = fc.option(fc.uint8Array({ minLength: 16, maxLength: 64 }), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 64 }), parts, key, (length, input, maybeKey) => {
        const hash = portable.blake2b(length, input, maybeKey);
        expect(sodium.blake2b(length, input, maybeKey)).toEqual(hash);
        expect(sodium.blake2b(length, [Buffer.concat(input)], maybeKey)).toEqual(hash);
      }),
    );
  });

  test('seal to the same boxes and open each other’s', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), bytes(24), bytes(32), (plaintext, nonce, key) => {
        const boxes = providers.map(([, primitives]) => {
          const box = new Uint8Array(16 + plaintext.length);
          box.set(plaintext, 16);
          primitives.secretboxSealInPlace(box, nonce, key);
          return box;
        });
        expect(boxes[0]).toEqual(boxes[1]);
        for (const [, primitives] of providers) expect(primitives.secretboxOpen(boxes[0]!, nonce, key)).toEqual(plaintext);
      }),
    );
  });

  test('make the same pairs, signatures and shared secrets', () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), fc.uint8Array({ maxLength: 100 }), (seed, other, message) => {
        const pair = sodium.signingPair(seed);
        expect(portable.signingPair(seed)).toEqual(pair);
        const signature = sodium.sign(message, pair.secretKey);
        expect(portable.sign(message, pair.secretKey)).toEqual(signature);
        expect(portable.verify(message, signature, pair.publicKey)).toBe(true);
        expect(sodium.verify(message, signature, pair.publicKey)).toBe(true);

        const box = sodium.boxPair(seed);
        expect(portable.boxPair(seed)).toEqual(box);
        const partner = sodium.boxPair(other).publicKey;
        expect(portable.agree(box.secretKey, partner)).toEqual(sodium.agree(box.secretKey, partner));
      }),
      { numRuns: 10 },
    );
  });

  test('expand keys to the same keystream', () => {
    fc.assert(
      fc.property(bytes(32), (key) => {
        const [a, b] = providers.map(([, primitives]) => {
          const output = new Uint8Array(2048);
          primitives.keystream(output, key);
          return output;
        });
        expect(a).toEqual(b);
      }),
      { numRuns: 20 },
    );
  });
});
