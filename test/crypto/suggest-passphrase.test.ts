import { expect, test } from 'vitest';
import { systemRandom } from '../../src/base/random.ts';
import { requireStrongPassphrase } from '../../src/crypto/passphrase-strength.ts';
import { suggestPassphrase } from '../../src/crypto/suggest-passphrase.ts';

test('six words, never the same, always accepted', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => suggestPassphrase(systemRandom)));
  for (const passphrase of made) {
    expect(passphrase).toMatch(/^[a-z]{4,8}(?: [a-z]{4,8}){5}$/);
    await requireStrongPassphrase(passphrase);
  }
  expect(new Set(made.flatMap((passphrase) => passphrase.split(' '))).size).toBeGreaterThan(110);
});
