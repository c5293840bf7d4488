/** Two computers, each with the app, and a person at them who only clicks and types. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Computer } from './computer.ts';
import { withoutDesktop } from './without-desktop.ts';

const minutes = 60_000;

describe.skipIf(withoutDesktop())('two computers with the app', () => {
  let desk: Computer;
  let lap: Computer;
  let store: string;
  let recoveryKey: string;

  beforeAll(async () => {
    store = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-desktop-store-'));
    [desk, lap] = await Promise.all([Computer.start(), Computer.start()]);
  }, 2 * minutes);
  afterAll(async () => {
    await Promise.all([desk?.close(), lap?.close()]);
    fs.rmSync(store, { recursive: true, force: true });
  });

  test(
    'who leaves the set-up in the middle leaves nothing behind',
    async () => {
      const page = await desk.opensSetUp();
      await desk.choosesPlaces(page, { way: 'A new vault', store });
      await page.getByText('What opens the vault on another computer?').waitFor();
      await desk.launched.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .find((window) => window.webContents.getURL().includes('set-up'))
          ?.close(),
      );
      await page.getByRole('button', { name: 'Leave' }).click();
      await expect.poll(() => page.isClosed()).toBe(true);
      expect(fs.readdirSync(store)).toEqual([]);
      expect(fs.readdirSync(desk.folder)).toEqual([]);
      await desk.expectToSay('Not set up yet');
    },
    2 * minutes,
  );

  test(
    'from the first click to a file on the second one',
    async () => {
      fs.writeFileSync(desk.at('letter.txt'), 'Dear Ann');
      recoveryKey = await desk.makesVault(store);
      await desk.expectToSay('Up to date');
      await lap.joins(store, recoveryKey);
      await lap.expectFile('letter.txt', 'Dear Ann');
      await lap.expectToSay('Up to date');
      fs.writeFileSync(lap.at('answer.txt'), 'Dear Bob');
      await desk.expectFile('answer.txt', 'Dear Bob');
    },
    3 * minutes,
  );

  test(
    'the status window shows what happened, and pauses',
    async () => {
      const page = await desk.window('status');
      await page.getByText('answer.txt').first().waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByRole('menuitem', { name: 'For 1 hour' }).click();
      await desk.expectToSay('Paused for a while');
      await page.getByRole('button', { name: 'Resume' }).click();
      await desk.expectToSay('Up to date');
    },
    2 * minutes,
  );
});
