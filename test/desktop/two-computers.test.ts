/** Two computers, each with the app, and a person at them who only clicks and types. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
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
      await desk.leavesBy(page, 'Leave');
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

  test(
    'two edits of one file: the person sees both, keeps one, and changes his mind',
    async () => {
      await Promise.all([desk.pauses(), lap.pauses()]);
      fs.writeFileSync(desk.at('letter.txt'), 'Dear Ann, of desk');
      fs.writeFileSync(lap.at('letter.txt'), 'Dear Ann, of lap');
      await desk.resumes();
      await lap.goesOn();
      await lap.expectToSay('1 conflict');
      await lap.launched.tray.click('1 conflict…');
      const page = await lap.window('conflicts');
      await page.getByRole('heading', { name: 'letter.txt' }).waitFor();
      await page.getByText('of lap').first().waitFor();
      await page.getByText('of desk').first().waitFor();
      await page.getByRole('button', { name: 'Keep this computer’s version' }).click();
      await lap.expectFile('letter.txt', 'Dear Ann, of lap');
      await desk.expectFile('letter.txt', 'Dear Ann, of lap');
      await lap.expectToSay('Up to date');
      expect(fs.readdirSync(lap.folder).filter((name) => name.startsWith('letter'))).toEqual(['letter.txt']);
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect.poll(() => lap.contentsOf('letter'), { timeout: minutes }).toEqual(['Dear Ann, of desk', 'Dear Ann, of lap']);
      // It is open again on both, until it is decided again.
      await desk.expectToSay('1 conflict');
      await page.getByRole('button', { name: 'Keep both' }).click();
      await Promise.all([desk.expectToSay('Up to date'), lap.expectToSay('Up to date')]);
    },
    3 * minutes,
  );

  test(
    'a folder is left out of one computer and comes back',
    async () => {
      fs.mkdirSync(desk.at('Photos'));
      fs.writeFileSync(desk.at('Photos', 'sea.txt'), 'waves');
      await lap.expectFile('Photos/sea.txt', 'waves');
      await lap.launched.tray.click('Settings…');
      const page = await lap.window('settings');
      await page.getByText('Selective sync').first().click();
      const choose = async (): Promise<void> => {
        await page.getByRole('treeitem', { name: /Photos/ }).click();
        await page.keyboard.press('Space');
        await page.getByRole('button', { name: 'Review…' }).click();
        await page.getByText('This is what will happen').waitFor();
        await page.getByRole('button', { name: 'Apply' }).click();
      };
      await choose();
      await expect.poll(() => fs.existsSync(lap.at('Photos')), { timeout: minutes }).toBe(false);
      expect(fs.readFileSync(desk.at('Photos', 'sea.txt'), 'utf8')).toBe('waves');
      await choose();
      await lap.expectFile('Photos/sea.txt', 'waves');
    },
    3 * minutes,
  );

  test(
    'an earlier version is looked at and brought back',
    async () => {
      fs.writeFileSync(desk.at('answer.txt'), 'something else');
      await lap.expectFile('answer.txt', 'something else');
      await lap.launched.tray.click('History…');
      const page = await lap.window('history');
      await page.getByText('answer.txt').first().click();
      await page.getByRole('heading', { name: 'answer.txt' }).waitFor();
      await page.getByRole('grid', { name: 'Versions' }).getByRole('row').last().click();
      await page.getByText('Dear Bob').waitFor();
      await page.getByRole('button', { name: 'Bring this version back' }).click();
      await desk.expectFile('answer.txt', 'Dear Bob');
    },
    3 * minutes,
  );

  test(
    'a store that is away is said, and all goes on when it is back',
    async () => {
      fs.renameSync(store, `${store}.away`);
      fs.writeFileSync(desk.at('meanwhile.txt'), 'written offline');
      await desk.expectToSay('Storage can’t be reached');
      fs.renameSync(`${store}.away`, store);
      await lap.expectFile('meanwhile.txt', 'written offline');
      await desk.expectToSay('Up to date');
    },
    3 * minutes,
  );

  test(
    'a third computer: a wrong key is refused with words, and a short code lets it in',
    async () => {
      const third = await Computer.start();
      // Not in a `finally`: what went wrong first has to be told, too.
      onTestFinished(() => third.close());
      const page = await third.opensSetUp();
      await third.choosesPlaces(page, { way: 'Join a vault', store });
      await page.getByText('Recovery key', { exact: true }).first().click();
      await page.getByRole('textbox').last().fill(wrongKey(recoveryKey));
      await page.getByRole('button', { name: 'Join', exact: true }).click();
      await page.getByText('That did not work').waitFor();
      await page.getByRole('button', { name: 'Back' }).click();
      await page.getByText('With another computer').click();
      await page.getByRole('button', { name: 'Join', exact: true }).click();
      const code = await page.locator('.big-code').innerText();

      await desk.launched.tray.click('Settings…');
      const settings = await desk.window('settings');
      await settings.getByText('Devices').first().click();
      await settings.getByRole('button', { name: 'Add a computer' }).click();
      await settings.getByRole('textbox', { name: 'Code' }).fill(code);
      await settings.getByRole('button', { name: 'Add', exact: true }).click();
      await settings.getByText(/ was added\.$/).waitFor();
      await page.getByText('All set').waitFor();
      await third.expectFile('answer.txt', 'Dear Bob');
    },
    3 * minutes,
  );
});

/** Well formed, and opens nothing. */
function wrongKey(key: string): string {
  const groups = key.split('-');
  return [groups[1], groups[0], ...groups.slice(2)].join('-');
}
