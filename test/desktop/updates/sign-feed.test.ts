/** What a maintainer does for a release, with the script for it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { judgeFeed } from '../../../src/desktop/main/updates/judge-feed.ts';
import { temporaryFolder } from '../../store/temporary-folder.ts';
import { metadataOf } from './feed-kit.ts';

function signFeed(args: readonly string[], passphrase = 'marble otter quilt'): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['.scripts/sign-feed.mjs', ...args], {
    encoding: 'utf8',
    env: { ...process.env, CACHETTE_FEED_PASSPHRASE: passphrase },
  });
  return { status, said: `${stdout}${stderr}`.trim() };
}

test('a key is made once, is sealed, and signs what lies in the feed as it lies there', async () => {
  const dir = await temporaryFolder();
  const [key, feed] = [path.join(dir, 'feed.key'), path.join(dir, 'feed')];
  const made = signFeed(['make-key', key]);
  expect(made).toMatchObject({ status: 0, said: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/) as string });
  expect(fs.statSync(key).mode & 0o777).toBe(0o600);
  expect(fs.readFileSync(key, 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  expect(signFeed(['make-key', key]).status).toBe(1);

  fs.mkdirSync(feed);
  const metadata = metadataOf('0.2.0', { 'Cachette-0.2.0.AppImage': Buffer.from('a package') });
  fs.writeFileSync(path.join(feed, 'latest-linux.yml'), metadata);
  fs.writeFileSync(path.join(feed, 'Cachette-0.2.0.AppImage'), 'a  package');
  expect(signFeed(['sign', key, feed])).toMatchObject({ status: 1, said: expect.stringContaining('nothing was signed') as string });
  fs.writeFileSync(path.join(feed, 'Cachette-0.2.0.AppImage'), 'a package');
  expect(signFeed(['sign', key, feed], 'another')).toMatchObject({ status: 1 });
  expect(fs.readdirSync(feed)).not.toContain('latest-linux.yml.sig');
  expect(signFeed(['sign', key, feed, '7'])).toMatchObject({ status: 0, said: expect.stringContaining(made.said) as string });

  const question = {
    file: 'latest-linux.yml',
    metadata,
    signature: fs.readFileSync(path.join(feed, 'latest-linux.yml.sig')),
    keys: [Buffer.from(made.said, 'base64')],
    version: '0.1.0',
    seenMs: undefined,
  };
  expect(judgeFeed({ ...question, nowMs: Date.now() })).toMatchObject({ is: 'newer', release: { version: '0.2.0' } });
  expect(judgeFeed({ ...question, nowMs: Date.now() + 7 * 24 * 3_600_000 })).toEqual({ is: 'refused', why: 'expired' });
});
