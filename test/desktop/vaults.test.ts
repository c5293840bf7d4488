/** Several vaults in one app: a person with one adds another, uses both, and parts from one. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WindowBridge } from '../../src/control/acts/window-bridge.ts';
import { Computer } from './computer.ts';
import { findAgents } from './find-agents.ts';
import { runCli } from './run-cli.ts';
import { stepMaxMs } from './within.ts';
import { withoutDesktop } from './without-desktop.ts';

declare global {
  /** What the page has of the outside. */
  var cachette: WindowBridge;
}

const minutes = 60_000;

/** undefined: there is no such folder. */
function namesIn(dir: string): string[] | undefined {
  return fs.existsSync(dir) ? fs.readdirSync(dir) : undefined;
}

describe.skipIf(withoutDesktop())('several vaults in one app', () => {
  let desk: Computer;
  let home: string;
  const keys = { cachette: '', work: '' };

  const at = (...names: readonly string[]): string => path.join(home, ...names);
  const second = (): string => at('profile-2');

  beforeAll(async () => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-vaults-'));
    desk = await Computer.start({ home });
  }, 2 * minutes);
  afterAll(async () => {
    await desk?.close();
    fs.rmSync(home, { recursive: true, force: true });
  });

  async function settings(): Promise<Page> {
    await desk.launched.tray.click('Settings…');
    return desk.window('settings');
  }

  async function addsVault(): Promise<Page> {
    await (await settings()).getByRole('button', { name: 'Add a vault…' }).click();
    const page = await desk.window('set-up');
    await page.getByRole('heading', { name: 'Which vault do you want to add?' }).waitFor();
    return page;
  }

  /** What stands in the menu about each vault; nothing where there is one. */
  async function menus(): Promise<string[]> {
    const { children } = await desk.launched.tray.menu();
    return children.filter(({ label }) => label.includes(': ')).map(({ label }) => label);
  }

  async function expectMenus(...labels: readonly string[]): Promise<void> {
    await expect.poll(menus, { timeout: stepMaxMs, interval: 100 }).toEqual(labels);
  }

  test(
    'the folder of one is none for another, and who leaves the wizard in the middle leaves nothing behind',
    async () => {
      keys.cachette = await desk.makesVault(at('store'));
      await desk.leavesBy(await desk.window('set-up'), 'Close');
      await desk.expectToSay('Up to date');
      const inside = path.join(desk.folder, 'Letters');
      const page = await addsVault();
      expect(await menus()).toEqual([]);
      await page.getByText('A new vault').click();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('Folder', { exact: true }).click();
      await desk.choosesNext(at('work-store'));
      await page.getByRole('button', { name: 'Choose…' }).click();
      await page.getByRole('button', { name: 'Continue' }).click();
      // Not the one that the first vault has.
      await page.getByText(at('Cachette 2'), { exact: true }).waitFor();
      await desk.choosesNext(inside);
      await page.getByRole('button', { name: 'Choose another…' }).click();
      await page.getByText('This folder, or one in or above it, is synced already, or holds what Cachette keeps for itself.').waitFor();
      expect(await page.getByRole('button', { name: 'Continue' }).isDisabled()).toBe(true);
      fs.rmdirSync(inside);

      expect(findAgents(second())).toHaveLength(1);
      await desk.launched.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .find((window) => window.webContents.getURL().includes('set-up'))
          ?.close(),
      );
      await desk.leavesBy(page, 'Leave');
      await expect.poll(() => namesIn(second()), { timeout: stepMaxMs }).toBeUndefined();
      await expect.poll(() => findAgents(second()), { timeout: stepMaxMs }).toEqual([]);
      expect(fs.readdirSync(at('work-store'))).toEqual([]);
      expect(fs.existsSync(at('Cachette 2'))).toBe(false);
      await desk.expectToSay('Up to date');
    },
    2 * minutes,
  );

  test(
    'a second one has a folder, a storage and an agent of its own, and files go through each',
    async () => {
      const page = await addsVault();
      keys.work = await desk.makesVaultIn(page, { store: at('work-store'), folder: at('Work') });
      await desk.leavesBy(page, 'Close');
      await expectMenus('Cachette: Up to date', 'Work: Up to date');
      await desk.expectToSay('Up to date');

      fs.writeFileSync(at('Cachette', 'letter.txt'), 'Dear Ann');
      fs.writeFileSync(at('Work', 'report.txt'), 'All is well');
      const joins = async (profile: string, store: string, key: string): Promise<void> => {
        const link = ['--store', `file://${at(store)}`, '--folder', at(profile, 'folder'), '--key-storage', 'file', '--name', profile];
        await runCli(home, `${profile}/profile`, 'join', ...link, '--recovery-key', key);
      };
      await joins('lap', 'store', keys.cachette);
      await joins('office', 'work-store', keys.work);
      const filesOf = async (profile: string): Promise<string[]> => {
        await runCli(home, `${profile}/profile`, 'sync');
        return fs.readdirSync(at(profile, 'folder')).filter((name) => !name.startsWith('.'));
      };
      await expect.poll(() => filesOf('lap'), { timeout: stepMaxMs }).toEqual(['letter.txt']);
      await expect.poll(() => filesOf('office'), { timeout: stepMaxMs }).toEqual(['report.txt']);
      fs.writeFileSync(at('office', 'folder', 'answer.txt'), 'Thank you');
      await runCli(home, 'office/profile', 'sync');
      await expect.poll(() => fs.existsSync(at('Work', 'answer.txt')), { timeout: stepMaxMs }).toBe(true);
      expect(fs.existsSync(at('Cachette', 'answer.txt'))).toBe(false);
    },
    3 * minutes,
  );

  test(
    'each rests and fails by itself',
    async () => {
      await desk.launched.tray.click('Pause', 'Work');
      await expectMenus('Cachette: Up to date', 'Work: Paused');
      await desk.expectToSay('Work: Paused');
      await desk.launched.tray.click('Resume all');
      await expectMenus('Cachette: Up to date', 'Work: Up to date');
      const [[first], [other]] = [findAgents(desk.launched.profile), findAgents(second())];
      process.kill(other ?? 0, 'SIGKILL');
      await expect.poll(() => findAgents(second()).some((pid) => pid !== other), { timeout: stepMaxMs }).toBe(true);
      await expectMenus('Cachette: Up to date', 'Work: Up to date');
      expect(findAgents(desk.launched.profile)).toEqual([first]);
    },
    2 * minutes,
  );

  test(
    'a window says which one it is about, and shows another',
    async () => {
      await desk.launched.tray.click('Show status', 'Cachette');
      const page = await desk.window('status');
      await page.getByText('letter.txt').first().waitFor();
      await page.getByRole('button', { name: 'Cachette, Up to date. Show another vault' }).click();
      await page.getByRole('menuitemradio', { name: /^Work/ }).click();
      await page.getByText('report.txt').first().waitFor();
      expect(await page.getByText('letter.txt').count()).toBe(0);
      const titles = await desk.launched.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.getTitle()),
      );
      expect(titles).toContain('Cachette – Work');
    },
    2 * minutes,
  );

  test('a page is about no vault that is not there, whatever it asks for or calls itself', async () => {
    const page = await desk.window('status');
    const codes = await page.evaluate(async () => {
      const nonsense: unknown[] = [
        { vault: 3 },
        { vault: 9 },
        { vault: 0 },
        { vault: 10 },
        { vault: 1.5 },
        { vault: '2' },
        { vault: null },
      ];
      const said: string[] = [];
      for (const act of ['switch-vault', 'remove-vault'] as const)
        for (const asked of [...nonsense, { vault: 1, page: 'nothing' }, { vault: 1, path: '/' }, {}, undefined]) {
          const outcome = await globalThis.cachette.askShell(act, asked as never);
          said.push(outcome.ok ? 'done' : outcome.failure.code);
        }
      const here = globalThis.location.href;
      for (const address of ['?window=status', '?window=status&vault=3', '?window=status&vault=-1', '?window=status&vault=__proto__']) {
        globalThis.history.replaceState(null, '', address);
        const [asked, shell] = [
          await globalThis.cachette.ask('overview', {}),
          await globalThis.cachette.askShell('open-window', { window: 'settings' }),
        ];
        said.push(asked.ok ? 'done' : asked.failure.code, shell.ok ? 'done' : shell.failure.code);
      }
      globalThis.history.replaceState(null, '', here);
      return said;
    });
    expect(new Set(codes)).toEqual(new Set(['E_USAGE', 'E_NOT_FOUND']));
    expect(await menus()).toHaveLength(2);
  });

  test(
    'a new start finds both; one that is removed leaves its folder and its storage',
    async () => {
      await desk.close();
      expect([...findAgents(desk.launched.profile), ...findAgents(second())]).toEqual([]);
      desk = await Computer.start({ home });
      await expectMenus('Cachette: Up to date', 'Work: Up to date');

      await desk.launched.tray.click('Settings…', 'Cachette');
      const page = await desk.window('settings');
      await page.getByRole('button', { name: 'Unlink this folder…' }).click();
      await page.getByText('Your other vaults go on as they are.').waitFor();
      await page.getByRole('button', { name: 'Unlink', exact: true }).click();
      await expectMenus();
      await desk.expectToSay('Up to date');
      // The window goes on with the other one.
      await page.getByRole('heading', { name: at('Work'), exact: true }).waitFor();
      expect(fs.readFileSync(at('Cachette', 'letter.txt'), 'utf8')).toBe('Dear Ann');
      expect(fs.readdirSync(at('store'))).toContain('genesis');
      await expect.poll(() => findAgents(desk.launched.profile), { timeout: stepMaxMs }).toEqual([]);
      fs.writeFileSync(at('Work', 'later.txt'), 'still here');
      const status = await desk.window('status');
      await status.getByText('later.txt').first().waitFor();
    },
    3 * minutes,
  );

  test(
    'one whose agent does not start has its name all the same, and can be removed',
    async () => {
      await desk.close();
      const folder = at('Third');
      await runCli(
        home,
        'profile',
        'init',
        '--store',
        `file://${at('third-store')}`,
        '--folder',
        folder,
        '--no-passphrase',
        '--key-storage',
        'file',
      );
      fs.writeFileSync(path.join(folder, 'kept.txt'), 'mine');
      // What no agent can put its own in the place of.
      fs.mkdirSync(at('profile', 'agent.token', 'in the way'), { recursive: true });
      desk = await Computer.start({ home });
      await expectMenus('Third: Cachette is not running', 'Work: Up to date');
      await desk.launched.tray.click('Settings…', 'Third');
      const page = await desk.window('settings');
      // Who looks for help needs a report just then.
      await page.getByRole('tab', { name: 'About' }).click();
      await page.getByRole('button', { name: 'Make a report' }).click();
      const report = await page.getByRole('region', { name: 'Diagnostics' }).innerText();
      expect(report).toMatch(/vault 1: agent (?:failed|restarting)/);
      expect(report).toMatch(/\nprofile not served\n+state /);
      for (const own of [home, 'Third', 'kept.txt', 'third-store']) expect(report).not.toContain(own);
      await page.getByRole('tab', { name: 'Folders & vaults' }).click();
      await page.getByRole('button', { name: 'Unlink this folder…' }).click();
      await page.getByRole('button', { name: 'Unlink', exact: true }).click();
      await expectMenus();
      await desk.expectToSay('Up to date');
      await expect.poll(() => namesIn(at('profile')), { timeout: stepMaxMs }).toBeUndefined();
      expect(fs.readFileSync(path.join(folder, 'kept.txt'), 'utf8')).toBe('mine');
      expect(fs.readdirSync(at('third-store'))).toContain('genesis');
    },
    3 * minutes,
  );

  test(
    'who quits in the middle of the wizard leaves nothing behind, and is not held up',
    async () => {
      const page = await addsVault();
      await page.getByText('A new vault').click();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('Folder', { exact: true }).waitFor();
      // The number of the one that is gone is free.
      await expect.poll(() => findAgents(desk.launched.profile), { timeout: stepMaxMs }).toHaveLength(1);
      await desk.close();
      expect(fs.existsSync(desk.launched.profile)).toBe(false);
      expect([...findAgents(desk.launched.profile), ...findAgents(second())]).toEqual([]);
      desk = await Computer.start({ home });
      await desk.expectToSay('Up to date');
      expect(await menus()).toEqual([]);
    },
    2 * minutes,
  );
});
