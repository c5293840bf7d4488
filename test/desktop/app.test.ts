/** The built app, in real windows on a screen of its own, with a real agent and a real store. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { shellActs } from '../../src/control/acts/shell-acts.ts';
import { windowActs, type Answered, type Asked, type WindowAct } from '../../src/control/acts/window-acts.ts';
import type { Outcome, WindowBridge } from '../../src/control/acts/window-bridge.ts';
import { findAgents, isRunning } from './find-agents.ts';
import { launchApp, type LaunchedApp } from './launch-app.ts';
import { stepMaxMs } from './within.ts';
import { withoutDesktop } from './without-desktop.ts';

declare global {
  /** What the page has of the outside. */
  var cachette: WindowBridge;
}

describe.skipIf(withoutDesktop())('the desktop app', () => {
  let launched: LaunchedApp;
  let page: Page;

  beforeAll(async () => {
    launched = await launchApp();
    page = await launched.window('status');
    await untilTip('Cachette: Not set up yet');
  });
  afterAll(async () => {
    await launched?.close();
  });

  function ask<Act extends WindowAct>(act: Act, asked: Asked<Act>): Promise<Outcome<Answered<Act>>> {
    return page.evaluate(([name, question]) => globalThis.cachette.ask(name, question as never), [act, asked] as const);
  }

  async function must<Act extends WindowAct>(act: Act, asked: Asked<Act>): Promise<Answered<Act>> {
    const outcome = await ask(act, asked);
    if (!outcome.ok) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
    return outcome.answer;
  }

  async function untilTip(tip: string): Promise<void> {
    // Also before the first test, where `expect.poll` is refused.
    await vi.waitFor(async () => expect(await launched.tray.toolTip()).toBe(tip), { timeout: stepMaxMs, interval: 100 });
  }

  /** What a person does in the system's dialog. */
  async function pick(dir: string): Promise<string> {
    fs.mkdirSync(dir, { recursive: true });
    await launched.app.evaluate(({ dialog }, picked) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [picked] });
    }, dir);
    const outcome = await page.evaluate(() => globalThis.cachette.askShell('pick-folder', { for: 'sync' }));
    if (!outcome.ok || outcome.answer.picked === null) throw new Error('nothing was picked');
    return outcome.answer.picked.id;
  }

  test('a window is closed in: no Node, no way out, no rights', async () => {
    const found = await page.evaluate(async () => {
      const reach = async (address: string): Promise<string> =>
        fetch(address).then(
          ({ status }) => String(status),
          () => 'refused',
        );
      return {
        globals: ['require', 'process', 'module', 'ipcRenderer', 'electron'].filter((name) => name in globalThis),
        bridge: Object.keys(globalThis.cachette),
        up: await reach('app://ui/..%2fmain.js'),
        host: await reach('app://other/index.html'),
        file: await reach('file:///etc/passwd'),
        web: await reach('https://example.com/'),
        opened: globalThis.open('https://example.com/') === null,
        camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
          () => 'given',
          () => 'refused',
        ),
      };
    });
    expect(found).toEqual({
      globals: [],
      bridge: ['ask', 'askShell', 'listen'],
      up: '404',
      host: 'refused',
      file: 'refused',
      web: 'refused',
      opened: true,
      camera: 'refused',
    });
    const kept = await launched.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => {
        const { sandbox, contextIsolation, nodeIntegration, webSecurity } = (
          window.webContents as unknown as { getLastWebPreferences(): Electron.WebPreferences }
        ).getLastWebPreferences();
        return { sandbox, contextIsolation, nodeIntegration, webSecurity };
      }),
    );
    expect(kept).toEqual([{ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true }]);
  });

  test('a page that tries to go elsewhere stays', async () => {
    await page.evaluate(() => {
      globalThis.location.href = 'https://example.com/';
    });
    expect(page.url()).toContain('app://ui/index.html?window=status');
  });

  test('every channel refuses what makes no sense, and goes on', async () => {
    const nonsense = [
      undefined,
      null,
      0,
      '',
      'x'.repeat(100_000),
      [],
      { path: 5 },
      { path: '../..', extra: true },
      { __proto__: { folder: '/' }, folder: '/etc' },
      { limit: -1 },
      { limit: 1e9 },
    ];
    const acts = [...Object.keys(windowActs), 'constructor', '__proto__', 'toString', ''];
    const shell = Object.keys(shellActs).filter(
      (act) => !['quit', 'close-window', 'restart-agent', 'open-folder', 'pick-folder'].includes(act),
    );
    const outcomes = await page.evaluate(
      async ([names, shellNames, all]) => {
        const failed: string[] = [];
        const tryAll = async (say: (act: never, asked: never) => Promise<{ readonly ok: boolean }>, act: string): Promise<void> => {
          for (const asked of all) {
            // Some ask for nothing: an empty object is right, and these are none.
            const { ok } = await say(act as never, asked as never).catch(() => ({ ok: true }));
            if (ok) failed.push(`${act} ${JSON.stringify(asked)?.slice(0, 40)}`);
          }
        };
        for (const act of names) await tryAll(globalThis.cachette.ask, act);
        for (const act of shellNames) await tryAll(globalThis.cachette.askShell, act);
        return failed;
      },
      [acts, shell, nonsense] as const,
    );
    expect(outcomes).toEqual([]);
    expect((await must('overview', {})).is).toBe('unlinked');
  });

  test('a folder of this computer is only what a person picked', async () => {
    const typed = await ask('look-at-folder', { folder: '/etc' });
    expect(typed).toMatchObject({ ok: false, failure: { code: 'E_USAGE' } });
    const store = await ask('probe-store', { store: { url: 'file:///etc' } });
    expect(store).toMatchObject({ ok: false, failure: { code: 'E_USAGE' } });
  });

  test('from nothing to a folder in sync, a file on a second device, and a click that pauses', async () => {
    const folder = path.join(launched.home, 'Cachette');
    const store = path.join(launched.home, 'store');
    const [folderPick, storePick] = [await pick(folder), await pick(store)];
    fs.writeFileSync(path.join(folder, 'letter.txt'), 'Dear Ann');
    const { recoveryKey } = await must('init', { store: { url: storePick }, folder: folderPick, deviceName: 'desk', keyStorage: 'file' });
    await untilTip('Cachette: Up to date');

    const second = path.join(launched.home, 'second');
    const run = (...args: readonly string[]): string =>
      execFileSync(process.execPath, ['dist/cli.js', '--profile', path.join(launched.home, 'second-profile'), ...args], {
        encoding: 'utf8',
        env: { ...process.env, HOME: launched.home, DBUS_SESSION_BUS_ADDRESS: '' },
      });
    run('join', '--store', `file://${store}`, '--folder', second, '--recovery-key', recoveryKey, '--key-storage', 'file', '--name', 'lap');
    run('sync');
    expect(fs.readFileSync(path.join(second, 'letter.txt'), 'utf8')).toBe('Dear Ann');

    await launched.tray.click('Pause');
    await untilTip('Cachette: Paused');
    fs.writeFileSync(path.join(second, 'answer.txt'), 'Dear Bob');
    run('sync');
    await launched.tray.click('Resume');
    await expect.poll(() => fs.existsSync(path.join(folder, 'answer.txt'))).toBe(true);
    await untilTip('Cachette: Up to date');
  });

  test('an agent that is killed is started again, and everything stands as it stood', async () => {
    const agents = (): number[] => findAgents(launched.profile);
    const [before] = agents();
    expect(agents()).toHaveLength(1);
    process.kill(before ?? 0, 'SIGKILL');
    await expect.poll(() => agents().some((pid) => pid !== before)).toBe(true);
    await untilTip('Cachette: Up to date');
    expect((await must('overview', {})).is).toBe('linked');
  });

  test('keys that a passphrase seals: the window asks for it, refuses a wrong one with words, and goes on with the right one', async () => {
    const passphrase = 'nine purple tortoises hum quietly';
    await must('change-key-storage', { kind: 'passphrase', passphrase });
    const [before] = findAgents(launched.profile);
    process.kill(before ?? 0, 'SIGKILL');
    await untilTip('Cachette: Locked: passphrase needed');
    // Not the page that once tried to go elsewhere: Playwright waits for it to get there.
    await page.close();
    await launched.tray.click('Show status');
    page = await launched.window('status');
    page.setDefaultTimeout(30_000);
    await page.getByLabel('Passphrase', { exact: true }).fill('nine purple tortoises hum loudly');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('That is not the right passphrase or key.').waitFor();
    await untilTip('Cachette: Locked: passphrase needed');
    await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await untilTip('Cachette: Up to date');
    expect((await must('read-key-storage', {})).kind).toBe('passphrase');
  });

  test('a second start shows the first one, and a link opens a window', async () => {
    await launched.app.evaluate(({ app }) => app.emit('second-instance', {}, ['cachette', 'cachette://settings/devices'], '/', undefined));
    const settings = await launched.window('settings');
    expect(settings.url()).toContain('page=devices');
    await settings.getByRole('heading', { name: 'Devices' }).waitFor();
    // The keys that do so everywhere make text larger, in all windows, and close one.
    const sizeOf = (window: Page): Promise<string> => window.evaluate(() => document.documentElement.style.fontSize);
    await settings.keyboard.press('Control+Equal');
    await expect.poll(() => Promise.all([sizeOf(settings), sizeOf(page)])).toEqual(['109.375%', '109.375%']);
    // And windows take the room that it needs.
    const widthOf = (window: Page): Promise<number> => window.evaluate(() => globalThis.innerWidth);
    await expect.poll(() => Promise.all([widthOf(settings), widthOf(page)])).toEqual([1125, 500]);
    await settings.keyboard.press('Control+0');
    await expect.poll(() => sizeOf(page)).toBe('87.5%');
    await expect.poll(() => Promise.all([widthOf(settings), widthOf(page)])).toEqual([900, 400]);
    const gone = settings.waitForEvent('close');
    await settings.keyboard.press('Control+w').catch(() => {});
    await gone;
  });

  test('closing the windows leaves it in the tray; quitting leaves nothing', async () => {
    for (const open of launched.app.windows()) await open.close();
    await launched.tray.click('Show status');
    page = await launched.window('status');
    const [agent] = findAgents(launched.profile);
    const gone = launched.app.waitForEvent('close');
    await launched.tray.click('Quit Cachette').catch(() => {});
    await gone;
    await expect.poll(() => isRunning(agent ?? 0)).toBe(false);
  });
});
