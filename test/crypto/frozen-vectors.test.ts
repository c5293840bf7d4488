import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { EpochKeys } from '../../src/crypto/epoch-keys.ts';
import { padClass, padme } from '../../src/crypto/padding.ts';
import { passphraseKey } from '../../src/crypto/passphrase.ts';
import { parseRecoveryKey, recoveryKeyText, recoverySlotSecret } from '../../src/crypto/recovery-key.ts';
import { SecretKeys } from '../../src/crypto/seal-keys.ts';
import { Seals } from '../../src/crypto/seal.ts';
import { type SealedType, sealedTypes } from '../../src/crypto/sealed-types.ts';
import { Secret } from '../../src/crypto/secret.ts';
import { SipHash } from '../../src/crypto/siphash.ts';
import { StateSum } from '../../src/crypto/state-root.ts';
import { parseId } from '../../src/model/ids.ts';
import { stuckRandom } from './fixed-random.ts';
import { providers, sodium } from './providers.ts';

const bytes = z.string().transform((text) => fromHex(text)!);
const type = z.string().transform((name) => name as SealedType);
const typeKeys = z.record(z.string(), z.string());
const argon = { salt: bytes, passes: z.number(), memoryKib: z.number() };

const vectors = z
  .object({
    vaultId: z.string().transform((text) => parseId('VaultId', text)),
    epochSecret: bytes,
    secret: bytes,
    epochKeys: z.array(z.object({ epoch: z.number(), chunkIdKey: z.string(), cutKey: z.string(), nonceKey: z.string(), typeKeys })),
    secretKeys: z.object({ nonceKey: z.string(), typeKeys }),
    seals: z.array(
      z.object({
        keys: z.enum(['epoch', 'secret']),
        form: z.enum(['whole', 'bare']),
        type,
        epoch: z.number(),
        context: bytes,
        noise: bytes,
        plaintext: bytes,
        paddedBytes: z.number().nullable(),
        digest: bytes.nullable(),
        object: bytes,
      }),
    ),
    stateRoots: z.object({ empty: z.string(), afterEach: z.array(z.object({ record: bytes, root: z.string() })), sumHash: z.string() }),
    recovery: z.object({ secret: bytes, text: z.string(), slotSecret: z.string() }),
    sipHash: z.object({ key: bytes, words: z.array(z.object({ word: bytes, low32: z.number() })) }),
    argon2id: z.array(z.object({ password: bytes, ...argon, output: z.string() })),
    passphrase: z.object({ passphrase: z.string(), ...argon, key: z.string() }),
    padme: z.array(z.tuple([z.number(), z.number()])),
    padClasses: z.array(z.tuple([z.number(), z.number()])),
  })
  .parse(JSON.parse(readFileSync(`${import.meta.dirname}/../vectors/crypto-v1.json`, 'utf8')));

describe.each(providers)('what version 1 of the format fixed, with %s', (_, primitives) => {
  test('keys', () => {
    for (const { epoch, chunkIdKey, cutKey, nonceKey, typeKeys: frozen } of vectors.epochKeys) {
      const keys = new EpochKeys(primitives, epoch, vectors.epochSecret);
      expect([keys.chunkIdKey, keys.cutKey, keys.nonceKey].map(toHex)).toEqual([chunkIdKey, cutKey, nonceKey]);
      expect(Object.keys(frozen).map((name) => toHex(keys.typeKey(name as SealedType)))).toEqual(Object.values(frozen));
    }
    const other = new SecretKeys(primitives, vectors.secret);
    const frozen = vectors.secretKeys.typeKeys;
    expect(toHex(other.nonceKey)).toBe(vectors.secretKeys.nonceKey);
    expect(Object.keys(frozen).map((name) => toHex(other.typeKey(name as SealedType)))).toEqual(Object.values(frozen));
    expect(Object.keys(frozen)).toEqual(Object.keys(sealedTypes));
  });

  test.each(vectors.seals.map((vector, index) => [index, vector.form, vector.type, vector] as const))(
    'sealed object %i: %s %s',
    (...[, , , vector]) => {
      const { form, epoch, context, plaintext, paddedBytes, digest, object } = vector;
      const seals = new Seals(primitives, stuckRandom(vector.noise));
      const keys =
        vector.keys === 'epoch' ? new EpochKeys(primitives, epoch, vectors.epochSecret) : new SecretKeys(primitives, vectors.secret);
      const purpose = { type: vector.type, vaultId: vectors.vaultId, epoch, context };
      const options = { ...(paddedBytes === null ? {} : { paddedBytes }), ...(digest === null ? {} : { digest }) };
      const sealed = form === 'whole' ? seals.seal(keys, purpose, plaintext, options) : seals.sealBare(keys, purpose, plaintext, options);
      expect(toHex(sealed)).toBe(toHex(object));
      expect(form === 'whole' ? seals.open(keys, purpose, object) : seals.openBare(keys, purpose, object)).toEqual(plaintext);
    },
  );

  test('state roots', () => {
    const sum = StateSum.empty(primitives);
    expect(sum.root()).toBe(vectors.stateRoots.empty);
    for (const { record, root } of vectors.stateRoots.afterEach) {
      sum.add(record);
      expect(sum.root()).toBe(root);
    }
    expect(toHex(primitives.blake2b(32, [sum.bytes()]))).toBe(vectors.stateRoots.sumHash);
  });

  test('recovery keys', () => {
    const secret = new Secret(vectors.recovery.secret);
    expect(recoveryKeyText(primitives, secret)).toBe(vectors.recovery.text);
    expect(parseRecoveryKey(primitives, vectors.recovery.text).reveal()).toEqual(vectors.recovery.secret);
    expect(toHex(recoverySlotSecret(primitives, secret))).toBe(vectors.recovery.slotSecret);
  });

  test('Argon2id', async () => {
    for (const { password, salt, passes, memoryKib, output } of vectors.argon2id) {
      expect(toHex(await primitives.argon2id(password, salt, { passes, memoryKib }))).toBe(output);
    }
  });
});

test('the key of a passphrase, at the cost that is paid for it', async () => {
  const { passphrase, key, ...params } = vectors.passphrase;
  expect(toHex(await passphraseKey(sodium, passphrase, params))).toBe(key);
});

test('padding and cut decisions', () => {
  for (const [size, padded] of vectors.padme) expect([size, padme(size)]).toEqual([size, padded]);
  for (const [size, padded] of vectors.padClasses) expect([size, padClass(size)]).toEqual([size, padded]);
  const sip = new SipHash(vectors.sipHash.key);
  for (const { word, low32 } of vectors.sipHash.words) {
    const view = new DataView(word.buffer, word.byteOffset);
    expect(sip.low32OfWord(view.getUint32(0, true), view.getUint32(4, true))).toBe(low32);
  }
});
