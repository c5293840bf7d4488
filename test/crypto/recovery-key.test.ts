import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeRecoveryKey, parseRecoveryKey, recoveryKeyText, recoverySlotSecret } from '../../src/crypto/recovery-key.ts';
import { Secret } from '../../src/crypto/secret.ts';
import { failureCode } from './failure-code.ts';
import { bytesOf, seededRandom } from './fixed-random.ts';
import { portable, providers, sodium } from './providers.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe.each(providers)('recovery keys with %s', (_, primitives) => {
  const secret = new Secret(bytesOf('recovery', 20));
  const text = recoveryKeyText(primitives, secret);

  test('come back from what is printed, for any key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const printed = recoveryKeyText(primitives, new Secret(bytes));
        expect(printed).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(parseRecoveryKey(primitives, printed).reveal()).toEqual(bytes);
      }),
    );
  });

  test('are understood as people type them', () => {
    const same = [
      text.toLowerCase(),
      text.replaceAll('-', ''),
      ` ${text.replaceAll('-', '  ')}\n`,
      text.replaceAll('-', ' – '),
      text.replaceAll('0', 'O').replaceAll('1', 'I'),
      text.replaceAll('0', 'o').replaceAll('1', 'l'),
      [...text]
        .map((character) => (/[0-9A-Z]/.test(character) ? String.fromCodePoint(character.codePointAt(0)! + 0xfee0) : character))
        .join(''),
    ];
    expect(text).toMatch(/0/); // guard: there is something to mistake
    expect(text).toMatch(/1/);
    for (const typed of same) expect(parseRecoveryKey(primitives, typed).reveal()).toEqual(secret.reveal());
  });

  test('are refused with any one character wrong, or two neighbours exchanged', () => {
    const plain = text.replaceAll('-', '');
    for (let at = 0; at < plain.length; at += 1) {
      for (const symbol of alphabet) {
        if (symbol === plain[at]) continue;
        const typed = plain.slice(0, at) + symbol + plain.slice(at + 1);
        expect(failureCode(() => parseRecoveryKey(primitives, typed))).toBe('E_LOCKED');
      }
      const swapped = plain.slice(0, at) + (plain[at + 1] ?? '') + plain.charAt(at) + plain.slice(at + 2);
      if (swapped !== plain) expect(failureCode(() => parseRecoveryKey(primitives, swapped))).toBe('E_LOCKED');
    }
  });

  test('are refused with a reason, which never repeats the key', () => {
    const reasons: readonly (readonly [string, RegExp])[] = [
      ['', /nine groups of four characters; this has 0/],
      [text.slice(0, -1), /35 characters, not 36/],
      [`${text}0`, /37 characters, not 36/],
      [text.replace(/.$/, 'U'), /"U" does not occur/],
      [text.replace(/^./, '*'), /"\*" does not occur/],
      [text.replace(/^./, '😀'), /"😀" does not occur/u],
    ];
    for (const [typed, message] of reasons) {
      expect(() => parseRecoveryKey(primitives, typed)).toThrow(message);
      expect(failureCode(() => parseRecoveryKey(primitives, typed))).toBe('E_LOCKED');
    }
    const wrong = text.replace(/^./, (first) => (first === '7' ? '8' : '7'));
    expect(() => parseRecoveryKey(primitives, wrong)).toThrow('this recovery key has a typing error');
  });

  test('give a secret of 32 bytes that depends on all of them', () => {
    const first = recoverySlotSecret(primitives, secret);
    const changed = secret.reveal().slice();
    changed[19]! ^= 1;
    expect(first).toHaveLength(32);
    expect(recoverySlotSecret(primitives, new Secret(changed))).not.toEqual(first);
  });
});

test('both providers print and derive the same', () => {
  const secret = makeRecoveryKey(seededRandom('recovery'));
  expect(secret.reveal()).toHaveLength(20);
  expect(recoveryKeyText(portable, secret)).toBe(recoveryKeyText(sodium, secret));
  expect(recoverySlotSecret(portable, secret)).toEqual(recoverySlotSecret(sodium, secret));
});
