import fs from 'node:fs';
import path from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { acquireOwnerLock } from '../../src/index/file/owner-lock.ts';
import { describeFolder } from './describe-folder.ts';
import { type Ended, mustSucceed, Program } from './program.ts';
import { makeOlder } from '../index/older-index.ts';

function write(program: Program, name: string, content: string): void {
  fs.mkdirSync(path.dirname(program.at(name)), { recursive: true });
  fs.writeFileSync(program.at(name), content);
}

function expectRefusal(ended: Ended, code: number, failure: string): void {
  const prefix = code === 5 ? '' : 'cachette: ';
  expect(ended).toMatchObject({ code, err: expect.stringMatching(new RegExp(`^${prefix}${failure}: [^\\n]+\\n$`)) as string });
}

function init(program: Program, device: string, folder: string, store = program.storeUrl(`store-${device}`)): Promise<Ended> {
  return program.on(device, ['init', '--store', store, '--folder', folder, '--no-passphrase', '--key-storage', 'file', '--quiet']);
}

describe('a folder has one owner', () => {
  test('another profile, nested and overlapping folders are refused, and nothing is left of the try', async () => {
    const program = await Program.open();
    write(program, 'alice/inner/deep/file', 'x');
    mustSucceed(await init(program, 'alice', program.at('alice')));
    fs.symlinkSync(program.at('alice'), program.at('another way'));
    const before = fs.readdirSync(program.place, { recursive: true, encoding: 'utf8' }).toSorted();
    for (const folder of ['alice', 'alice/inner', 'alice/new', '.', 'another way', 'another way/inner']) {
      expectRefusal(await init(program, 'bob', program.at(folder)), 1, 'E_FOLDER_OWNED');
    }
    expect(fs.readdirSync(program.place, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual(before);
  });

  test('neither the store nor the profile may lie in the folder, nor the folder in them', async () => {
    const program = await Program.open();
    write(program, 'alice/file', 'x');
    expectRefusal(await init(program, 'bob', program.at('alice'), `file://${program.at('alice/store')}`), 1, 'E_FOLDER_OWNED');
    expectRefusal(await init(program, 'bob', program.at('shop/alice'), `file://${program.at('shop')}`), 1, 'E_FOLDER_OWNED');
    const inside = [
      '--profile',
      program.at('alice/profile'),
      'init',
      '--store',
      program.storeUrl(),
      '--folder',
      program.at('alice'),
      '--no-passphrase',
      '--key-storage',
      'file',
    ];
    expectRefusal(await program.run(inside), 1, 'E_FOLDER_OWNED');
    expect(fs.readdirSync(program.place)).toEqual(['alice']);
    expect(fs.readdirSync(program.at('alice'))).toEqual(['file']);
  });

  test('nor the store and the profile in each other: keys would lie in the store', async () => {
    const program = await Program.open();
    for (const [profile, store] of [
      ['shop/profile', 'shop'],
      ['profile', 'profile/shop'],
    ] as const) {
      const args = ['--store', `file://${program.at(store)}`, '--folder', program.at('alice'), '--no-passphrase', '--key-storage', 'file'];
      const ended = await program.run(['--profile', program.at(profile), 'init', ...args]);
      expectRefusal(ended, 1, 'E_FOLDER_OWNED');
      expect(ended.err).toContain("it and the profile's folder can not lie in each other");
      expect(fs.readdirSync(program.place)).toEqual([]);
    }
  });

  test('nor in the profile of another vault, whatever way leads there', async () => {
    const program = await Program.open();
    const store = program.storeUrl();
    const recoveryKey = await program.init('alice', store);
    const profile = program.profile('alice');
    fs.symlinkSync(profile, program.at('another way'));
    const join = (folder: string): Promise<Ended> =>
      program.on('bob', ['join', '--store', store, '--folder', folder, '--recovery-key', recoveryKey, '--key-storage', 'file']);
    for (const folder of [profile, path.join(profile, 'new/one'), program.at('another way/log')]) {
      for (const ended of [await init(program, 'bob', folder), await join(folder)]) {
        expectRefusal(ended, 1, 'E_FOLDER_OWNED');
        expect(ended.err).toContain(`it lies in ${profile}, where Cachette keeps the keys of a vault`);
      }
    }
    expect(fs.existsSync(path.join(profile, 'new'))).toBe(false);
    // Whatever is wrong with it.
    fs.writeFileSync(path.join(profile, 'settings.json'), '{"format":2}');
    expectRefusal(await init(program, 'bob', path.join(profile, 'log')), 1, 'E_FOLDER_OWNED');
  });

  test('the profile of another vault may not lie in the folder; a copy that was put aside may', async () => {
    const program = await Program.open();
    const profile = program.at('home/settings/alice');
    const args = ['--store', program.storeUrl(), '--folder', program.at('alice'), '--no-passphrase', '--key-storage', 'file'];
    mustSucceed(await program.run(['--profile', profile, 'init', ...args]));
    const ended = await init(program, 'bob', program.at('home'));
    expectRefusal(ended, 1, 'E_FOLDER_OWNED');
    expect(ended.err).toContain(`in it lies ${profile}, where Cachette keeps the keys of a vault`);
    fs.cpSync(profile, program.at('bob/backup'), { recursive: true });
    write(program, 'bob/project/settings.json', '{}');
    mustSucceed(await init(program, 'bob', program.at('bob')));
  });

  test('the folder of a lost profile may be joined again, without conflict copies', async () => {
    const program = await Program.open();
    const store = program.storeUrl();
    write(program, 'alice/file', 'first');
    const recoveryKey = await program.init('alice', store);
    await program.sync('alice');
    await program.join('bob', store, recoveryKey);
    await program.sync('bob');
    write(program, 'bob/file', 'second');
    await program.sync('bob');

    fs.rmSync(program.profile('alice'), { recursive: true });
    const again = [
      'join',
      '--store',
      store,
      '--folder',
      program.at('alice'),
      '--name',
      'again',
      '--recovery-key',
      recoveryKey,
      '--key-storage',
      'file',
    ];
    mustSucceed(await program.on('again', again));
    await program.sync('again');
    expect(fs.readdirSync(program.at('alice')).filter((name) => name !== '.cachette')).toEqual(['file']);
    expect(fs.readFileSync(program.at('alice/file'), 'utf8')).toBe('second');
  });

  test('two runs of one profile: the second is told to wait', async () => {
    const program = await Program.open();
    write(program, 'alice/file', 'x');
    await program.init('alice', program.storeUrl());
    const { DatabaseSync } = await import('node:sqlite');
    const lock = new DatabaseSync(path.join(program.profile('alice'), 'owner.lock'));
    lock.exec('BEGIN EXCLUSIVE'); // as a run holds it
    expectRefusal(await program.on('alice', ['sync']), 1, 'E_BUSY');
    lock.close();
    await program.sync('alice');
  });
});

test('a profile is made once', async () => {
  const program = await Program.open();
  write(program, 'alice/file', 'x');
  await program.init('alice', program.storeUrl());
  expectRefusal(await init(program, 'alice', program.at('other')), 1, 'E_PROFILE_EXISTS');
  await program.sync('alice');
  write(program, 'profile-bob/something of somebody', 'x');
  expectRefusal(await init(program, 'bob', program.at('other')), 1, 'E_PROFILE_EXISTS');
  expect(fs.readdirSync(program.profile('bob'))).toEqual(['something of somebody']);
});

test("what an init that was killed left of a profile is in nobody's way", async () => {
  const program = await Program.open();
  write(program, 'profile-alice/index.sqlite', 'half');
  write(program, 'profile-alice/device.json.new', '{');
  write(program, 'alice/file', 'x');
  await program.init('alice', program.storeUrl());
  await program.sync('alice');
  expect(await program.json('alice', ['status'])).toMatchObject({ state: 'synced', files: 1 });
});

test('a vault is made in an empty place only, and joined only where there is one', async () => {
  const program = await Program.open();
  write(program, 'alice/file', 'x');
  const recoveryKey = await program.init('alice', program.storeUrl());
  expectRefusal(await init(program, 'bob', program.at('bob'), program.storeUrl()), 1, 'E_STORE_NOT_EMPTY');
  fs.mkdirSync(program.at('empty'));
  const join = [
    'join',
    '--store',
    program.storeUrl('empty'),
    '--folder',
    program.at('bob'),
    '--recovery-key',
    recoveryKey,
    '--key-storage',
    'file',
  ];
  expectRefusal(await program.on('bob', join), 1, 'E_NOT_FOUND');
  expect(fs.existsSync(program.at('bob'))).toBe(false);
  expect(fs.existsSync(program.profile('bob'))).toBe(false);
});

describe('a store that is not the one it was', () => {
  /** alice has synced, and everything is as she believes. */
  async function synced(): Promise<Program> {
    const program = await Program.open();
    write(program, 'alice/one', 'first');
    await program.init('alice', program.storeUrl());
    await program.sync('alice');
    fs.cpSync(program.at('store'), program.at('older'), { recursive: true });
    write(program, 'alice/two', 'second');
    await program.sync('alice');
    return program;
  }

  function put(program: Program, from: string): void {
    fs.rmSync(program.at('store'), { recursive: true });
    fs.cpSync(program.at(from), program.at('store'), { recursive: true });
  }

  test('away: exit code 4, nothing lost, and the next run goes on', async () => {
    const program = await synced();
    const before = describeFolder(program.at('alice'));
    fs.renameSync(program.at('store'), program.at('elsewhere'));
    expectRefusal(await program.on('alice', ['sync']), 4, 'E_STORE_UNREACHABLE');
    expect(await program.json('alice', ['status'])).toMatchObject({ state: 'offline' });
    fs.renameSync(program.at('elsewhere'), program.at('store'));
    await program.sync('alice');
    expect(await program.json('alice', ['status'])).toMatchObject({ state: 'synced' });
    expect(describeFolder(program.at('alice'))).toEqual(before);
  });

  test('no server there: exit code 4 for init, too', async () => {
    const program = await Program.open();
    write(program, 'alice/file', 'x');
    expectRefusal(await init(program, 'alice', program.at('alice'), 'http://token@127.0.0.1:9/vault'), 4, 'E_STORE_UNREACHABLE');
    expect(fs.readdirSync(program.place)).toEqual(['alice']);
    expect(fs.readdirSync(program.at('alice'))).toEqual(['file']);
  });

  test("a folder for it whose own folder isn't there: exit code 4, the line says which, and nothing is made", async () => {
    const program = await Program.open();
    write(program, 'alice/file', 'x');
    const ended = await init(program, 'alice', program.at('alice'), program.storeUrl('disk/that/is away'));
    expectRefusal(ended, 4, 'E_STORE_UNREACHABLE');
    expect(ended.err).toContain(`${program.at('disk/that')} is not there`);
    expect(fs.readdirSync(program.place)).toEqual(['alice']);
  });

  test('older, emptied, replaced: exit code 5, each by its name, the folder untouched; the right one put back goes on', async () => {
    const program = await synced();
    fs.cpSync(program.at('store'), program.at('right'), { recursive: true });
    write(program, 'bob/other', 'other');
    mustSucceed(await init(program, 'bob', program.at('bob'), program.storeUrl('replaced')));
    fs.mkdirSync(program.at('emptied'));
    const before = describeFolder(program.at('alice'));
    for (const [store, failure] of [
      ['older', 'E_ROLLBACK'],
      ['emptied', 'E_STORE_EMPTY'],
      ['replaced', 'E_REPLACED_VAULT'],
    ] as const) {
      put(program, store);
      expectRefusal(await program.on('alice', ['sync']), 5, failure);
      expect(await program.json('alice', ['status'])).toMatchObject({ state: 'refused' });
      expect(describeFolder(program.at('alice'))).toEqual(before);
    }
    put(program, 'right');
    await program.sync('alice');
    expect(await program.json('alice', ['status'])).toMatchObject({ state: 'synced' });
  });

  test('a lost index does not let an older one pass', async () => {
    const program = await synced();
    put(program, 'older');
    fs.rmSync(path.join(program.profile('alice'), 'index.sqlite'));
    expectRefusal(await program.on('alice', ['sync']), 5, 'E_ROLLBACK');
  });
});

describe('verify', () => {
  test('tells what is missing or damaged and which files that touches, and changes nothing', async () => {
    const program = await Program.open();
    write(program, 'alice/one', 'first');
    await program.init('alice', program.storeUrl());
    await program.sync('alice');
    write(program, 'alice/folder/two', 'second');
    await program.sync('alice');
    expect(await program.json('alice', ['verify'])).toMatchObject({ entries: 2, packs: 2, chunks: 2, damaged: [], files: [] });

    const packs = fs.readdirSync(program.at('store/packs'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const file = (at: number): string => path.join(packs[at]?.parentPath ?? '', packs[at]?.name ?? '');
    const name = (at: number): string => `packs/${packs[at]?.name.slice(0, 2) ?? ''}/${packs[at]?.name ?? ''}`;
    const whole = fs.readFileSync(file(0));
    const damaged = Buffer.from(whole);
    damaged[20] = (damaged[20] ?? 0) ^ 1; // in the first chunk: only who opens it can tell
    fs.chmodSync(file(0), 0o600);
    fs.writeFileSync(file(0), damaged);
    expect((await program.on('alice', ['verify'])).code).toBe(0);
    const opened = await program.on('alice', ['verify', '--data', '--json']);
    expectRefusal(opened, 5, 'E_TAMPER');
    expect(JSON.parse(opened.out)).toMatchObject({
      chunks: 1,
      damaged: [{ object: name(0), code: 'E_TAMPER' }],
      files: [expect.stringMatching(/one|folder\/two/)],
    });

    fs.writeFileSync(file(0), whole.subarray(0, -1));
    const cut = await program.on('alice', ['verify', '--json']);
    expectRefusal(cut, 5, 'E_TAMPER');
    fs.rmSync(file(0));
    fs.rmSync(file(1));
    const gone = await program.on('alice', ['verify', '--json']);
    expectRefusal(gone, 5, 'E_MISSING');
    expect(JSON.parse(gone.out)).toMatchObject({ packs: 0, files: ['folder/two', 'one'] });
    expect(fs.existsSync(file(1))).toBe(false);
  });

  test('an entry that is missing or was changed', async () => {
    const program = await Program.open();
    write(program, 'alice/one', 'first');
    await program.init('alice', program.storeUrl());
    await program.sync('alice');
    const [entry = ''] = fs.readdirSync(program.at('store/journal'));
    const file = program.at('store/journal', entry);
    const bytes = fs.readFileSync(file);
    fs.rmSync(file);
    const missing = await program.on('alice', ['verify', '--json']);
    expect(missing.code).toBe(5);
    expect(JSON.parse(missing.out)).toMatchObject({
      entries: 0,
      damaged: expect.arrayContaining([expect.objectContaining({ object: `journal/${entry}`, code: 'E_MISSING' })]) as unknown,
    });
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    fs.writeFileSync(file, bytes);
    const changed = await program.on('alice', ['verify', '--json']);
    expect(changed.code).toBe(5);
    expect(JSON.parse(changed.out)).toMatchObject({
      damaged: expect.arrayContaining([expect.objectContaining({ object: `journal/${entry}`, code: 'E_TAMPER' })]) as unknown,
    });
  });
});

test('a damaged index is put aside and built again', async () => {
  const program = await Program.open();
  write(program, 'alice/file', 'x');
  await program.init('alice', program.storeUrl());
  await program.sync('alice');
  const index = path.join(program.profile('alice'), 'index.sqlite');
  fs.writeFileSync(index, 'this is no database, whatever it is called'.repeat(200));
  const { err } = mustSucceed(await program.on('alice', ['sync']));
  expect(err).toMatch(/^cachette: the index was damaged[^\n]+\n$/);
  expect(fs.readdirSync(program.profile('alice'))).toContain('index.sqlite.damaged-1');
  expect(await program.json('alice', ['status'])).toMatchObject({ state: 'synced', files: 1 });
  expect(fs.readdirSync(program.at('alice')).filter((name) => name !== '.cachette')).toEqual(['file']);
});

test('a missing folder ends with 1 and removes nothing', async () => {
  const program = await Program.open();
  write(program, 'alice/file', 'x');
  await program.init('alice', program.storeUrl());
  await program.sync('alice');
  fs.renameSync(program.at('alice'), program.at('moved'));
  expectRefusal(await program.on('alice', ['sync']), 1, 'E_FOLDER_MISSING');
  fs.mkdirSync(program.at('alice'));
  expectRefusal(await program.on('alice', ['sync']), 1, 'E_FOLDER_MISSING');
  fs.rmdirSync(program.at('alice'));
  fs.renameSync(program.at('moved'), program.at('alice'));
  await program.sync('alice');
  expect(await program.json('alice', ['status'])).toMatchObject({ files: 1 });
});

test('a folder that lost its mark is not taken for the one that was linked, and what is said to do about it works', async () => {
  const program = await Program.open();
  write(program, 'alice/file', 'x');
  const recoveryKey = await program.init('alice', program.storeUrl());
  await program.sync('alice');
  write(program, 'alice/new', 'y');
  fs.rmSync(program.at('alice/.cachette'), { recursive: true });
  const refused = await program.on('alice', ['sync']);
  expectRefusal(refused, 1, 'E_FOLDER_MISSING');
  expect(refused.err).toContain('`cachette join` with a new profile');
  const again = ['join', '--store', program.storeUrl(), '--folder', program.at('alice'), '--recovery-key', recoveryKey];
  mustSucceed(await program.on('again', again));
  await program.sync('again');
  expect(fs.readdirSync(program.at('alice')).toSorted()).toEqual(['.cachette', 'file', 'new']);
  expect(await program.json('again', ['status'])).toMatchObject({ files: 2, state: 'synced', conflicts: 0 });
});

describe('an index that a newer Cachette brings up to date', () => {
  const rowsOf = (native: BetterSqlite.Database): unknown => {
    const tables = native.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
    return tables.map((table) => [table, native.prepare(`SELECT * FROM ${table}`).all()]);
  };

  test('while an older one is at work is not written to by that any more: it ends, and says why', async () => {
    const program = await Program.open();
    write(program, 'alice/file', 'content');
    mustSucceed(await init(program, 'alice', program.at('alice')));
    const agent = program.startOn('alice', ['sync', '--watch', '--json']);
    await agent.line((line) => line.includes('"state":"synced"'));
    const native = new BetterSqlite(path.join(program.profile('alice'), 'index.sqlite'));
    native.exec('BEGIN IMMEDIATE; CREATE TABLE newer (x); PRAGMA user_version = 99; COMMIT');
    const before = rowsOf(native);
    write(program, 'alice/second', 'content');
    expectRefusal(await agent.ended, 1, 'E_INDEX_NEWER');
    expect(rowsOf(native)).toEqual(before);
    native.close();
  });

  test('stays as it is where another one is at work, until that has ended', async () => {
    const program = await Program.open();
    write(program, 'alice/file', 'content');
    mustSucceed(await init(program, 'alice', program.at('alice')));
    mustSucceed(await program.on('alice', ['sync']));
    const native = new BetterSqlite(path.join(program.profile('alice'), 'index.sqlite'));
    const newest = native.pragma('user_version', { simple: true }) as number;
    makeOlder(native);
    const lock = acquireOwnerLock(path.join(program.profile('alice'), 'owner.lock'));
    for (const command of [['config', 'set', 'retention.days', '365'], ['confirm'], ['selective', 'exclude', 'file']]) {
      const ended = await program.on('alice', command);
      expectRefusal(ended, 1, 'E_BUSY');
      expect(ended.err).toContain('an older Cachette is at work here');
    }
    expect(native.pragma('user_version', { simple: true })).toBe(newest - 1);
    lock.release();
    mustSucceed(await program.on('alice', ['config', 'set', 'retention.days', '365']));
    expect(native.pragma('user_version', { simple: true })).toBe(newest);
    native.close();
  });
});

test('an older Cachette leaves the index of a newer one as it is, and says what to do', async () => {
  const program = await Program.open();
  write(program, 'alice/file', 'content');
  mustSucceed(await init(program, 'alice', program.at('alice')));
  mustSucceed(await program.on('alice', ['sync']));
  const index = path.join(program.profile('alice'), 'index.sqlite');
  const native = new BetterSqlite(index);
  native.pragma('user_version = 99');
  native.close();
  const before = fs.readFileSync(index);
  for (const command of [['sync'], ['sync', '--watch'], ['status'], ['relink', '--store', program.storeUrl('store-alice')]]) {
    const ended = await program.on('alice', command);
    expectRefusal(ended, 1, 'E_INDEX_NEWER');
    expect(ended.err).toContain('Update Cachette');
  }
  expect(fs.readFileSync(index).equals(before)).toBe(true);
  expect(fs.readdirSync(program.profile('alice')).filter((name) => name.includes('damaged'))).toEqual([]);
});
