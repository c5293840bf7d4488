/** A51: the real app, built with a key, finds a new version in a feed, and is the new version. */
import fs from 'node:fs';
import path from 'node:path';
import { _electron } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findElectron } from '../../../.scripts/electron-runtime.mjs';
import { temporaryFolder } from '../../store/temporary-folder.ts';
import { openScreen, type OwnScreen } from '../own-screen.ts';
import { playwrightLoader } from '../playwright-loader.ts';
import { withoutDesktop } from '../without-desktop.ts';
import { dayMs, LocalFeed, maintainer } from './feed-kit.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const ours = maintainer();
const seconds = 1000;

/** What was built, with another's word about updates. */
function builtFor(dir: string, feed: string): string {
  const app = path.join(dir, 'app');
  fs.mkdirSync(path.join(app, 'dist'), { recursive: true });
  fs.copyFileSync(path.join(root, 'package.json'), path.join(app, 'package.json'));
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(app, 'node_modules'));
  for (const name of fs.readdirSync(path.join(root, 'dist')))
    if (name !== 'desktop') fs.symlinkSync(path.join(root, 'dist', name), path.join(app, 'dist', name));
  fs.cpSync(path.join(root, 'dist', 'desktop'), path.join(app, 'dist', 'desktop'), { recursive: true });
  const keys = [Buffer.from(ours.publicKey).toString('base64')];
  fs.writeFileSync(path.join(app, 'dist', 'desktop', 'update-trust.json'), JSON.stringify({ feed, keys }));
  return app;
}

describe.skipIf(withoutDesktop() || process.platform !== 'linux')('the app', () => {
  let screen: OwnScreen;
  beforeAll(async () => {
    screen = await openScreen();
  });
  afterAll(() => screen?.close());

  test('fetches a new version, and ends for it when asked to', async () => {
    const home = await temporaryFolder();
    const feed = await LocalFeed.open();
    const appImage = path.join(home, 'Cachette.AppImage');
    fs.writeFileSync(appImage, '#!/bin/sh\n', { mode: 0o755 });
    const made = Buffer.from(`#!/bin/sh\necho started > "${home}/said"\n`);
    const [signedMs, expiresMs] = [Date.now(), Date.now() + dayMs];
    feed.publish('0.2.0', { 'Cachette-0.2.0.AppImage': made }, [ours], { signedMs, expiresMs });
    const { program } = await findElectron();
    const env = {
      ...(screen.env as Record<string, string>),
      HOME: home,
      APPIMAGE: appImage,
      CACHETTE_NODE: process.execPath,
      LANG: 'en_GB.UTF-8',
    };
    const app = await _electron.launch({
      executablePath: program,
      args: ['-r', playwrightLoader, builtFor(home, feed.address), '--disable-gpu', 'cachette://settings/about'],
      env: { ...env, XDG_CONFIG_HOME: path.join(home, 'config'), CACHETTE_PROFILE: path.join(home, 'profile') },
    });
    const page = await app.firstWindow();
    page.setDefaultTimeout(30 * seconds);
    await page.getByText('Not checked yet').waitFor();
    expect(feed.asked).toEqual([]);
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('Version').filter({ hasText: 'is ready' }).waitFor();
    const gone = app.waitForEvent('close');
    // The page may be gone before the click is answered; where nothing was clicked, the app does not end.
    void page
      .getByRole('button', { name: 'Restart Cachette' })
      .click()
      .catch(() => {});
    await gone;
    expect(fs.readFileSync(appImage)).toEqual(made);
    await expect.poll(() => fs.existsSync(path.join(home, 'said'))).toBe(true);
  });
});
