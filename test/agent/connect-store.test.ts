import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { ConfigValues } from '../../src/agent/profile/config-values.ts';
import { connectStore } from '../../src/agent/store/connect-store.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Secret } from '../../src/crypto/secret.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

/** What the store is called; it is asked nothing. */
async function labelOf(url: string, config: ConfigValues, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { store } = await connectStore(new Secret(url), { config, env, clock: systemClock });
  await store.close();
  return store.label;
}

const server = 'https://TOKEN@store.example/vault';

test('what system and settings say of the way to a store is heard', async () => {
  expect(await labelOf(server, {}, { HTTPS_PROXY: 'http://proxy:3128' })).toBe('https://store.example/vault');
  await expect(labelOf(server, {}, { HTTPS_PROXY: 'gopher://proxy' })).rejects.toMatchObject({
    code: 'E_USAGE',
    message: expect.stringContaining('HTTPS_PROXY') as string,
  });
  expect(await labelOf(server, { proxy: 'none' }, { HTTPS_PROXY: 'gopher://proxy' })).toBe('https://store.example/vault');
});

test('certificates of an own authority are read, or missed in words', async () => {
  const file = join(await temporaryFolder(), 'authority.pem');
  await expect(labelOf(server, { 'store.ca': file })).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
    message: expect.stringContaining(file) as string,
  });
  await writeFile(file, 'no certificate');
  await expect(labelOf(server, { 'store.ca': file })).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
    message: expect.stringContaining(file) as string,
  });
  // Where no server is, nobody has to be vouched for.
  expect(await labelOf('file:///mnt/disk', { 'store.ca': file })).toBe('folder /mnt/disk');
  const fixture = join(import.meta.dirname, '../store/fixtures/untrusted-certificate.pem');
  expect(await labelOf(server, { 'store.ca': fixture })).toBe('https://store.example/vault');
});

test('a bucket without keys in its URL has them, and its region, from the variables of Amazon', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'ID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_REGION: 'eu-west-3' };
  expect(await labelOf('s3://bucket/vault', {}, env)).toBe('S3 bucket bucket at bucket.s3.eu-west-3.amazonaws.com (vault/)');
  expect(await labelOf('s3://bucket/vault?region=us-west-2', {}, env)).toContain('us-west-2');
  expect(await labelOf('s3+https://K:S@host/bucket', {}, {})).toBe('S3 bucket bucket at host');
  await expect(labelOf('s3://bucket', {}, { HOME: await temporaryFolder() })).rejects.toMatchObject({ code: 'E_STORE_DENIED' });
});
