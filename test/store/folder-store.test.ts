import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Failure } from '../../src/base/failure.ts';
import { systemRandom } from '../../src/base/random.ts';
import { toFolderFailure } from '../../src/store/folder/folder-failure.ts';
import { publishByRename } from '../../src/store/folder/folder-publish.ts';
import { createStoreFolder, type FolderStore, openFolderStore } from '../../src/store/folder/folder-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

const open = (dir: string): FolderStore => openFolderStore(dir, { clock: systemClock, random: systemRandom });
const some = { maxBytes: 1024 };

async function listAll(store: FolderStore, limit: number): Promise<string[]> {
  const names: string[] = [];
  for (let after: string | undefined; ; after = names.at(-1)) {
    const page = await store.list('', { after, limit });
    names.push(...page.names);
    if (!page.more) return names;
  }
}

describe('a folder store and its folder', () => {
  test('keeps objects as plain files under their names and nothing else', async () => {
    const dir = await temporaryFolder();
    const store = open(dir);
    await store.putNew('packs/ab/cd', [utf8('bytes')]);
    await store.putNew('packs/ab/cd', [utf8('again')]);
    expect(await readFile(join(dir, 'packs/ab/cd'), 'utf8')).toBe('bytes');
    expect(await readdir(join(dir, '.tmp'))).toEqual([]);
  });

  test('a missing folder is an absent store for every verb, and is not made', async () => {
    const parent = await temporaryFolder();
    const dir = join(parent, 'unplugged');
    const store = open(dir);
    const unreachable = { code: 'E_STORE_UNREACHABLE' };
    await expect(store.get('a', some)).rejects.toMatchObject(unreachable);
    await expect(store.get('a/b', some)).rejects.toMatchObject(unreachable);
    await expect(store.putNew('a/b', [])).rejects.toMatchObject(unreachable);
    await expect(store.list('', { limit: 10 })).rejects.toMatchObject(unreachable);
    await expect(store.list('packs/', { limit: 10 })).rejects.toMatchObject(unreachable);
    await expect(store.delete('a/b')).rejects.toMatchObject(unreachable);
    await expect(store.putHint(utf8('x'))).rejects.toMatchObject(unreachable);
    await expect(store.getHint(undefined)).rejects.toMatchObject(unreachable);
    expect(await readdir(parent)).toEqual([]);
    await createStoreFolder(dir);
    expect(await store.putNew('a/b', [])).toBe('stored');
  });

  test('a folder that vanished is served again when it is back', async () => {
    const parent = await temporaryFolder();
    const dir = join(parent, 'disk');
    await createStoreFolder(dir);
    const store = open(dir);
    await store.putNew('genesis', [utf8('x')]);
    await rename(dir, join(parent, 'away'));
    await expect(store.get('genesis', some)).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    await rename(join(parent, 'away'), dir);
    expect(await store.get('genesis', some)).toEqual(utf8('x'));
  });

  test('another disk in the place of the first is not written to', async ({ skip }) => {
    const shared = await mkdtemp('/dev/shm/cachette-test-').catch(() => skip('there is no second file system to try this with'));
    onTestFinished(() => rm(shared, { recursive: true }));
    const parent = await temporaryFolder();
    if ((await stat(shared)).dev === (await stat(parent)).dev) skip('there is no second file system to try this with');
    const mountPoint = join(parent, 'mounted');
    await symlink(shared, mountPoint);
    const store = open(mountPoint);
    await store.putNew('genesis', []);
    await unlink(mountPoint);
    await mkdir(mountPoint);
    await expect(store.putNew('packs/ab/cd', [])).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(await readdir(mountPoint)).toEqual([]);
  });

  test('foreign files are neither listed nor deleted', async () => {
    const dir = await temporaryFolder();
    const store = open(dir);
    await store.putNew('journal/1', []);
    for (const foreign of ['README.TXT', 'journal/Thumbs.db', 'journal/1.part', '.DS_Store']) await writeFile(join(dir, foreign), 'x');
    await mkdir(join(dir, 'lost+found'));
    expect(await listAll(store, 1)).toEqual(['journal/1']);
  });

  test('symbolic links inside are not followed', async () => {
    const elsewhere = await temporaryFolder();
    await writeFile(join(elsewhere, 'precious'), 'mine');
    const dir = await temporaryFolder();
    await symlink(elsewhere, join(dir, 'packs'));
    await symlink(join(elsewhere, 'precious'), join(dir, 'genesis'));
    const store = open(dir);
    const refused = { code: 'E_TAMPER', message: expect.stringMatching(/symbolic link/) as string };
    await expect(store.get('packs/precious', some)).rejects.toMatchObject(refused);
    await expect(store.get('genesis', some)).rejects.toMatchObject(refused);
    await expect(store.putNew('packs/new', [])).rejects.toMatchObject(refused);
    await expect(store.putNew('genesis', [])).rejects.toMatchObject(refused);
    await expect(store.delete('packs/precious')).rejects.toMatchObject(refused);
    await expect(store.list('packs/', { limit: 10 })).rejects.toMatchObject(refused);
    await store.delete('genesis');
    expect(await listAll(store, 10)).toEqual([]);
    expect(await readdir(elsewhere)).toEqual(['precious']);
  });

  test('temporaries of a process of this computer that was killed are removed soon', async () => {
    const dir = await temporaryFolder();
    const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 16);
    const gone = spawnSync(process.execPath, ['--version']).pid;
    const names = [`${host}-${gone}-old`, `${host}-${gone}-young`, `${host}-${process.ppid}-alive`, `${'0'.repeat(16)}-${gone}-elsewhere`];
    await mkdir(join(dir, '.tmp'));
    const longAgo = new Date(Date.now() - 2 * 60 * 1000);
    for (const name of names) {
      await writeFile(join(dir, '.tmp', name), 'half');
      if (!name.endsWith('young')) await utimes(join(dir, '.tmp', name), longAgo, longAgo);
    }
    await open(dir).putNew('genesis', []);
    expect((await readdir(join(dir, '.tmp'))).toSorted()).toEqual(names.slice(1).toSorted());
  });

  test('temporaries a killed writer left are removed once they are old, young ones stay', async () => {
    const dir = await temporaryFolder();
    await mkdir(join(dir, '.tmp'));
    await writeFile(join(dir, '.tmp/old'), 'half');
    await writeFile(join(dir, '.tmp/young'), 'half');
    const dayAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await utimes(join(dir, '.tmp/old'), dayAgo, dayAgo);
    const store = open(dir);
    await store.putNew('genesis', []);
    expect(await readdir(join(dir, '.tmp'))).toEqual(['young']);
    expect(await listAll(store, 10)).toEqual(['genesis']);
  });
});

describe('a folder store and large listings', () => {
  test('gives every name once and in order although folders are larger than what is held in memory', async () => {
    const dir = await temporaryFolder();
    const expected: string[] = [];
    for (let folder = 0; folder < 40; folder += 1) {
      await mkdir(join(dir, `f${folder}`));
      for (let file = 0; file < 3; file += 1) expected.push(`f${folder}/${file}`);
      expected.push(`f${folder}-x`, `f${folder}0`.padEnd(8, 'z'));
    }
    for (const name of expected) await writeFile(join(dir, name), '');
    const store = open(dir);
    for (const limit of [1, 2, 7, 1000]) expect(await listAll(store, limit)).toEqual(expected.toSorted());
  });

  test('a name put between two pages is not lost to the next listing', async () => {
    const store = open(await temporaryFolder());
    for (const name of ['a', 'c', 'd']) await store.putNew(name, []);
    const first = await store.list('', { limit: 1 });
    expect(first).toEqual({ names: ['a'], more: true });
    await store.putNew('b', []);
    expect(await store.list('', { after: 'a', limit: 1 })).toEqual({ names: ['b'], more: true });
  });
});

describe('a folder store and streams', () => {
  test('a source that breaks off leaves nothing, and its failure is passed on', async () => {
    const dir = await temporaryFolder();
    const store = open(dir);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield utf8('half an ob');
      await Promise.resolve();
      throw new Failure('E_LIMIT', 'too much');
    }
    await expect(store.putStream('genesis', broken())).rejects.toMatchObject({ code: 'E_LIMIT', message: 'too much' });
    expect(await store.get('genesis', some)).toBeUndefined();
    expect(await readdir(join(dir, '.tmp'))).toEqual([]);
  });

  test('an abort while writing leaves nothing', async () => {
    const dir = await temporaryFolder();
    const store = open(dir);
    const stop = new AbortController();
    const parts = {
      *[Symbol.iterator](): Generator<Uint8Array> {
        yield utf8('half');
        stop.abort(new Error('enough'));
        yield utf8('other half');
      },
    };
    const put = store.putNew('genesis', parts as unknown as Uint8Array[], { signal: stop.signal });
    await expect(put).rejects.toThrow('enough');
    expect(await store.get('genesis', some)).toBeUndefined();
    expect(await readdir(join(dir, '.tmp'))).toEqual([]);
  });

  test('an open object can be read to its end although it is deleted meanwhile', async () => {
    const store = open(await temporaryFolder());
    await store.putNew('genesis', [utf8('still here')]);
    const object = await store.openObject('genesis');
    await store.delete('genesis');
    expect(await object?.handle.readFile('utf8')).toBe('still here');
    await object?.handle.close();
  });

  test('used bytes are the sum over all objects', async () => {
    const dir = await temporaryFolder();
    const store = open(dir);
    await store.putNew('a', [new Uint8Array(10)]);
    await store.putNew('b/c', [new Uint8Array(5)]);
    await writeFile(join(dir, 'Foreign'), 'xxxxxxx');
    expect(await store.usedBytes()).toBe(15);
  });
});

describe('a folder without hard links', () => {
  test('an existing object is kept and the outcome says so', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'temporary'), 'new');
    expect(await publishByRename(join(dir, 'temporary'), join(dir, 'target'))).toBe('stored');
    await writeFile(join(dir, 'temporary'), 'newer');
    expect(await publishByRename(join(dir, 'temporary'), join(dir, 'target'))).toBe('exists');
    expect(await readFile(join(dir, 'target'), 'utf8')).toBe('new');
    await rm(join(dir, 'target'));
  });
});

describe('what the system says about a folder', () => {
  const codeFor = (errno: string): string => toFolderFailure(Object.assign(new Error(errno), { code: errno }), 'genesis').code;

  test('full, forbidden and away each have their own code', () => {
    expect(['ENOSPC', 'EDQUOT'].map(codeFor)).toEqual(['E_STORE_FULL', 'E_STORE_FULL']);
    expect(['EACCES', 'EROFS'].map(codeFor)).toEqual(['E_STORE_DENIED', 'E_STORE_DENIED']);
    expect(['EIO', 'ESTALE', 'ENODEV', 'EMFILE'].map(codeFor)).toEqual(Array.from({ length: 4 }, () => 'E_STORE_UNREACHABLE'));
  });
});
