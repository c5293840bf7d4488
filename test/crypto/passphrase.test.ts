import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { Failure } from '../../src/base/failure.ts';
import { checkPassphraseParams, freshPassphraseParams, passphraseKey, type PassphraseParams } from '../../src/crypto/passphrase.ts';
import { requireStrongPassphrase } from '../../src/crypto/passphrase-strength.ts';
import type { Primitives } from '../../src/crypto/primitives.ts';
import { failureCode } from './failure-code.ts';
import { bytesOf, seededRandom } from './fixed-random.ts';
import { sodium } from './providers.ts';

const mib = 1024;
const least: PassphraseParams = { passes: 3, memoryKib: 256 * mib, salt: bytesOf('salt', 16) };

/** Argon2id is replaced by something that shows what it was asked. */
function recording(): { primitives: Primitives; asked: string[] } {
  const asked: string[] = [];
  const argon2id: Primitives['argon2id'] = (password, salt, cost) => {
    asked.push(`${toHex(password)} ${toHex(salt)} ${cost.passes} ${cost.memoryKib}`);
    return Promise.resolve(sodium.blake2b(32, [password, salt]));
  };
  return { primitives: { ...sodium, argon2id }, asked };
}

describe('the cost of a passphrase', () => {
  const refused: readonly (readonly [string, Partial<PassphraseParams>])[] = [
    ['too few passes', { passes: 2 }],
    ['no passes', { passes: 0 }],
    ['negative passes', { passes: -1 }],
    ['half a pass', { passes: 3.5 }],
    ['passes that are no number', { passes: Number.NaN }],
    ['too many passes', { passes: 17 }],
    ['passes without end', { passes: Number.POSITIVE_INFINITY }],
    ['little memory', { memoryKib: 8 }],
    ['a little less memory than the least', { memoryKib: 256 * mib - 1 }],
    ['a little more memory than the most', { memoryKib: 1024 * mib + 1 }],
    ['64 GiB of memory', { memoryKib: 64 * 1024 * mib }],
    ['a salt of 15 bytes', { salt: new Uint8Array(15) }],
    ['a salt of 17 bytes', { salt: new Uint8Array(17) }],
    ['no salt', { salt: new Uint8Array(0) }],
  ];

  test.each(refused)('is refused before it is paid: %s', async (_, change) => {
    const { primitives, asked } = recording();
    const outcome = await passphraseKey(primitives, 'words', { ...least, ...change }).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(Failure);
    expect(outcome).toMatchObject({ code: 'E_KDF_BOUNDS' });
    expect(asked).toEqual([]);
  });

  test('is accepted from floor to ceiling', () => {
    expect(failureCode(() => checkPassphraseParams(least))).toBe('no failure');
    expect(failureCode(() => checkPassphraseParams({ ...least, passes: 16, memoryKib: 1024 * mib }))).toBe('no failure');
  });

  test('is the default for new passphrases, with a new salt each time', () => {
    const random = seededRandom('params');
    const [first, second] = [freshPassphraseParams(random), freshPassphraseParams(random)];
    expect(first).toMatchObject({ passes: 4, memoryKib: 512 * mib });
    expect(first.salt).toHaveLength(16);
    expect(first.salt).not.toEqual(second.salt);
  });
});

test('a passphrase is the same however its letters are encoded, and is not trimmed', async () => {
  const { primitives, asked } = recording();
  for (const passphrase of ['Öl und ﬁsch', 'O\u0308l und fisch', 'Öl und fisch ']) await passphraseKey(primitives, passphrase, least);
  expect(asked[0]).toBe(asked[1]);
  expect(asked[2]).not.toBe(asked[0]);
});

describe('a passphrase of one’s own choice', () => {
  const weak: readonly (readonly [string, RegExp])[] = [
    ['', /0 characters; it needs at least 14/],
    ['password1', /9 characters/],
    ['xK4#vQ9!mZ2', /11 characters/],
    ['passwordpassword', /easy to guess/],
    ['sunshine monday', /easy to guess/],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', /easy to guess\. Repeated/],
    ['12345678901234567890', /easy to guess/],
    ['qwertyuiopasdfgh', /easy to guess/],
  ];
  test.each(weak)('is refused where it is weak: %j', async (passphrase, message) => {
    const outcome = await requireStrongPassphrase(passphrase).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ code: 'E_WEAK_PASSPHRASE' });
    expect((outcome as Failure).message).toMatch(message);
    if (passphrase !== '') expect((outcome as Failure).message).not.toContain(passphrase);
  });

  test.each([
    'anchor velvet tundra mosaic',
    'tQ8vkd93jlsPq!',
    'acoustic plywood banter sulfur envoy tidy',
    '一石二鳥と七転八起きを毎朝の庭で',
  ])('is accepted where it is strong: %j', async (passphrase) => {
    await expect(requireStrongPassphrase(passphrase)).resolves.toBeUndefined();
  });

  test('is refused where it is made of words that an attacker tries first', async () => {
    const passphrase = 'Zbigniew-Wolkenstein';
    await expect(requireStrongPassphrase(passphrase)).resolves.toBeUndefined();
    await expect(requireStrongPassphrase(passphrase, ['zbigniew', 'wolkenstein'])).rejects.toMatchObject({ code: 'E_WEAK_PASSPHRASE' });
  });
});
