import { describe, expect, test } from 'vitest';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { linuxPersonality, plainPersonality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

interface World {
  readonly ann: SimDevice;
  /** With another disk mounted on `disk` in the folder. */
  readonly bob: SimDevice;
  readonly settle: () => Promise<void>;
}

async function withMountedDisk(how: 'mount' | 'bindMount' = 'mount', personality = linuxPersonality): Promise<World> {
  const vault = new SimVault(51);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob', personality);
  const settle = async (): Promise<void> => {
    for (const device of [bob, ann, bob, ann]) await device.sync();
  };
  bob.user.makeFolder('top/disk');
  bob.user[how]('top/disk');
  bob.user.makeFolder('top/disk/sub');
  bob.user.writeFile('top/disk/file', 'f');
  bob.user.writeFile('top/disk/sub/deep', 'd');
  bob.user.writeFile('top/other', 'o');
  await settle();
  expect(ann.user.texts()).toEqual(all);
  return { ann, bob, settle };
}

function nodeAt({ index }: SimDevice, ...names: readonly string[]): NodeId {
  return names.reduce<NodeId>((at, name) => index.remote.childNamed(at, name as NodeName)?.id ?? rootId, rootId);
}

const all = { 'top/disk/file': 'f', 'top/disk/sub/deep': 'd', 'top/other': 'o' };

describe('a disk mounted inside the folder', () => {
  test.each(['mount', 'bindMount'] as const)(
    'is unmounted (%s): nothing is removed anywhere, one problem says so, and the rest goes on',
    async (how) => {
      const { ann, bob, settle } = await withMountedDisk(how);
      const disk = bob.user.unmount('top/disk');
      bob.user.writeFile('top/other', 'o2');
      await settle();
      expect(ann.user.texts()).toEqual({ ...all, 'top/other': 'o2' });
      expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_MOUNT_GONE', path: 'top/disk' }]);
      bob.user.mount('top/disk', disk);
      await settle();
      expect(bob.index.problems.count()).toBe(0);
      expect(bob.user.texts()).toEqual({ ...all, 'top/other': 'o2' });
    },
  );

  test.each(['mount', 'bindMount'] as const)(
    'what others change meanwhile arrives when it is back (%s), and not in the empty folder',
    async (how) => {
      const { ann, bob, settle } = await withMountedDisk(how);
      const disk = bob.user.unmount('top/disk');
      await bob.sync();
      ann.user.writeFile('top/disk/file', 'f2');
      ann.user.writeFile('top/disk/new', 'n');
      ann.user.remove('top/disk/sub/deep');
      await settle();
      expect(bob.user.texts()).toEqual({ 'top/other': 'o' });
      expect(bob.index.dirty.count()).toBeGreaterThan(0);
      bob.user.mount('top/disk', disk);
      await settle();
      expect(bob.user.texts()).toEqual({ 'top/disk/file': 'f2', 'top/disk/new': 'n', 'top/other': 'o' });
      expect(ann.user.texts()).toEqual(bob.user.texts());
      expect(bob.index.dirty.count()).toBe(0);
    },
  );

  test.each([
    ['with every kind of rename', linuxPersonality],
    ['with those alone that replace what is there', plainPersonality],
    ['with no second name for a file', { ...plainPersonality, hasHardLinks: false }],
  ])('holds what is renamed there once (%s)', async (_, personality) => {
    const { ann, bob, settle } = await withMountedDisk('mount', personality);
    ann.user.rename('top/disk/file', 'top/disk/renamed');
    ann.user.rename('top/disk/sub/deep', 'top/disk/moved');
    await ann.sync();
    await bob.sync();
    const renamed = { 'top/disk/renamed': 'f', 'top/disk/moved': 'd', 'top/other': 'o' };
    expect(bob.user.texts()).toEqual(renamed);
    await settle();
    expect([ann.user.texts(), bob.user.texts()]).toEqual([renamed, renamed]);
  });

  test('what a watcher tells of it when it is mounted once more is believed, with nothing else looked at', async () => {
    const { ann, bob, settle } = await withMountedDisk('bindMount');
    const disk = bob.user.unmount('top/disk');
    await bob.look('top/disk');
    bob.user.mount('top/disk', disk);
    await bob.look('top/disk');
    bob.user.writeFile('top/disk/file', 'f2');
    await bob.look('top/disk/file');
    await ann.sync();
    expect(ann.user.texts()).toEqual({ ...all, 'top/disk/file': 'f2' });
    await settle();
    expect(bob.index.problems.count()).toBe(0);
  });

  test('mounted once more between two looks, it shows what it holds at the next look at everything', async () => {
    const { ann, bob, settle } = await withMountedDisk('bindMount');
    bob.user.mount('top/disk', bob.user.unmount('top/disk'));
    bob.user.writeFile('top/disk/file', 'f2');
    await bob.look('top/disk/file');
    await settle();
    expect(ann.user.texts()).toEqual({ ...all, 'top/disk/file': 'f2' });
    expect(bob.index.problems.count()).toBe(0);
  });

  test.each(['empty', 'gone'])(
    'is gone for good: its folder, %s now, is left out, stays in the vault, and can be brought back',
    async (how) => {
      const { ann, bob, settle } = await withMountedDisk();
      const folder = nodeAt(bob, 'top', 'disk');
      // What was not uploaded yet went with the disk.
      bob.user.writeFile('top/disk/unsynced', 'u');
      bob.user.unmount('top/disk');
      if (how === 'gone') bob.user.removeTree('top/disk');
      await settle();
      expect(bob.index.problems.list(9)).toMatchObject([{ action: expect.stringContaining("selective exclude 'top/disk'") as string }]);
      bob.index.leftOut.choose(folder, 'left-out');
      await settle();
      expect([bob.index.problems.count(), bob.index.dirty.count(), ann.user.texts()]).toEqual([0, 0, all]);
      expect(bob.user.texts()).toEqual({ 'top/other': 'o' });
      bob.index.leftOut.choose(folder, 'included');
      await settle();
      expect([bob.user.texts(), ann.user.texts(), bob.index.problems.count()]).toEqual([all, all, 0]);
    },
  );

  test('is away, its folder left out, and nothing can be said of its place: it is waited for, and all else goes on', async () => {
    const { ann, bob, settle } = await withMountedDisk();
    const folder = nodeAt(bob, 'top', 'disk');
    bob.user.unmount('top/disk');
    await settle();
    bob.index.leftOut.choose(folder, 'left-out');
    ann.user.writeFile('top/other', 'o2');
    await ann.sync();
    await bob.sync({ disturb: ({ port, path }) => (port === 'disk' && path === 'top/disk' ? { errno: 'EIO' } : undefined) });
    expect(bob.user.texts()).toEqual({ 'top/other': 'o2' });
    expect(bob.index.mounts.away()).toEqual([folder]);
    await settle();
    expect([bob.index.mounts.away(), bob.index.problems.count(), ann.user.texts()]).toEqual([[], 0, { ...all, 'top/other': 'o2' }]);
  });

  test('is away, its folder left out, and another disk in its place: that is not taken for it', async () => {
    const { ann, bob, settle } = await withMountedDisk();
    const folder = nodeAt(bob, 'top', 'disk');
    bob.user.unmount('top/disk');
    bob.user.mount('top/disk');
    bob.user.writeFile('top/disk/private', 'p');
    bob.index.leftOut.choose(folder, 'left-out');
    await settle();
    expect([ann.user.texts(), bob.user.texts()]).toEqual([all, { 'top/disk/private': 'p', 'top/other': 'o' }]);
    expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_MOUNT_GONE' }]);
  });

  test.each(['with something written into the empty folder', 'with the empty folder gone, too', 'with another disk in its place'])(
    'is away, %s: still nothing is removed',
    async (how) => {
      const { ann, bob, settle } = await withMountedDisk();
      const disk = bob.user.unmount('top/disk');
      if (how.includes('written')) {
        bob.user.makeFolder('top/disk/sub');
        bob.user.writeFile('top/disk/stray', 's');
      } else if (how.includes('gone')) bob.user.removeTree('top/disk');
      else bob.user.mount('top/disk');
      await settle();
      await bob.look('top/disk', 'top/disk/file', 'top/disk/sub');
      await settle();
      expect(ann.user.texts()).toEqual(all);
      expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_MOUNT_GONE' }]);
      if (how.includes('gone')) bob.user.makeFolder('top/disk');
      if (how.includes('another')) bob.user.unmount('top/disk');
      bob.user.mount('top/disk', disk);
      await settle();
      expect(bob.user.texts()).toEqual(all);
      expect(bob.index.problems.count()).toBe(0);
    },
  );

  test('goes away while the folder is looked at, at any moment', async () => {
    for (let at = 1; at < 400; at += 7) {
      const { ann, bob } = await withMountedDisk();
      let calls = 0;
      bob.disk.onCall = () => {
        calls += 1;
        if (calls === at) bob.user.unmount('top/disk');
        return undefined;
      };
      await bob.sync();
      bob.disk.onCall = () => undefined;
      if (calls < at) return;
      await bob.sync();
      await ann.sync();
      expect(ann.user.texts()).toEqual(all);
    }
  });

  test('hints from the empty folder are not believed', async () => {
    const { ann, bob } = await withMountedDisk();
    bob.user.unmount('top/disk');
    await bob.look('top/disk/file', 'top/disk/sub/deep');
    await bob.look('top/disk/sub');
    await bob.look('top/disk');
    await ann.sync();
    expect(ann.user.texts()).toEqual(all);
  });

  test('a folder that is removed while the disk in it is away takes nothing of the disk along', async () => {
    const { ann, bob, settle } = await withMountedDisk();
    bob.user.unmount('top/disk');
    bob.user.removeTree('top');
    await settle();
    expect(ann.user.texts()).toEqual({ 'top/disk/file': 'f', 'top/disk/sub/deep': 'd' });
  });

  test('is mounted over a folder: what it hides is not taken for removed', async () => {
    const { ann, bob, settle } = await withMountedDisk();
    bob.user.makeFolder('plain');
    bob.user.writeFile('plain/file', 'p');
    await settle();
    bob.user.mount('plain');
    bob.user.writeFile('plain/else', 'e');
    await settle();
    expect(ann.user.texts()).toEqual({ ...all, 'plain/file': 'p' });
    expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_MOUNT_GONE', path: 'plain' }]);
    bob.user.unmount('plain');
    await settle();
    expect(bob.index.problems.count()).toBe(0);
    expect(bob.user.texts()).toEqual(ann.user.texts());
  });

  test('the whole folder is one that is not mounted: refused, and nothing is removed', async () => {
    const { ann, bob } = await withMountedDisk();
    const away = bob.user.showMountPoint();
    await expect(bob.sync()).rejects.toMatchObject({ code: 'E_FOLDER_MISSING', exitCode: 1 });
    away.bringBack();
    await bob.sync();
    await ann.sync();
    expect(ann.user.texts()).toEqual(all);
  });
});
