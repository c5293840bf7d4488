import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeFolder, fillFolder } from './describe-folder.ts';
import { mustSucceed, Program } from './program.ts';

async function twoDevices(program: Program, store: string): Promise<void> {
  fillFolder(program.at('alice'));
  const recoveryKey = await program.init('alice', store);
  await program.sync('alice');
  await program.join('bob', store, recoveryKey);
  await program.sync('bob');
}

describe.each(['a folder', 'a server'])('through %s', (kind) => {
  async function open(): Promise<{ program: Program; store: string }> {
    const program = await Program.open();
    fs.mkdirSync(program.at('alice'));
    return { program, store: kind === 'a folder' ? program.storeUrl() : await program.serve() };
  }

  test('a tree arrives byte for byte on another device, and changes go both ways', async () => {
    const { program, store } = await open();
    await twoDevices(program, store);
    const tree = describeFolder(program.at('alice'));
    expect(Object.keys(tree)).toHaveLength(11);
    expect(describeFolder(program.at('bob'))).toEqual(tree);

    fs.writeFileSync(program.at('bob', 'plan.md'), '# Another plan\n');
    fs.renameSync(program.at('bob', 'docs'), program.at('bob', 'papers'));
    fs.rmSync(program.at('alice', 'empty'));
    await program.sync('bob', 'alice', 'bob');
    const changed = describeFolder(program.at('alice'));
    expect(describeFolder(program.at('bob'))).toEqual(changed);
    expect(Object.keys(changed)).toHaveLength(10);
    expect(fs.readFileSync(program.at('alice', 'plan.md'), 'utf8')).toBe('# Another plan\n');
    expect(fs.existsSync(program.at('alice', 'papers/deep/er/notes.txt'))).toBe(true);
  });

  test('what is already in both folders is adopted; what differs is kept on both sides', async () => {
    const { program, store } = await open();
    fillFolder(program.at('alice'));
    fs.writeFileSync(program.at('alice', 'mine'), 'of alice');
    const recoveryKey = await program.init('alice', store);
    await program.sync('alice');
    fs.cpSync(program.at('alice', 'large.bin'), program.at('bob', 'large.bin'), { recursive: true });
    fs.writeFileSync(program.at('bob', 'mine'), 'of bob');
    await program.join('bob', store, recoveryKey);
    await program.sync('bob', 'alice', 'bob');
    expect(describeFolder(program.at('bob'))).toEqual(describeFolder(program.at('alice')));
    const copies = fs.readdirSync(program.at('alice')).filter((name) => name.startsWith('mine'));
    expect(copies).toEqual(['mine', expect.stringMatching(/^mine \(conflict bob \d{4}-\d{2}-\d{2}\)$/)]);
    expect(fs.readFileSync(program.at('alice', 'mine'), 'utf8')).toBe('of alice');
    expect(await program.json('alice', ['conflicts'])).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        path: 'mine',
        copy: copies[1],
        kind: 'file',
        ours: { kind: 'file', device: 'bob', mtime: expect.any(String) as string, size: 6 },
        theirs: { kind: 'file', device: 'alice', mtime: expect.any(String) as string, size: 8 },
      },
    ]);
  });

  test('an idle sync adds nothing to the store', async () => {
    const { program, store } = await open();
    await twoDevices(program, store);
    await program.sync('alice', 'bob');
    const root = program.at(kind === 'a folder' ? 'store' : 'server');
    const objects = (): string[] =>
      fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => fs.statSync(path.join(root, name)).isFile());
    const before = objects();
    await program.sync('alice', 'bob', 'alice');
    expect(objects()).toEqual(before);
  });
});

describe('what the commands say with --json', () => {
  test('status, ls, devices, problems, verify, config', async () => {
    const program = await Program.open();
    fs.mkdirSync(program.at('alice'));
    await twoDevices(program, program.storeUrl());
    await program.sync('alice');

    const iso = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/) as string;
    const status = await program.json<{ seq: number }>('alice', ['status']);
    expect(status).toMatchObject({
      vaultId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      device: 'alice',
      state: 'synced',
      pending: { upload: 0, download: 0 },
      files: 6,
      bytes: 3_006_020,
      conflicts: 0,
      problems: 0,
      lastSync: iso,
      devices: [
        { name: 'alice', lastSeen: iso },
        { name: 'bob', lastSeen: iso },
      ],
    });
    expect(status.seq).toBeGreaterThan(0);

    const rows = await program.json<{ path: string }[]>('bob', ['ls']);
    expect(rows).toHaveLength(11);
    expect(rows.find(({ path: at }) => at === 'plan.md')).toEqual({
      path: 'plan.md',
      kind: 'file',
      size: 7,
      mtime: '2017-07-14T02:40:00.123Z',
      local: true,
    });
    expect(rows.find(({ path: at }) => at === 'docs')).toEqual({ path: 'docs', kind: 'dir', size: 0, mtime: null, local: true });
    expect((await program.json<{ path: string }[]>('bob', ['ls', 'docs/deep'])).map(({ path: at }) => at)).toEqual([
      'docs/deep/er',
      'docs/deep/er/notes.txt',
    ]);
    expect(await program.json('bob', ['ls', 'nothing in here'])).toEqual([]);
    expect(await program.on('bob', ['ls', 'no such thing'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('E_NOT_FOUND') as string,
    });

    const devices = await program.json<{ id: string }[]>('bob', ['devices']);
    expect(devices).toEqual([
      { name: 'alice', id: expect.any(String) as string, added: iso, addedBy: null, lastSeen: iso, revoked: false, this: false },
      { name: 'bob', id: expect.any(String) as string, added: iso, addedBy: 'recovery key', lastSeen: iso, revoked: false, this: true },
    ]);
    expect(await program.json('bob', ['problems'])).toEqual([]);
    expect(await program.json('bob', ['conflicts'])).toEqual([]);
    expect(await program.json('bob', ['verify', '--data'])).toMatchObject({ keyLists: 2, damaged: [], files: [] });
  });

  test('`sync --json` is one line for each event, the last of them "synced"', async () => {
    const program = await Program.open();
    fs.mkdirSync(program.at('alice'));
    fillFolder(program.at('alice'));
    await program.init('alice', program.storeUrl());
    const { out } = mustSucceed(await program.on('alice', ['sync', '--json']));
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['scanning', 'scanned', 'committed']));
    expect(events.at(-1)).toEqual({ event: 'synced', problems: 0 });
  });

  test('--quiet says nothing but what can not be had again', async () => {
    const program = await Program.open();
    fs.mkdirSync(program.at('alice'));
    const args = [
      '--quiet',
      'init',
      '--store',
      program.storeUrl(),
      '--folder',
      program.at('alice'),
      '--no-passphrase',
      '--key-storage',
      'file',
    ];
    expect((await program.on('alice', args)).out).toMatch(/^(?:[0-9A-Z]{4}-){8}[0-9A-Z]{4}\n$/);
    for (const command of ['sync', 'status', 'ls', 'problems', 'conflicts', 'devices', 'verify'])
      expect({ command, ...(await program.on('alice', ['--quiet', command])) }).toMatchObject({ command, code: 0, out: '', err: '' });
  });
});

test('settings: values with units, ranges, names', async () => {
  const program = await Program.open();
  await program.init('alice', program.storeUrl());
  expect(await program.json('alice', ['config', 'set', 'bandwidth.up', '1.5M'])).toEqual({ key: 'bandwidth.up', value: 1_500_000 });
  expect(await program.json('alice', ['config', 'get', 'bandwidth.up'])).toEqual({ key: 'bandwidth.up', value: 1_500_000 });
  expect(await program.json('alice', ['config', 'list'])).toMatchObject({
    'bandwidth.up': 1_500_000,
    'bandwidth.down': null,
    'poll.seconds': 30,
    'rescan.minutes': 60,
    'settle.seconds': 2,
  });
  expect(await program.json('alice', ['config', 'set', 'bandwidth.up', 'default'])).toEqual({ key: 'bandwidth.up', value: null });
  for (const [key, value] of [
    ['bandwidth.up', '10'],
    ['bandwidth.up', 'fast'],
    ['poll.seconds', '1'],
    ['settle.seconds', '-1'],
    ['proxy', 'http://me:secret@host:1'],
    ['no.such.key', '1'],
  ] as const)
    expect({ key, ...(await program.on('alice', ['config', 'set', key, value])) }).toMatchObject({ key, code: 2, out: '' });
  await program.sync('alice');
});
