import { describe, expect, test } from 'vitest';
import { toHex, utf8 } from '../../src/base/bytes.ts';
import { deriveKey } from '../../src/crypto/derive-key.ts';
import { EpochKeys } from '../../src/crypto/epoch-keys.ts';
import { SecretKeys } from '../../src/crypto/seal-keys.ts';
import { type SealedType, sealedTypes } from '../../src/crypto/sealed-types.ts';
import { bytesOf } from './fixed-random.ts';
import { providers } from './providers.ts';

const secret = bytesOf('epoch secret', 32);
const types = Object.keys(sealedTypes) as SealedType[];

describe.each(providers)('keys with %s', (_, primitives) => {
  test('are all different, by purpose, epoch, secret and kind of secret', () => {
    const ofEpoch = (keys: EpochKeys): Uint8Array[] => [
      ...types.map((type) => keys.typeKey(type)),
      keys.chunkIdKey,
      keys.cutKey,
      keys.nonceKey,
    ];
    const other = new SecretKeys(primitives, secret);
    const all = [
      ...ofEpoch(new EpochKeys(primitives, 1, secret)),
      ...ofEpoch(new EpochKeys(primitives, 2, secret)),
      ...ofEpoch(new EpochKeys(primitives, 1, bytesOf('next epoch secret', 32))),
      ...types.map((type) => other.typeKey(type)),
      other.nonceKey,
    ];
    expect(new Set(all.map(toHex)).size).toBe(all.length);
    expect(all.every((key) => key.length === 32)).toBe(true);
  });

  test('are derived once', () => {
    const keys = new EpochKeys(primitives, 1, secret);
    expect(keys.typeKey('chunk')).toBe(keys.typeKey('chunk'));
    expect(keys.chunkIdKey).toBe(keys.chunkIdKey);
  });

  test('are BLAKE2b of label and epoch, keyed with the secret', () => {
    const expected = primitives.blake2b(32, [utf8('cachette/v1/epoch-key/chunk\0\0\0\x01\x02')], secret);
    expect(new EpochKeys(primitives, 258, secret).typeKey('chunk')).toEqual(expected);
    expect(deriveKey(primitives, secret, utf8('label\0'), utf8('a'), utf8('b'))).toEqual(
      primitives.blake2b(32, [utf8('label\0ab')], secret),
    );
  });
});
