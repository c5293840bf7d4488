/** The packages of this computer's system: built, looked into, and started. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScreen, type OwnScreen } from './own-screen.ts';
import { withoutDesktop } from './without-desktop.ts';

const root = path.resolve(import.meta.dirname, '../..');
const packages = path.join(root, '.tmp', 'packages');
const unpacked = path.join(packages, 'linux-unpacked');
const minutes = 60_000;

describe.skipIf(withoutDesktop() || process.platform !== 'linux')('a package', () => {
  let home: string;
  let screen: OwnScreen;

  beforeAll(async () => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-package-'));
    screen = await openScreen();
    execFileSync(process.execPath, ['.scripts/package.mjs', 'deb'], {
      cwd: root,
      stdio: 'ignore',
      env: { ...process.env, CACHETTE_NODE: process.execPath, CACHETTE_FAST_DEB: '1' },
    });
  }, 6 * minutes);
  afterAll(async () => {
    await screen?.close();
    fs.rmSync(home, { recursive: true, force: true });
  });

  function env(): NodeJS.ProcessEnv {
    // A Node that is set here is not there on a person's computer.
    const { CACHETTE_NODE: _node, ...rest } = screen.env;
    return {
      ...rest,
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, 'config'),
      XDG_DATA_HOME: path.join(home, 'data'),
      CACHETTE_PROFILE: path.join(home, 'profile'),
    };
  }

  test('brings the command line, with a Node of its own', () => {
    const node = path.join(unpacked, 'resources', 'bin', 'node');
    const cli = path.join(unpacked, 'resources', 'app.asar.unpacked', 'dist', 'cli.js');
    const run = (...args: readonly string[]): string => execFileSync(node, [cli, ...args], { encoding: 'utf8', cwd: home, env: env() });
    expect(run('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
    fs.mkdirSync(path.join(home, 'folder'));
    fs.writeFileSync(path.join(home, 'folder', 'a.txt'), 'a');
    run(
      '--profile',
      path.join(home, 'cli'),
      'init',
      '--store',
      `file://${home}/store`,
      '--folder',
      path.join(home, 'folder'),
      '--no-passphrase',
      '--key-storage',
      'file',
    );
    run('--profile', path.join(home, 'cli'), 'sync');
    expect(JSON.parse(run('--profile', path.join(home, 'cli'), 'status', '--json'))).toMatchObject({ files: 1, state: 'synced' });
  });

  test('brings native code for this system and no other, which its Node loads', () => {
    const dist = path.join(unpacked, 'resources', 'app.asar.unpacked', 'dist');
    const target = `${process.platform}-${process.arch}`;
    expect(fs.readdirSync(path.join(dist, 'prebuilds'))).toEqual([target]);
    const file = path.join(dist, 'prebuilds', target, 'cachette.node');
    const load = `const m = { exports: {} }; process.dlopen(m, ${JSON.stringify(file)}); console.log(typeof m.exports.nextCut)`;
    const node = path.join(unpacked, 'resources', 'bin', 'node');
    expect(execFileSync(node, ['-e', load], { encoding: 'utf8', env: env() })).toBe('function\n');
  });

  test('starts, and its agent answers', async () => {
    const child = spawn(path.join(unpacked, 'cachette-desktop'), ['--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'], {
      env: env(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      const address = await debuggingAddress(child);
      // Whoever connects before there is a page waits for ever.
      await expect.poll(() => pagesAt(address), { timeout: minutes }).toContain('app://ui/index.html?window=status&vault=1');
      const browser = await chromium.connectOverCDP(address);
      const page = browser.contexts()[0]?.pages()[0];
      await expect
        .poll(() => page?.evaluate(() => globalThis.cachette.ask('overview', {})), { timeout: minutes })
        .toMatchObject({ ok: true, answer: { is: 'unlinked' } });
      await browser.close();
    } finally {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
  });

  test('for Debian says what it needs, and puts the command on the PATH', () => {
    const [deb = ''] = fs.readdirSync(packages).filter((name) => name.endsWith('.deb'));
    const file = path.join(packages, deb);
    const field = (name: string): string => execFileSync('dpkg-deb', ['-f', file, name], { encoding: 'utf8' }).trim();
    expect(field('Package')).toBe('cachette');
    expect(field('Depends')).toMatch(/libgbm1.*libdrm2.*libasound2/);
    const names = execFileSync('dpkg-deb', ['-c', file], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    expect(names).toMatch(/-rwxr-xr-x root\/root .* \.\/usr\/bin\/cachette\n/);
    expect(names).toContain('./usr/share/applications/');
    expect(names).not.toContain('default_app.asar');
  });

  test('runs as nothing but itself: the switches of its binary are off', () => {
    const told = execFileSync(
      process.execPath,
      ['node_modules/@electron/fuses/dist/bin.js', 'read', '--app', path.join(unpacked, 'cachette-desktop')],
      { cwd: root, encoding: 'utf8' },
    );
    expect(told).toMatch(/RunAsNode is .*Disabled/);
    expect(told).toMatch(/EnableNodeOptionsEnvironmentVariable is .*Disabled/);
    expect(told).toMatch(/EnableNodeCliInspectArguments is .*Disabled/);
    expect(told).toMatch(/OnlyLoadAppFromAsar is .*Enabled/);
  });
});

function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', () => reject(new Error(`it ended at once: ${said}`)));
  });
}

async function pagesAt(address: string): Promise<readonly string[]> {
  const answer = await fetch(`http://${new URL(address).host}/json/list`);
  return ((await answer.json()) as { url: string }[]).map(({ url }) => url);
}
