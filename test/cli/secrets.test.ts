import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodings, filesWithCanary, holdsCanary } from './find-canary.ts';
import { mustSucceed, Program } from './program.ts';
import { openTrafficProxy } from './traffic-proxy.ts';

const strong = 'harbour velvet nineteen lantern';

describe('nothing waits where nobody can be asked', () => {
  test('a new vault needs a passphrase, or the word that it shall have none', async () => {
    const program = await Program.open();
    fs.mkdirSync(program.at('alice'));
    const args = ['init', '--store', program.storeUrl(), '--folder', program.at('alice'), '--key-storage', 'file'];
    const { code, err, out } = await program.on('alice', args);
    expect({ code, out }).toEqual({ code: 6, out: '' });
    expect(err).toMatch(/^cachette: E_LOCKED: [^\n]*CACHETTE_PASSPHRASE[^\n]*--passphrase-file[^\n]*--no-passphrase[^\n]*\n$/);
    expect(fs.readdirSync(program.place)).toEqual(expect.not.arrayContaining(['profile-alice', 'store']));
  });

  test.each([
    ['short', 'password1'],
    ['eleven characters', 'xQ9#mW2$kL5'],
    ['a pair of words', 'sunshine football'],
    ['a row of keys', 'qwertyuiopasdfgh'],
    ['a name and a year, twice', 'Michael1984Michael1984'],
  ])('a weak passphrase is refused, with a better one: %s', async (_why, passphrase) => {
    const program = await Program.open();
    fs.mkdirSync(program.at('alice'));
    const args = ['init', '--store', program.storeUrl(), '--folder', program.at('alice'), '--key-storage', 'file'];
    const { code, err } = await program.on('alice', args, { env: { CACHETTE_PASSPHRASE: passphrase } });
    expect(code).toBe(6);
    expect(err).toMatch(/^cachette: E_WEAK_PASSPHRASE: [^\n]*(?: [a-z]{4,8}){6}\.\n$/);
    expect(err).not.toContain(passphrase);
    expect(fs.existsSync(program.profile('alice'))).toBe(false);
  });
});

describe('a vault with a passphrase', () => {
  test('opens by it, by its file and by the recovery key, and by nothing else; a failed join leaves nothing', async () => {
    const program = await Program.open();
    const store = program.storeUrl();
    fs.mkdirSync(program.at('alice'));
    fs.writeFileSync(program.at('alice', 'file'), 'content');
    const made = await program.json<{ recoveryKey: string }>(
      'alice',
      ['init', '--store', store, '--folder', program.at('alice'), '--key-storage', 'file'],
      {
        env: { CACHETTE_PASSPHRASE: strong },
      },
    );
    await program.sync('alice');

    const join = (device: string): string[] => [
      'join',
      '--store',
      store,
      '--folder',
      program.at(device),
      '--name',
      device,
      '--key-storage',
      'file',
    ];
    const before = fs.readdirSync(program.place).toSorted();
    const listing = (): string[] => fs.readdirSync(program.at('store'), { recursive: true, encoding: 'utf8' }).toSorted();
    const objects = listing();
    const wrongKey = made.recoveryKey.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    for (const [args, env] of [
      [[], { CACHETTE_PASSPHRASE: `${strong}.` }],
      [['--recovery-key', wrongKey], {}],
      [['--recovery-key', 'hello'], {}],
      [['--passphrase-file', program.at('no such file')], {}],
      [[], {}],
    ] as const) {
      const { code, err, out } = await program.on('bob', [...join('bob'), ...args], { env });
      expect({ args, code, out }).toEqual({ args, code: 6, out: '' });
      expect(err).toMatch(/^cachette: E_LOCKED: [^\n]+\n$/);
    }
    expect(fs.readdirSync(program.place).toSorted()).toEqual(before);
    expect(listing()).toEqual(objects);

    fs.writeFileSync(program.at('secret'), `${strong}\n`);
    mustSucceed(await program.on('bob', [...join('bob'), '--passphrase-file', program.at('secret')]));
    mustSucceed(await program.on('carol', [...join('carol'), '--recovery-key', made.recoveryKey.toLowerCase().replaceAll('-', ' ')]));
    await program.sync('bob', 'carol');
    expect(fs.readFileSync(program.at('carol', 'file'), 'utf8')).toBe('content');
    const devices = await program.json<{ name: string; addedBy: string }[]>('carol', ['devices']);
    expect(devices.map(({ name, addedBy }) => [name, addedBy])).toEqual([
      [expect.any(String), null],
      ['bob', 'passphrase'],
      ['carol', 'recovery key'],
    ]);
  });

  test('kept by the passphrase, the device asks for it at every start, and only then', async () => {
    const program = await Program.open();
    fs.mkdirSync(program.at('alice'));
    const env = { CACHETTE_PASSPHRASE: strong, CACHETTE_KEY_STORAGE: 'passphrase' };
    mustSucceed(await program.on('alice', ['init', '--store', program.storeUrl(), '--folder', program.at('alice')], { env }));
    expect(fs.readdirSync(program.profile('alice'))).not.toContain('device.key');
    expect(await program.on('alice', ['sync'])).toMatchObject({
      code: 6,
      err: expect.stringMatching(/^cachette: E_LOCKED: [^\n]+\n$/) as string,
    });
    expect(await program.on('alice', ['sync'], { env: { CACHETTE_PASSPHRASE: 'another one' } })).toMatchObject({ code: 6 });
    mustSucceed(await program.on('alice', ['sync'], { env: { CACHETTE_PASSPHRASE: strong } }));
    mustSucceed(await program.on('alice', ['status']));
  });
});

describe('without a keychain', () => {
  test('keys go into a file unless something else is asked for, and that is said once', async () => {
    const program = await Program.open();
    fs.mkdirSync(program.at('alice'));
    const args = ['init', '--store', program.storeUrl(), '--folder', program.at('alice'), '--no-passphrase', '--quiet'];
    const { code, err } = mustSucceed(await program.on('alice', args));
    expect(code).toBe(0);
    expect(err).toMatch(/^cachette: no keychain was found[^\n]+\n$/);
    expect(mustSucceed(await program.on('alice', ['sync', '--quiet'])).err).toBe('');
  });

  test('asking for it is refused, and nothing is left', async () => {
    const program = await Program.open();
    fs.mkdirSync(program.at('alice'));
    const args = ['init', '--store', program.storeUrl(), '--folder', program.at('alice'), '--no-passphrase', '--key-storage', 'keychain'];
    expect(await program.on('alice', args)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^cachette: E_KEYCHAIN_WEAK: [^\n]+\n$/) as string,
    });
    expect(fs.existsSync(program.profile('alice'))).toBe(false);
    expect(fs.readdirSync(program.at('alice'))).toEqual([]);
  });
});

/** A `secret-tool` that keeps secrets in files, and notes down how it was called. */
function fakeKeychain(program: Program): Record<string, string> {
  const bin = program.at('bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.mkdirSync(program.at('keychain'), { recursive: true });
  const script = `#!/bin/sh
echo "$@ $(env)" >> '${program.at('keychain-calls')}'
for account; do :; done
case "$1" in
  store) cat > '${program.at('keychain')}'/"$account" ;;
  lookup) cat '${program.at('keychain')}'/"$account" 2>/dev/null ;;
  clear) rm -f '${program.at('keychain')}'/"$account" ;;
esac
`;
  fs.writeFileSync(path.join(bin, 'secret-tool'), script, { mode: 0o755 });
  return { PATH: `${bin}:${process.env['PATH'] ?? ''}`, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/tmp/none' };
}

describe.runIf(process.platform === 'linux')('with a keychain', () => {
  test('the key that opens the device is in it, went there by a pipe, and a missing keychain is told precisely', async () => {
    const program = await Program.open();
    const env = fakeKeychain(program);
    fs.mkdirSync(program.at('alice'));
    const args = ['init', '--store', program.storeUrl(), '--folder', program.at('alice'), '--no-passphrase'];
    mustSucceed(await program.on('alice', args, { env: { ...env, CACHETTE_PASSPHRASE: 'canary passphrase' } }));
    const [account = ''] = fs.readdirSync(program.at('keychain'));
    const key = fs.readFileSync(program.at('keychain', account), 'utf8');
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    const calls = fs.readFileSync(program.at('keychain-calls'), 'utf8');
    expect(calls).not.toContain(key);
    expect(calls).not.toContain('canary passphrase');
    expect(filesWithCanary(program.profile('alice'), key)).toEqual([]);
    mustSucceed(await program.on('alice', ['sync'], { env }));

    const away = await program.on('alice', ['sync']);
    expect(away).toMatchObject({ code: 6, err: expect.stringMatching(/^cachette: E_KEYCHAIN_LOCKED: [^\n]*libsecret[^\n]*\n$/) as string });
    fs.rmSync(program.at('keychain', account));
    expect(await program.on('alice', ['sync'], { env })).toMatchObject({
      code: 6,
      err: expect.stringContaining('E_KEYCHAIN_LOCKED') as string,
    });
    fs.writeFileSync(program.at('keychain', account), key);
    mustSucceed(await program.on('alice', ['sync'], { env }));
  });

  test('a vault that does not come about leaves nothing in it', async () => {
    const program = await Program.open();
    const env = fakeKeychain(program);
    fs.mkdirSync(program.at('nothing'));
    const args = [
      'join',
      '--store',
      program.storeUrl('nothing'),
      '--folder',
      program.at('alice'),
      '--recovery-key',
      'GGE6-HQ3Z-SHRD-6E3Y-RPCN-E9XC-ENZ1-WRHX-BV7P',
    ];
    expect((await program.on('alice', args, { env })).code).toBe(1);
    expect(fs.readdirSync(program.at('keychain'))).toEqual([]);
  });
});

test('the profile is for its owner alone, and made so again', async () => {
  const program = await Program.open();
  await program.init('alice', program.storeUrl());
  await program.sync('alice');
  const modes = (): string[] =>
    ['.', ...fs.readdirSync(program.profile('alice'), { recursive: true, encoding: 'utf8' })].filter(
      (name) => (fs.statSync(path.join(program.profile('alice'), name)).mode & 0o077) !== 0,
    );
  expect(modes()).toEqual([]);
  fs.chmodSync(program.profile('alice'), 0o755);
  fs.chmodSync(path.join(program.profile('alice'), 'device.key'), 0o644);
  await program.sync('alice');
  expect(modes()).toEqual([]);

  fs.renameSync(path.join(program.profile('alice'), 'pin'), program.at('pin'));
  fs.symlinkSync(program.at('pin'), path.join(program.profile('alice'), 'pin'));
  expect(await program.on('alice', ['sync'])).toMatchObject({ code: 1, err: expect.stringContaining('E_LOCAL_PERMS') as string });
});

test('no secret and no name stands in the store, on the wire, in logs, settings or messages', async () => {
  const program = await Program.open();
  const names = ['Canary Island diary.txt', 'folder of the albatross'];
  const content = 'the treasure is buried under the third oak';
  fs.mkdirSync(program.at('alice', names[1] ?? ''), { recursive: true });
  fs.writeFileSync(program.at('alice', names[1] ?? '', names[0] ?? ''), content.repeat(50));
  const proxy = await openTrafficProxy(await program.serve());
  const token = new URL(proxy.url).username;
  const env = { CACHETTE_PASSPHRASE: strong };
  const said: string[] = [];
  const run = async (device: string, args: readonly string[]): Promise<string> => {
    const { out, err } = mustSucceed(await program.on(device, args, { env }));
    said.push(out, err);
    return out;
  };
  const link = (device: string): string[] => [
    '--store',
    proxy.url,
    '--folder',
    program.at(device),
    '--name',
    `device of ${device}`,
    '--key-storage',
    'file',
  ];
  const { out } = mustSucceed(await program.on('alice', ['init', ...link('alice'), '--quiet'], { env }));
  const recoveryKey = out.trim();
  await run('alice', ['sync']);
  await run('bob', ['join', ...link('bob')]);
  await run('bob', ['sync']);
  fs.appendFileSync(program.at('bob', names[1] ?? '', names[0] ?? ''), 'more');
  fs.appendFileSync(program.at('alice', names[1] ?? '', names[0] ?? ''), 'other');
  for (const device of ['bob', 'alice', 'bob']) await run(device, ['sync']);
  for (const command of ['status', 'devices', 'verify', 'conflicts', 'problems']) await run('alice', [command]);

  const wire = Buffer.concat(
    proxy.exchanges.flatMap(({ method, path: url, requestHeaders, requestBody, responseBody }) => [
      Buffer.from(`${method} ${url} ${requestHeaders}`),
      requestBody,
      responseBody,
    ]),
  );
  expect(proxy.exchanges.filter(({ method }) => method === 'PUT').length).toBeGreaterThan(5);
  expect(holdsCanary(wire, token)).toBe(true); // guard: this is the traffic
  for (const canary of [...names, content, strong, recoveryKey, 'device of alice', 'device of bob']) {
    expect({ canary, onWire: holdsCanary(wire, canary) }).toEqual({ canary, onWire: false });
    expect({ canary, inStore: filesWithCanary(program.at('server'), canary) }).toEqual({ canary, inStore: [] });
    for (const device of ['alice', 'bob']) {
      expect({ canary, inLog: filesWithCanary(path.join(program.profile(device), 'log'), canary) }).toEqual({ canary, inLog: [] });
    }
  }
  for (const secret of [token, strong, recoveryKey]) {
    expect({ secret, said: said.some((text) => holdsCanary(Buffer.from(text), secret)) }).toEqual({ secret, said: false });
    for (const device of ['alice', 'bob'])
      expect({ secret, kept: filesWithCanary(program.profile(device), secret) }).toEqual({ secret, kept: [] });
  }
  expect(encodings(token).length).toBeGreaterThan(10);
});
