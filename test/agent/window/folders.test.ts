/** Selective sync and ignore rules, as a settings window uses them. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { DeviceRig } from '../device-rig.ts';
import { WindowRig } from './window-rig.ts';

vi.mock('../../../src/agent/threads/threaded-workshop.ts', () => import('../../attack/inline-workshop.ts'));
vi.mock('../../../src/agent/keys/key-tools.ts', () => import('../quick-key-tools.ts'));

function fill(rig: DeviceRig, device: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = rig.at(device, ...name.split('/'));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

function paths(rig: DeviceRig, device: string): string[] {
  const all = fs.readdirSync(rig.at(device), { recursive: true, encoding: 'utf8' });
  return all.filter((name) => !name.startsWith('.cachette/') && fs.statSync(rig.at(device, name)).isFile()).toSorted();
}

const files = {
  'a.txt': '1',
  'photos/2024/a.jpg': '12345',
  'photos/2024/b.jpg': '12345',
  'photos/2025/a.jpg': '1234567',
  'photos/cover.jpg': '12',
  'music/one.mp3': '123',
  'work/deep/deeper/plan.txt': '1234',
};

async function start(): Promise<{ readonly rig: DeviceRig; readonly ann: WindowRig }> {
  const rig = await DeviceRig.open();
  await rig.init('ann');
  fill(rig, 'ann', files);
  const ann = await WindowRig.start(rig, 'ann');
  await ann.settle();
  return { rig, ann };
}

describe('the tree of folders', () => {
  test('comes by pages, with what is in each folder, and follows every change of the vault', async () => {
    const { rig, ann } = await start();
    const top = await ann.ask('list-folders', { path: '', limit: 2 });
    expect(top).toEqual({
      rows: [
        { path: 'music', name: 'music', chosen: 'all', files: 1, bytes: 3, hasFolders: false },
        { path: 'photos', name: 'photos', chosen: 'all', files: 4, bytes: 19, hasFolders: true },
      ],
      total: 3,
    });
    expect(await ann.ask('list-folders', { path: '', skip: 2, limit: 2 })).toEqual({
      rows: [{ path: 'work', name: 'work', chosen: 'all', files: 1, bytes: 4, hasFolders: true }],
      total: 3,
    });
    expect(await ann.ask('list-folders', { path: '', skip: 3, limit: 2 })).toEqual({ rows: [], total: 3 });
    expect((await ann.ask('list-folders', { path: 'photos', limit: 10 })).rows.map(({ path: at, bytes }) => [at, bytes])).toEqual([
      ['photos/2024', 10],
      ['photos/2025', 7],
    ]);
    fill(rig, 'ann', { 'photos/2025/more.jpg': '1234567890' });
    fs.rmSync(rig.at('ann', 'music'), { recursive: true });
    await ann.settle();
    await expect
      .poll(async () => (await ann.ask('list-folders', { path: '', limit: 10 })).rows.map(({ name, files: n, bytes }) => [name, n, bytes]))
      .toEqual([
        ['photos', 5, 29],
        ['work', 1, 4],
      ]);
    await expect(ann.ask('list-folders', { path: 'a.txt', limit: 10 })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(ann.ask('list-folders', { path: '../..', limit: 10 })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

test('folders stand in the order in which people look for them, over all pages', async () => {
  const rig = await DeviceRig.open();
  await rig.init('ann');
  const names = ['Été', 'Zoo', 'archive', 'part 10', 'part 2', 'école', 'Photos'];
  fill(rig, 'ann', Object.fromEntries(names.map((name) => [`${name}/a.txt`, '1'])));
  const ann = await WindowRig.start(rig, 'ann');
  await ann.settle();
  const pages = await Promise.all([0, 3, 6].map((skip) => ann.ask('list-folders', { path: '', skip, limit: 3 })));
  expect(pages.flatMap(({ rows }) => rows.map(({ name }) => name))).toEqual([
    'archive',
    'école',
    'Été',
    'part 2',
    'part 10',
    'Photos',
    'Zoo',
  ]);
  const find = async (begins: string, from: number): Promise<number | null> =>
    (await ann.ask('find-folder', { path: '', begins, from })).at;
  expect([await find('e', 0), await find('e', 2), await find('e', 3), await find('ZOO', 0)]).toEqual([1, 2, 1, 6]);
  expect(await find('part 1', 0)).toBe(4);
  expect(await find('nothing', 0)).toBeNull();
});

describe('choosing folders', () => {
  test('says before what it would come to, brings it about, and back', async () => {
    const { rig, ann } = await start();
    const out = { include: [], exclude: ['photos', 'work/deep'] };
    expect(await ann.ask('weigh-choice', out)).toMatchObject({ removed: { files: 5, bytes: 23 }, fetched: { files: 0, bytes: 0 } });
    expect(paths(rig, 'ann')).toEqual(Object.keys(files).toSorted());
    await ann.ask('choose', out);
    await expect.poll(() => paths(rig, 'ann')).toEqual(['a.txt', 'music/one.mp3']);
    await ann.settle();
    const chosen = async (folder: string): Promise<string[]> =>
      (await ann.ask('list-folders', { path: folder, limit: 10 })).rows.map(({ name, chosen: word }) => `${name} ${word}`);
    expect(await chosen('')).toEqual(['music all', 'photos none', 'work some']);
    expect(await chosen('photos')).toEqual(['2024 none', '2025 none']);

    // One folder of a left-out one: with what lies right in those above it.
    const back = { include: ['photos/2025'], exclude: ['music'] };
    expect(await ann.ask('weigh-choice', back)).toMatchObject({ removed: { files: 1, bytes: 3 }, fetched: { files: 2, bytes: 9 } });
    await ann.ask('choose', back);
    await expect.poll(() => paths(rig, 'ann')).toEqual(['a.txt', 'photos/2025/a.jpg', 'photos/cover.jpg']);
    expect(await chosen('photos')).toEqual(['2024 none', '2025 all']);
    await expect.poll(() => ann.heard.map(({ event }) => event)).toContain('folders');

    const all = { include: ['photos', 'music', 'work'], exclude: [] };
    expect(await ann.ask('weigh-choice', all)).toMatchObject({ removed: { files: 0, bytes: 0 }, fetched: { files: 4, bytes: 17 } });
    await ann.ask('choose', all);
    await expect.poll(() => paths(rig, 'ann')).toEqual(Object.keys(files).toSorted());
    expect(await chosen('')).toEqual(['music all', 'photos all', 'work all']);
    // They stand there before the index says so, by which they are weighed.
    await ann.settle();

    // In one choice, the deepest that is named holds.
    const within = { include: ['photos/2025', 'work/deep'], exclude: ['photos', 'work/deep/deeper'] };
    expect(await ann.ask('weigh-choice', within)).toMatchObject({ removed: { files: 3, bytes: 14 }, fetched: { files: 0, bytes: 0 } });
    await ann.ask('choose', within);
    await expect.poll(() => paths(rig, 'ann')).toEqual(['a.txt', 'music/one.mp3', 'photos/2025/a.jpg', 'photos/cover.jpg']);
  });

  test('is all or nothing', async () => {
    const { ann } = await start();
    const choice = { include: [], exclude: ['photos', 'nowhere'] };
    await expect(ann.ask('choose', choice)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(ann.ask('weigh-choice', choice)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(ann.ask('choose', { include: [''], exclude: [] })).rejects.toMatchObject({ code: 'E_USAGE' });
    expect((await ann.ask('list-folders', { path: '', limit: 10 })).rows.map(({ chosen }) => chosen)).toEqual(['all', 'all', 'all']);
  });
});

describe('ignore rules', () => {
  test('are tried on what is there, then written and read again', async () => {
    const { rig, ann } = await start();
    expect(await ann.ask('read-ignore-rules', {})).toEqual({ text: '' });
    fill(rig, 'ann', { 'work/.cachetteignore': '!keep.tmp\n', 'work/keep.tmp': '', 'work/a.tmp': '', 'b.tmp': '' });
    const text = '*.tmp\nphotos/\n[\n\\\n!\n# a remark\n';
    const trial = await ann.ask('try-ignore-rules', { text });
    expect(trial).toEqual({
      matched: 3,
      examples: expect.arrayContaining(['b.tmp', 'photos/', 'work/a.tmp']) as string[],
      badLines: [
        { line: 3, text: '[' },
        { line: 4, text: '\\' },
        { line: 5, text: '!' },
      ],
    });
    expect(fs.existsSync(rig.at('ann', '.cachetteignore'))).toBe(false);
    await ann.ask('write-ignore-rules', { text: '*.secret\n', was: '' });
    // Somebody else was faster: his rules stay.
    await expect(ann.ask('write-ignore-rules', { text: '*.tmp\n', was: '' })).rejects.toMatchObject({ code: 'E_BUSY' });
    expect(await ann.ask('read-ignore-rules', {})).toEqual({ text: '*.secret\n' });
    await ann.ask('write-ignore-rules', { text: '*.secret\n*.tmp\n', was: '*.secret\n' });
    expect(await ann.ask('read-ignore-rules', {})).toEqual({ text: '*.secret\n*.tmp\n' });
    expect(fs.readFileSync(rig.at('ann', '.cachetteignore'), 'utf8')).toBe('*.secret\n*.tmp\n');
    fill(rig, 'ann', { 'new.secret': 'x', 'new.txt': 'y' });
    await ann.settle();
    const listed = await rig.json<{ path: string }[]>('ann', ['ls']);
    expect(listed.map(({ path: at }) => at)).toEqual(expect.arrayContaining(['.cachetteignore', 'new.txt']));
    expect(listed.map(({ path: at }) => at)).not.toContain('new.secret');
  });

  test.each([
    ['a pattern', '*.tmp', false],
    ['a class', '[ab].txt', false],
    ['a folder', '/build/', false],
    ['a double star', 'a/**/b', false],
    ['an escaped bracket', '\\[a', false],
    ['two backslashes', 'a\\\\', false],
    ['a backslash at the end', 'a\\', true],
    ['nothing but a slash', '/', true],
    ['a parent', '../x', true],
    ['an empty part', 'a//b', true],
    ['an open class', 'a[bc', true],
  ])('of %s: %s', async (_, text, isBad) => {
    const { findBadRules } = await import('../../../src/agent/window/find-bad-rules.ts');
    expect(findBadRules(`# first\n${text}`)).toEqual(isBad ? [{ line: 2, text }] : []);
  });
});
