import { format, inspect } from 'node:util';
import { expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { Secret } from '../../src/crypto/secret.ts';
import { bytesOf } from './fixed-random.ts';

const text = 'correct horse battery staple';
const bytes = bytesOf('canary', 32);

test('a secret shows itself to nobody who does not ask for it', () => {
  for (const secret of [new Secret(text), new Secret(bytes)]) {
    const error = new Error('failed', { cause: secret });
    const holder = { nested: { secret, list: [secret] } };
    const shown = [
      String(secret),
      secret.toString(),
      JSON.stringify(holder),
      inspect(holder, { depth: 9, showHidden: true }),
      format('%s %o %O %j', secret, secret, secret, secret),
      inspect(error),
      Object.values(secret).join(),
    ].join('\n');
    expect(shown).toContain('[secret]');
    for (const canary of [
      text,
      toHex(bytes),
      Buffer.from(bytes).toString('base64'),
      Buffer.from(bytes).toString('latin1'),
      `${bytes[0]}, ${bytes[1]}`,
    ]) {
      expect(shown).not.toContain(canary);
    }
  }
});

test('a secret gives its value to who does', () => {
  expect(new Secret(text).reveal()).toBe(text);
  expect(new Secret(bytes).reveal()).toBe(bytes);
});
