import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { cli, Program } from './program.ts';

test('--version and --help answer on stdout, with exit code 0', async () => {
  const program = await Program.open();
  expect(await program.run(['--version'])).toMatchObject({ code: 0, out: `${packageJson.version}\n`, err: '' });
  const help = await program.run(['--help']);
  expect(help).toMatchObject({ code: 0, err: '' });
  for (const command of ['init', 'join', 'sync', 'status', 'ls', 'verify', 'serve', 'config', 'devices', 'problems', 'conflicts'])
    expect(help.out).toContain(`\n  ${command} `);
  const help2 = await program.run(['init', '--help']);
  expect(help2).toMatchObject({ code: 0, err: '' });
  expect(help2.out).toContain('--key-storage');
});

const full = ['--store', 'file:///tmp/nowhere', '--folder', '/tmp/nowhere'];

describe('wrong usage is one line on stderr and exit code 2', () => {
  test.each<[string, readonly string[]]>([
    ['no command', []],
    ['no such command', ['frobnicate']],
    ['an empty profile', ['--profile', '', 'status']],
    ['no such option', ['status', '--frobnicate']],
    ['too many arguments', ['status', 'more']],
    ['a missing option', ['init', '--folder', 'x']],
    ['an option without its value', ['init', '--store']],
    ['no such key storage', ['init', ...full, '--no-passphrase', '--key-storage', 'sticky-note']],
    ['options that exclude each other', ['init', ...full, '--no-passphrase', '--key-storage', 'passphrase']],
    ['a device without a name', ['init', ...full, '--no-passphrase', '--name', ' ']],
    ['a device with two lines of a name', ['init', ...full, '--no-passphrase', '--name', 'two\nlines']],
    ['a device with too long a name', ['init', ...full, '--no-passphrase', '--name', 'x'.repeat(256)]],
    ['no URL at all', ['init', '--store', 'here', '--folder', '/tmp/nowhere', '--no-passphrase']],
    ['another scheme', ['init', '--store', 'ftp://host/x', '--folder', '/tmp/nowhere', '--no-passphrase']],
    ['a relative folder URL', ['init', '--store', 'file://store', '--folder', '/tmp/nowhere', '--no-passphrase']],
    ['a server without a token', ['init', '--store', 'https://host/vault', '--folder', '/tmp/nowhere', '--no-passphrase']],
    ['plain http over a network', ['init', '--store', 'http://TOKEN@example.org/vault', '--folder', '/tmp/nowhere', '--no-passphrase']],
    ['an address that can not be listened on', ['serve', '--root', '/tmp/nowhere', '--listen', 'everywhere']],
  ])('%s', async (_what, args) => {
    const program = await Program.open();
    const { code, out, err } = await program.run(['--profile', program.profile('a'), ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^cachette: E_USAGE: [^\n]+\n$/);
    expect(fs.existsSync(program.profile('a'))).toBe(false);
  });

  test('and an object on stdout with --json', async () => {
    const program = await Program.open();
    const { code, out } = await program.run(['--json', 'status', '--frobnicate']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({
      error: { code: 'E_USAGE', message: expect.any(String) as string, action: expect.any(String) as string },
    });
  });

  test('a secret in a URL that can not be read is not repeated', async () => {
    const program = await Program.open();
    for (const store of [
      'http://s3cretT0ken@exa mple.org/vault',
      's3+https://KEY:s3cretT0ken@host',
      'webdav+https://me:s3cretT0ken@h/#x',
    ]) {
      const { code, err, out } = await program.run(['init', '--store', store, '--folder', '/tmp/nowhere', '--no-passphrase', '--json']);
      expect(code).toBe(2);
      expect(err + out).not.toContain('s3cretT0ken');
    }
  });
});

describe('without a profile', () => {
  test.each(['sync', 'status', 'ls', 'verify', 'devices', 'problems', 'conflicts'])('`%s` says so', async (command) => {
    const program = await Program.open();
    const { code, out, err } = await program.on('nobody', [command]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^cachette: E_NO_PROFILE: [^\n]*cachette init[^\n]*\n$/);
  });
});

test('the profile comes from --profile, CACHETTE_PROFILE or the folder for application data', async () => {
  const program = await Program.open();
  const said = async (args: readonly string[], env: Record<string, string>): Promise<string> =>
    (await program.run([...args, 'status'], { env })).err;
  expect(await said(['--profile', '/tmp/by option'], { CACHETTE_PROFILE: '/tmp/by variable' })).toContain('/tmp/by option.');
  expect(await said([], { CACHETTE_PROFILE: '/tmp/by variable', XDG_DATA_HOME: '/tmp/data' })).toContain('/tmp/by variable.');
  if (process.platform === 'linux') {
    expect(await said([], { XDG_DATA_HOME: '/tmp/data' })).toContain('/tmp/data/cachette.');
    expect(await said([], { XDG_DATA_HOME: 'relative' })).toContain(`${program.at('home')}/.local/share/cachette.`);
    for (const home of ['', 'relative'])
      expect(await said([], { HOME: home })).toMatch(/^cachette: E_USAGE: there is no home folder [^\n]*--profile[^\n]*\n$/);
  }
});

test('options of the program stand before or after the command', async () => {
  const program = await Program.open();
  const before = await program.run(['--profile', '/tmp/some where', '--json', 'status']);
  const after = await program.run(['status', '--json', '--profile', '/tmp/some where']);
  expect(before.out).toContain('E_NO_PROFILE');
  expect(after).toEqual(before);
});

test('a reader of stdout that goes away is no error', async () => {
  const program = await Program.open();
  await program.init('alice', program.storeUrl());
  const running = program.startOn('alice', ['config', 'list']);
  const ended = running.ended.catch(() => undefined); // what would have been read is cut off
  running.child.stdout?.destroy();
  await ended;
  if (running.child.exitCode === null) await once(running.child, 'exit');
  expect(running.child.exitCode).toBe(0);
});

test.runIf(fs.existsSync('/dev/full'))(
  'what can not be said is told once, on the other stream; the exit code stays where only stderr is full',
  async () => {
    const program = await Program.open();
    await program.init('alice', program.storeUrl());
    const full = fs.openSync('/dev/full', 'w');
    const on = (
      args: readonly string[],
      stdout: number | 'pipe',
      stderr: number | 'pipe',
    ): { readonly code: number | null; readonly err: string } => {
      const ended = spawnSync(process.execPath, [cli, '--profile', program.profile('alice'), ...args], {
        stdio: ['ignore', stdout, stderr],
      });
      return { code: ended.status, err: String(ended.stderr) };
    };
    for (const args of [
      ['config', 'list'],
      ['--json', 'config', 'list'],
      ['--json', 'sync'],
    ])
      expect(on(args, full, 'pipe')).toEqual({ code: 1, err: expect.stringMatching(/^cachette: E_DISK: [^\n]*\n$/) as string });
    expect(on(['frobnicate'], 'pipe', full).code).toBe(2);
    expect(on(['restore', 'never'], 'pipe', full).code).toBe(1);
    expect(on(['config', 'list'], 'pipe', full).code).toBe(0);
    fs.closeSync(full);
  },
);

test('a current folder that is gone matters only to paths that start from it', async () => {
  const program = await Program.open();
  await program.init('alice', program.storeUrl());
  const gone = (args: readonly string[]): { readonly code: number | null; readonly err: string } => {
    const here = program.at('here');
    fs.mkdirSync(here);
    const script = 'rmdir "$PWD" && exec "$@"';
    const ended = spawnSync('sh', ['-c', script, 'sh', process.execPath, cli, ...args], { cwd: here, stdio: ['ignore', 'pipe', 'pipe'] });
    return { code: ended.status, err: String(ended.stderr) };
  };
  const usage = { code: 2, err: expect.stringMatching(/^cachette: E_USAGE: [^\n]*current folder[^\n]*\n$/) as string };
  expect(gone(['--profile', program.profile('alice'), 'sync'])).toEqual({ code: 0, err: '' });
  expect(gone(['--profile', 'alice', 'status'])).toEqual(usage);
  expect(gone(['--profile', program.profile('bob'), 'init', '--store', program.storeUrl(), '--folder', 'x', '--no-passphrase'])).toEqual(
    usage,
  );
});
