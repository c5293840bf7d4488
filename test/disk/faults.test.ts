import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import { topPath, type DiskPath } from '../../src/disk/disk.ts';
import { reserveOf, spaceOf } from '../../src/disk/disk-reserve.ts';
import type { OpenDisk } from '../../src/disk/open-disk.ts';
import { acts, besideText, newText, oldText } from '../contract/disk/disk-acts.ts';
import { at, lookAt, placeText } from '../contract/disk/disk-contract.ts';
import { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import { linuxPersonality, nativePersonality, type Personality, plainPersonality } from '../world/fake-disk/personality.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { VirtualClock } from '../world/virtual-clock.ts';

const clock = new VirtualClock();
const codes = [
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'EACCES',
  'EPERM',
  'EBUSY',
  'EMFILE',
  'EROFS',
  'ENAMETOOLONG',
  'ESTALE',
  'EINVAL',
  'ENOENT',
  'EXDEV',
];

function fakeDisk(personality: Personality = linuxPersonality): FakeDisk {
  return new FakeDisk({ clock, random: new SeededRandom(1), personality });
}

describe.each([
  ['with native calls', linuxPersonality],
  ['with those that take many items', nativePersonality],
  ['without', plainPersonality],
  ['without hard links', { ...plainPersonality, hasHardLinks: false }],
])('%s', (_, personality) => {
  test.each(acts)('whichever call fails, nothing is damaged or left open: $title', async (act) => {
    for (const code of codes) {
      for (let index = 1, failed = true; failed; index += 1) {
        const fake = fakeDisk(personality);
        const disk = await fake.open();
        fake.user.makeFolder('folder');
        fake.user.writeFile('folder/item', oldText);
        const run = await act.prepare(disk);
        let count = 0;
        failed = false;
        fake.onCall = () => {
          count += 1;
          failed ||= count === index;
          return count === index ? code : undefined;
        };
        const ended: unknown = await run().catch((error: unknown) => error);
        fake.onCall = () => undefined;
        if (ended instanceof Error)
          expect(ended).toMatchObject({ name: 'Failure', code: expect.stringMatching(/^E_(?:DISK|FOLDER_MISSING)$/) as string });
        const live = fake.user.texts();
        for (const text of Object.values(live)) expect([oldText, newText, besideText]).toContain(text);
        if (act.frees !== true || fake.user.exists('folder/item'))
          expect([...Object.values(live), ...Object.values(fake.user.texts('.cachette/trash'))]).toContain(oldText);
        if (act.title.startsWith('replace') || act.title.startsWith('set')) expect(fake.user.exists('folder/item')).toBe(true);
        // Nor does one that goes wrong between a new name and the end of the old one leave both.
        if (act.title.startsWith('move')) expect(Object.values(live).filter((text) => text === oldText)).toHaveLength(1);
        await disk.settle();
        await disk.clearStaged();
        expect(fake.openCount).toBe(0);
      }
    }
  });
});

test('a failure names the path, the reason and what to do', async () => {
  const fake = fakeDisk();
  const disk = await fake.open();
  fake.user.writeFile('bad\nname', 'text');
  fake.onCall = ({ verb }) => (verb === 'rename' ? 'EROFS' : undefined);
  const failure: unknown = await disk.discard(at('bad\nname'), await lookAt(disk, 'bad\nname')).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({
    code: 'E_DISK',
    message: 'cannot remove bad\\u{a}name: the disk is read-only (EROFS)',
    subject: 'bad\\u{a}name',
    action: expect.stringContaining('mount it for writing') as string,
  });
});

describe('where room is short', () => {
  /** Three files in the trash, an hour between them; each that is removed frees so much. */
  async function withTrash(
    freesBytes: number,
  ): Promise<{ fake: FakeDisk; disk: Awaited<ReturnType<FakeDisk['open']>>; kept: () => string[] }> {
    const time = new VirtualClock();
    const fake = new FakeDisk({ clock: time, random: new SeededRandom(1), personality: linuxPersonality });
    const disk = await fake.open();
    for (const name of ['first', 'second', 'third']) {
      fake.user.writeFile(name, name);
      await disk.discard(at(name), await lookAt(disk, name));
      if (name !== 'third') time.advance(3_600_000);
    }
    fake.onCall = ({ verb }) => {
      if (verb === 'unlink') fake.room.freeBytes += freesBytes;
      return undefined;
    };
    return { fake, disk, kept: () => Object.values(fake.user.texts('.cachette/trash')).toSorted() };
  }

  test('what went to the trash first makes room for what is new, and no more of it than is needed', async () => {
    const { fake, disk, kept } = await withTrash(2_000_000);
    fake.room.freeBytes = 2_000_000;
    await (await disk.stage(3_000_000)).discard();
    expect(kept()).toEqual(['second', 'third']);
  });

  test('what went just now stays, and the disk is full then', async () => {
    const { fake, disk, kept } = await withTrash(10);
    fake.room.freeBytes = 2_000_000;
    await expect(disk.stage(3_000_000)).rejects.toMatchObject({ code: 'E_DISK', message: expect.stringContaining('full') as string });
    expect(kept()).toEqual(['third']);
  });

  test('on a disk that is nearly full the trash is cleared before its time', async () => {
    const { fake, disk, kept } = await withTrash(10_000_000);
    expect(await disk.emptyTrash(30)).toBe(0);
    fake.room.freeBytes = 255 * 1024 * 1024;
    expect(await disk.emptyTrash(30)).toBe(1);
    expect(kept()).toEqual(['second', 'third']);
  });
});

test('a full disk is told before anything is written, and while it is', async () => {
  const fake = fakeDisk();
  const disk = await fake.open();
  fake.room.freeBytes = 2_000_000;
  await expect(disk.stage(3_000_000)).rejects.toMatchObject({ code: 'E_DISK', message: expect.stringContaining('full') as string });
  const staged = await disk.stage(100);
  fake.room.freeBytes = 10;
  await expect(staged.write(new Uint8Array(100), 0)).rejects.toMatchObject({
    code: 'E_DISK',
    message: expect.stringContaining('full') as string,
  });
  await staged.discard();
  expect(fake.user.texts('.cachette/staged')).toEqual({});
  expect(fake.openCount).toBe(0);
});

describe('what stays free on a disk', () => {
  const reserve = 1024 ** 3;

  function largeDisk(): FakeDisk {
    const fake = fakeDisk();
    fake.room.totalBytes = 100 * reserve;
    return fake;
  }

  test('A44: neither large nor small files are taken where the reserve would go, and all are again when there is room', async () => {
    const fake = largeDisk();
    const disk = await fake.open();
    const refused = { code: 'E_DISK', message: 'the disk is full but for the 1024 MiB that stay free on it' };
    for (const sizeBytes of [10, 2_000_000]) {
      fake.room.freeBytes = reserve + 9;
      await expect(disk.stage(sizeBytes)).rejects.toMatchObject(refused);
      fake.room.freeBytes = reserve + sizeBytes;
      await (await disk.stage(sizeBytes)).discard();
    }
  });

  test('A44: many small files are counted, too', async () => {
    const fake = largeDisk();
    const disk = await fake.open();
    fake.room.freeBytes = reserve + 20_000_000;
    let staged = 0;
    await expect(
      (async () => {
        for (; staged < 1000; staged += 1) {
          await (await disk.stage(100_000)).write(new Uint8Array(100_000), 0);
          fake.room.freeBytes -= 100_000;
        }
      })(),
    ).rejects.toMatchObject({ code: 'E_DISK' });
    // Some are taken between two looks at the disk: no more than the reserve can bear.
    expect(staged).toBeLessThan(400);
  });

  test('A44: files that are written at the same time do not count on the same room', async () => {
    const fake = largeDisk();
    const disk = await fake.open();
    fake.room.freeBytes = reserve + 5_000_000;
    const first = await disk.stage(3_000_000);
    await expect(disk.stage(3_000_000)).rejects.toMatchObject({ code: 'E_DISK' });
    await first.write(new Uint8Array(3_000_000), 0);
    fake.room.freeBytes -= 3_000_000;
    const second = await disk.stage(2_000_000);
    await second.discard();
    await first.discard();
  });

  test('of a small disk it is one part in twenty, and of one that counts nothing none', () => {
    expect(reserveOf({ freeBytes: 0, totalBytes: 2_000 })).toBe(100);
    const space = spaceOf({ bavail: 0, blocks: 0, bsize: 4096 });
    expect(space.freeBytes).toBeGreaterThan(reserve);
    expect(reserveOf(space)).toBe(0);
  });
});

test('what can not be removed from the trash keeps nothing else in it', async () => {
  const fake = fakeDisk();
  const disk = await fake.open();
  for (const name of ['kept', 'goes']) {
    fake.user.writeFile(name, name);
    await disk.discard(at(name), await lookAt(disk, name));
    await clock.sleep(2000);
  }
  fake.onCall = ({ verb, path }) => (verb === 'unlink' && path.endsWith('/kept') ? 'EPERM' : undefined);
  await expect(disk.emptyTrash(0)).rejects.toMatchObject({ code: 'E_DISK' });
  expect(Object.values(fake.user.texts('.cachette/trash'))).toEqual(['kept']);
  fake.onCall = () => undefined;
  expect(await disk.emptyTrash(0)).toBe(1);
});

test('an unreadable folder or file is unreadable, never empty or gone', async () => {
  const fake = fakeDisk();
  const disk = await fake.open();
  fake.user.makeFolder('closed/below');
  fake.user.writeFile('closed/file', 'text');
  const expected = await lookAt(disk, 'closed/file');
  fake.user.setMode('closed', 0);
  expect(await disk.list(at('closed'))).toBe('unreadable');
  expect(await disk.list(at('closed/below'))).toBe('unreadable');
  await expect(disk.look(at('closed/file'))).rejects.toMatchObject({ code: 'E_DISK' });
  expect(await disk.read(at('closed/file'), expected, () => undefined, 10)).toBe('unreadable');
  // Its names can be read, but not what they are.
  fake.user.setMode('closed', 0o400);
  expect(await disk.list(at('closed'))).toBe('unreadable');
  fake.user.setMode('closed', 0o700);
  fake.user.setMode('closed/file', 0);
  expect(await disk.read(at('closed/file'), await lookAt(disk, 'closed/file'), () => undefined, 10)).toBe('unreadable');
});

test.each(['staged', 'passage', 'trash'])('what stands in the place of .cachette/%s is named, and followed nowhere', async (name) => {
  for (const put of ['file', 'link']) {
    const fake = fakeDisk();
    const disk = await fake.open();
    fake.user.makeFolder('outside');
    fake.user.writeFile('file', oldText);
    const expected = await lookAt(disk, 'file');
    await disk.clearStaged();
    if (fake.user.exists(`.cachette/${name}`)) fake.user.removeTree(`.cachette/${name}`);
    if (put === 'file') fake.user.writeFile(`.cachette/${name}`, 'x');
    else fake.user.makeLink('../outside', `.cachette/${name}`);
    const done = name === 'trash' ? disk.discard('file' as DiskPath, expected) : disk.clearStaged();
    await expect(done).rejects.toMatchObject({
      code: 'E_DISK',
      subject: `.cachette/${name}`,
      message: expect.stringContaining('is no folder') as string,
    });
    expect(fake.user.texts()['file']).toBe(oldText);
  }
});

test.each(['EIO', 'EACCES', 'ESTALE', 'ENOTCONN'])('a listing that %s interrupts says nothing', async (code) => {
  const fake = fakeDisk();
  const disk = await fake.open();
  for (const name of ['a', 'b', 'c']) fake.user.writeFile(name, name);
  fake.onCall = ({ verb }) => (verb === 'readNames' ? code : undefined);
  expect(await disk.list(topPath)).toBe('unreadable');
});

test.each(['EIO', 'EACCES', 'ESTALE', 'ENOTCONN'])(
  'an item at which a listing meets %s is unknown, and the others are listed',
  async (code) => {
    const fake = fakeDisk();
    const disk = await fake.open();
    for (const name of ['a', 'b', 'c']) fake.user.writeFile(name, name);
    fake.onCall = ({ verb, path }) => (verb === 'lstat' && path.endsWith('b') ? code : undefined);
    const listing = await disk.list(topPath);
    const { entries, unknown } = typeof listing === 'string' ? { entries: [], unknown: [] } : listing;
    expect(entries.map(({ name }) => name).toSorted()).toEqual(['a', 'c']);
    expect(unknown).toEqual(['b']);
  },
);

test('a listing for which the process has no room left fails, and does not say unreadable', async () => {
  const fake = fakeDisk();
  const disk = await fake.open();
  fake.user.makeFolder('folder');
  fake.onCall = ({ verb }) => (verb === 'openFolder' ? 'EMFILE' : undefined);
  await expect(disk.list(at('folder'))).rejects.toMatchObject({ code: 'E_DISK' });
});

describe('the synced folder goes away', () => {
  test('missing, then back', async () => {
    const fake = fakeDisk();
    const disk = await fake.open();
    fake.user.writeFile('file', 'text');
    const expected = await lookAt(disk, 'file');
    const { bringBack } = fake.user.takeAway();
    for (const act of [
      () => disk.checkRoot(),
      () => disk.list(topPath),
      () => disk.look(at('file')),
      () => disk.discard(at('file'), expected),
      () => disk.stage(1),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    }
    bringBack();
    await disk.checkRoot();
    expect(await disk.look(at('file'))).toEqual(expected);
  });

  test('an empty mount point is not taken for it', async () => {
    const fake = fakeDisk();
    const disk = await fake.open();
    fake.user.writeFile('file', 'text');
    const expected = await lookAt(disk, 'file');
    const staged = await disk.stage(1);
    await staged.write(new Uint8Array(1), 0);
    await staged.finish({ mtimeUs: 0, executable: false, fromOutside: false });
    fake.user.showMountPoint();
    await expect(disk.list(topPath)).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    await expect(disk.place(staged, at('new'), 'absent')).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    await expect(disk.discard(at('file'), expected)).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    await expect(disk.checkRoot()).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    await staged.discard();
    expect(fake.user.tree()).toEqual(new Map());
    expect(fake.user.exists('.cachette')).toBe(false);
  });

  test('one that a disk error hides is not missing', async () => {
    const fake = fakeDisk();
    const disk = await fake.open();
    fake.onCall = ({ verb }) => (verb === 'openTop' ? 'EIO' : undefined);
    await expect(disk.checkRoot()).rejects.toMatchObject({ code: 'E_DISK' });
    fake.onCall = ({ verb }) => (verb === 'readFile' ? 'EIO' : undefined);
    await expect(disk.checkRoot()).rejects.toMatchObject({ code: 'E_DISK' });
  });

  test('one with another mark, or without, is another one', async () => {
    const fake = fakeDisk();
    const disk = await fake.open();
    const mark = fake.user.readText('.cachette/mark');
    for (const text of [`${mark}x`, mark.slice(1), '']) {
      fake.user.writeFile('.cachette/mark', text);
      await expect(disk.checkRoot()).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    }
    fake.user.remove('.cachette/mark');
    await expect(disk.checkRoot()).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    await expect(disk.list(topPath)).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
  });

  test('a private folder that became a link is not followed', async () => {
    const fake = fakeDisk();
    const disk = await fake.open();
    fake.user.rename('.cachette', 'elsewhere');
    fake.user.makeLink('elsewhere', '.cachette');
    await expect(disk.checkRoot()).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    await expect(disk.stage(1)).rejects.toBeInstanceOf(Failure);
  });
});

describe('another file system is mounted inside', () => {
  test('files are placed, replaced, moved in and out, and removed there', async () => {
    const fake = fakeDisk();
    const disk = await fake.open();
    const { user } = fake;
    user.makeFolder('mount');
    user.mount('mount');
    const placed = await placeText(disk, 'mount/file', 'one', 'absent', {
      mtimeUs: 1_700_000_000_000_001,
      executable: true,
      fromOutside: false,
    });
    expect(placed).toEqual({ now: await lookAt(disk, 'mount/file') });
    expect(placed).toMatchObject({ now: { mtimeUs: 1_700_000_000_000_001, executable: true } });
    expect(await placeText(disk, 'mount/file', 'two', 'absent')).toBe('changed');
    await placeText(disk, 'mount/file', 'two', await lookAt(disk, 'mount/file'));
    await disk.placeLink({ target: 'target', mtimeUs: 5 }, at('mount/link'), 'absent');
    expect(user.texts()).toEqual({ 'mount/file': 'two' });
    expect(Object.values(user.texts('.cachette/trash'))).toEqual(['one']);
    const out = await disk.move(at('mount/file'), at('file'), await lookAt(disk, 'mount/file'));
    expect(out).toEqual({ now: await lookAt(disk, 'file') });
    expect(user.texts()).toEqual({ file: 'two' });
    await disk.move(at('file'), at('mount/back'), await lookAt(disk, 'file'));
    expect(user.texts()).toEqual({ 'mount/back': 'two' });
    expect(await disk.discard(at('mount/back'), await lookAt(disk, 'mount/back'))).toBe('gone');
    expect(user.texts()).toEqual({});
    expect(Object.values(user.texts('.cachette/trash')).toSorted()).toEqual(['one', 'two']);
    expect(await disk.release(at('mount/link'), await lookAt(disk, 'mount/link'))).toBe('gone');
    expect([...user.tree('mount').keys()]).toEqual([]);
    expect(user.texts('.cachette/strays')).toEqual({});
  });

  test('a folder is not moved across, and says why', async () => {
    const fake = fakeDisk();
    const disk = await fake.open();
    fake.user.makeFolder('folder/inner');
    fake.user.makeFolder('mount');
    fake.user.mount('mount');
    await expect(disk.move(at('folder'), at('mount/folder'), await lookAt(disk, 'folder'))).rejects.toMatchObject({
      code: 'E_DISK',
      message: expect.stringContaining('another disk') as string,
    });
  });

  test('killed anywhere, every file is whole and nothing is left over', async () => {
    for (let index = 1, struck = true; struck; index += 1) {
      const fake = fakeDisk();
      const disk = await fake.open();
      fake.user.makeFolder('mount');
      fake.user.mount('mount');
      fake.user.writeFile('mount/file', oldText);
      const before = await lookAt(disk, 'mount/file');
      const run = acts[0]?.prepare;
      expect(run).toBeDefined();
      let count = 0;
      struck = false;
      fake.onCall = () => {
        count += 1;
        if (count === index) {
          struck = true;
          fake.kill();
        }
        return undefined;
      };
      await placeText(disk, 'mount/file', newText, before).catch(() => undefined);
      fake.onCall = () => undefined;
      const next = await fake.open();
      // Until it is cleared, what is left over is not shown.
      const listing = await next.list(at('mount'));
      expect(typeof listing === 'object' ? listing.entries.map((entry) => entry.name) : listing).toEqual(['file']);
      await next.clearStaged();
      expect([...fake.user.tree('mount').keys()]).toEqual(['mount/file']);
      expect([oldText, newText]).toContain(fake.user.readText('mount/file'));
    }
  });
});

test('a record of a left-over that can not be followed keeps nobody from starting', async () => {
  const fake = fakeDisk();
  const disk = await fake.open();
  fake.user.makeFolder('.cachette/strays');
  fake.user.makeFolder('closed');
  const [lost, cleared] = ['1', '2'].map((digit) => `.cachette-${digit.repeat(32)}`);
  fake.user.writeFile(`.cachette/strays/${lost}`, 'closed/file');
  fake.user.writeFile(`.cachette/strays/${cleared}`, 'file');
  fake.user.writeFile(`${cleared}`, 'left over');
  fake.user.setMode('closed', 0o000);
  await disk.clearStaged();
  expect(fake.user.exists(`${cleared}`)).toBe(false);
  expect(Object.keys(fake.user.texts('.cachette/strays'))).toEqual([`.cachette/strays/${lost}`]);
});

test('a staged file is not closed while a write to it is under way', async () => {
  const fake = fakeDisk();
  const disk = await fake.open();
  const staged = await disk.stage(4);
  const { promise: held, resolve: letGo } = Promise.withResolvers<undefined>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
  fake.pause = async ({ verb }) => {
    if (verb !== 'writeFile') return;
    begin(undefined);
    await held;
  };
  const write = staged.write(Buffer.from('text'), 0);
  await begun;
  const discarded = staged.discard();
  letGo(undefined);
  await write;
  await discarded;
  expect(fake.openCount).toBe(0);
  expect(fake.user.texts('.cachette/staged')).toEqual({});
});

test.each([
  ['syncFolder', async (disk: OpenDisk) => disk.makeFolder('folder/new' as DiskPath)],
  ['syncFile', async (disk: OpenDisk) => setTime(disk, 'folder/item' as DiskPath)],
] as const)('after a %s that failed something is written anew before the next one is believed', async (verb, act) => {
  const fake = fakeDisk();
  const disk = await fake.open();
  fake.user.makeFolder('folder');
  fake.user.writeFile('folder/item', oldText);
  await act(disk);
  const calls: string[] = [];
  fake.onCall = (call) => {
    const isFirst = call.verb === verb && !calls.includes(verb);
    calls.push(call.verb);
    return isFirst ? 'EIO' : undefined;
  };
  await expect(disk.settle()).rejects.toMatchObject({ code: 'E_DISK' });
  calls.splice(0, calls.length, verb);
  await disk.settle();
  expect(calls.slice(1).filter((call) => call !== 'statFile')).toEqual(
    verb === 'syncFile' ? expect.arrayContaining(['setFileMode', 'syncFile']) : ['makeFolder', 'removeFolder', 'syncFolder'],
  );
  expect([fake.openCount, Object.keys(fake.user.texts())]).toEqual([0, ['folder/item']]);
});

async function setTime(disk: OpenDisk, path: DiskPath): Promise<void> {
  const now = await disk.look(path);
  if (now?.kind !== 'file') throw new Error('no file there');
  const { kind, identity, fingerprint } = now;
  await disk.setMeta(path, { kind, identity, fingerprint }, { mtimeUs: 5_000_000, executable: true, fromOutside: false });
}

describe('a large file that is brought', () => {
  const portion = Buffer.alloc(32 * 1024 * 1024);
  const bring = async (disk: OpenDisk): Promise<void> => {
    const staged = await disk.stage(3 * portion.byteLength);
    for (let part = 0; part < 3; part += 1) await staged.write(portion, part * portion.byteLength);
    await staged.finish({ mtimeUs: 1, executable: false, fromOutside: false });
    await disk.place(staged, at('large'), 'absent');
  };

  test('goes to the disk while it is written, and not all at its end', async () => {
    const fake = fakeDisk();
    const disk = await fake.open();
    const verbs: string[] = [];
    fake.onCall = ({ verb }) => {
      if (verb === 'writeFile' || verb === 'syncFile') verbs.push(verb);
      return undefined;
    };
    await bring(disk);
    expect(verbs.indexOf('syncFile')).toBeLessThan(verbs.lastIndexOf('writeFile'));
  });

  test('is not whole where some of it could not be kept, though the disk tells that only once', async () => {
    const fake = fakeDisk();
    const disk = await fake.open();
    let isTold = false;
    fake.onCall = ({ verb }) => {
      if (verb !== 'syncFile' || isTold) return undefined;
      isTold = true;
      return 'EIO';
    };
    await expect(bring(disk)).rejects.toMatchObject({ code: 'E_DISK' });
    expect(fake.user.exists('large')).toBe(false);
  });
});
