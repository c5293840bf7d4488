import { describe, expect, test } from 'vitest';
import { linuxPersonality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

function twoDevices(personality = linuxPersonality): { ann: SimDevice; bob: SimDevice; settle: () => Promise<void> } {
  const vault = new SimVault(7);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob', personality);
  return {
    ann,
    bob,
    settle: async () => {
      for (const device of [ann, bob, ann, bob]) await device.sync();
    },
  };
}

/** bob's `top/work` stays for `main.o`, and is nowhere else. */
async function keepForIgnored({ ann, bob, settle }: ReturnType<typeof twoDevices>): Promise<void> {
  ann.user.writeFile('.cachetteignore', '*.o\n');
  ann.user.makeFolder('top/work');
  ann.user.writeFile('top/main.c', 'int main;');
  await settle();
  bob.user.writeFile('top/work/main.o', 'compiled');
  ann.user.removeTree('top/work');
  await settle();
  expect([ann, bob].map(({ user }) => user.exists('top/work'))).toEqual([false, true]);
}

describe('what .cachetteignore says', () => {
  test('keeps out what is new, here and there, and is itself synced', async () => {
    const { ann, bob, settle } = twoDevices();
    ann.user.writeFile('.cachetteignore', '*.log\nbuild/\n');
    ann.user.writeFile('a.log', 'noise');
    ann.user.writeFile('a.txt', 'text');
    ann.user.makeFolder('build');
    ann.user.writeFile('build/x', 'made');
    await settle();
    bob.user.writeFile('b.log', 'noise of bob');
    await settle();
    expect(bob.user.texts()).toEqual({ '.cachetteignore': '*.log\nbuild/\n', 'a.txt': 'text', 'b.log': 'noise of bob' });
    expect(ann.user.exists('b.log')).toBe(false);
    expect(ann.user.readText('build/x')).toBe('made');
  });

  test('leaves alone what was synced before the rule came, also where the index is lost that would know of it', async () => {
    const { ann, bob, settle } = twoDevices();
    ann.user.makeFolder('build/deep');
    ann.user.writeFile('build/deep/x', 'v1');
    ann.user.writeFile('a.log', 'v1');
    await settle();
    ann.user.writeFile('.cachetteignore', '*.log\nbuild/\n');
    await settle();
    ann.user.writeFile('b.log', 'never synced');
    ann.loseIndex();
    await settle();
    expect([ann.index.problems.list(9), ann.index.dirty.count()]).toEqual([[], 0]);
    ann.user.writeFile('build/deep/x', 'v2');
    bob.user.writeFile('a.log', 'v2');
    bob.user.writeFile('b.log', 'by bob');
    await settle();
    expect(bob.user.texts()).toEqual({ ...ann.user.texts(), 'b.log': 'by bob' });
    expect(ann.user.texts()).toMatchObject({ 'a.log': 'v2', 'build/deep/x': 'v2', 'b.log': 'never synced' });
  });

  test('leaves alone what was synced before the rule came', async () => {
    const { ann, bob, settle } = twoDevices();
    ann.user.writeFile('a.log', 'v1');
    await settle();
    ann.user.writeFile('.cachetteignore', '*.log\n');
    await settle();
    bob.user.writeFile('a.log', 'v2');
    await settle();
    expect(ann.user.readText('a.log')).toBe('v2');
  });

  test('takes out of the vault what is moved into an ignored place, and never deletes it there', async () => {
    const { ann, bob, settle } = twoDevices();
    ann.user.writeFile('.cachetteignore', 'private/\n');
    ann.user.makeFolder('private');
    ann.user.writeFile('diary', 'dear diary');
    await settle();
    expect(bob.user.exists('diary')).toBe(true);
    ann.user.rename('diary', 'private/diary');
    await settle();
    expect(bob.user.exists('diary')).toBe(false);
    expect(ann.user.readText('private/diary')).toBe('dear diary');
  });

  describe.each([true, false])('on a disk that tells files apart by birth times: %s', (hasBirthTimes) => {
    test('a folder that stayed for the ignored things in it is the folder that is made there again', async () => {
      const { ann, bob, settle } = twoDevices({ ...linuxPersonality, hasBirthTimes });
      ann.user.writeFile('.cachetteignore', '*.o\n');
      ann.user.makeFolder('work');
      ann.user.writeFile('work/main.c', 'int main;');
      await settle();
      bob.user.writeFile('work/main.o', 'compiled');
      ann.user.removeTree('work');
      await settle();
      ann.user.makeFolder('work');
      ann.user.writeFile('work/new.c', 'int more;');
      await settle();
      expect(bob.user.texts('work')).toEqual({ 'work/main.o': 'compiled', 'work/new.c': 'int more;' });
      expect(bob.index.problems.count()).toBe(0);
      expect(bob.index.dirty.count()).toBe(0);
    });

    test('a folder that stayed for the ignored things in it goes when the last of them went', async () => {
      const { ann, bob, settle } = twoDevices({ ...linuxPersonality, hasBirthTimes });
      ann.user.writeFile('.cachetteignore', '*.o\n');
      ann.user.makeFolder('work/below');
      ann.user.writeFile('work/below/main.c', 'int main;');
      await settle();
      bob.user.writeFile('work/below/main.o', 'compiled');
      ann.user.removeTree('work');
      await settle();
      expect(bob.user.exists('work/below/main.o')).toBe(true);
      bob.user.remove('work/below/main.o');
      await settle();
      await settle();
      expect(bob.user.exists('work')).toBe(false);
      expect(ann.user.exists('work')).toBe(false);
    });

    test('a folder removed there stays here for the ignored things in it, and does not come back there', async () => {
      const { ann, bob, settle } = twoDevices({ ...linuxPersonality, hasBirthTimes });
      ann.user.writeFile('.cachetteignore', '*.o\n');
      ann.user.makeFolder('work');
      ann.user.writeFile('work/main.c', 'int main;');
      await settle();
      bob.user.writeFile('work/main.o', 'compiled');
      ann.user.removeTree('work');
      await settle();
      expect(bob.user.texts()).toEqual({ '.cachetteignore': '*.o\n', 'work/main.o': 'compiled' });
      await settle();
      expect(ann.user.exists('work')).toBe(false);
      bob.user.writeFile('work/new.c', 'again');
      await settle();
      expect(ann.user.texts()).toEqual({ '.cachetteignore': '*.o\n', 'work/new.c': 'again' });
    });

    test('a folder that stayed for the ignored things in it does not come back when another item beside it is looked at', async () => {
      const { ann, bob, settle } = twoDevices({ ...linuxPersonality, hasBirthTimes });
      await keepForIgnored({ ann, bob, settle });
      bob.user.writeFile('top/other', 'new');
      await bob.sync({ hints: ['top/other'] });
      await settle();
      expect(ann.user.texts('top')).toEqual({ 'top/main.c': 'int main;', 'top/other': 'new' });
      expect(ann.user.exists('top/work')).toBe(false);
    });

    test('a folder that stayed for the ignored things in it does not come back when another device moves the one that it is in', async () => {
      const { ann, bob, settle } = twoDevices({ ...linuxPersonality, hasBirthTimes });
      await keepForIgnored({ ann, bob, settle });
      ann.user.rename('top', 'new');
      await settle();
      await settle();
      expect(bob.user.readText('new/work/main.o')).toBe('compiled');
      expect(ann.user.exists('new/work')).toBe(false);
      expect(bob.index.dirty.count()).toBe(0);
      bob.user.remove('new/work/main.o');
      await settle();
      await settle();
      expect(bob.user.exists('new/work')).toBe(false);
    });

    test('and not where the run that moved it was killed right after', async () => {
      const { ann, bob, settle } = twoDevices({ ...linuxPersonality, hasBirthTimes });
      await keepForIgnored({ ann, bob, settle });
      ann.user.rename('top', 'new');
      await ann.sync();
      expect(await bob.sync({ disturb: () => (bob.user.exists('new') ? 'kill' : undefined) })).toBe('killed');
      await settle();
      await settle();
      expect(bob.user.readText('new/work/main.o')).toBe('compiled');
      expect(ann.user.exists('new/work')).toBe(false);
    });
  });

  test('a rule that goes lets in what it kept out', async () => {
    const { ann, bob, settle } = twoDevices();
    ann.user.writeFile('.cachetteignore', '*.log\n');
    ann.user.writeFile('a.log', 'noise');
    await settle();
    expect(bob.user.exists('a.log')).toBe(false);
    ann.user.writeFile('.cachetteignore', '\n');
    await settle();
    await settle();
    expect(bob.user.readText('a.log')).toBe('noise');
  });
});
