import { describe, expect, test } from 'vitest';
import { openConflicts } from '../../src/engine/open-conflicts.ts';
import { inLimbo } from '../../src/engine/scan/limbo.ts';
import { rootId } from '../../src/model/ids.ts';
import { nameFromBytes } from '../../src/model/name.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

/** Two devices in sync, and which node stands at a path of the first. */
async function inSync(): Promise<{ ann: SimDevice; bob: SimDevice; nodeAt: (path: string) => string | undefined }> {
  const vault = new SimVault(23);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  ann.user.makeFolder('dir');
  ann.user.makeFolder('other');
  for (let at = 0; at < 120; at += 1) ann.user.writeFile(`dir/${at}`, `number ${at}`);
  ann.user.writeFile('file', 'v1');
  for (const device of [ann, bob, ann]) await device.sync();
  const nodeAt = (path: string): string | undefined => {
    let id: string | undefined = rootId;
    for (const name of path.split('/'))
      id = id === undefined ? undefined : ann.index.local.childNamed(id as typeof rootId, nameFromBytes(Buffer.from(name)))?.id;
    return id;
  };
  return { ann, bob, nodeAt };
}

describe('hints where to look, one by one', () => {
  for (const [name, to] of [
    ['in its folder', 'dir2'],
    ['into another folder', 'other/dir'],
  ] as const) {
    for (const order of ['old', 'new'] as const) {
      test(`a folder renamed ${name} stays itself, when the ${order} name is heard of first`, async () => {
        const { ann, bob, nodeAt } = await inSync();
        const [folder, child] = [nodeAt('dir'), nodeAt('dir/7')];
        ann.user.rename('dir', to);
        const names = ['dir', to];
        for (const path of order === 'old' ? names : names.toReversed()) await ann.look(path);
        expect([nodeAt(to), nodeAt(`${to}/7`)]).toEqual([folder, child]);
        expect(ann.index.massChange.countHeld()).toBe(0);
        await bob.sync();
        expect(bob.user.texts()).toEqual(ann.user.texts());
      });
    }
  }

  test.each(['other', 'third/other'])(
    'a moved file is found where it rests, in %s, when the folder that it came from is looked at first',
    async (place) => {
      const { ann, bob, nodeAt } = await inSync();
      ann.user.makeFolder('third');
      await ann.sync();
      const file = nodeAt('dir/7');
      ann.user.rename('dir/7', 'other/7');
      ann.user.rename('dir', 'dir2');
      if (place !== 'other') ann.user.rename('other', place);
      ann.user.writeFile('third/new', 'that is being written');
      await ann.sync({ hints: ['dir', 'dir2'], resting: ['dir/7', 'other/7', 'other', place, 'third/new'] });
      expect([nodeAt(`${place}/7`), nodeAt('third/new')]).toEqual([file, undefined]);
      await bob.sync();
      expect(bob.user.exists(`${place}/7`)).toBe(true);
    },
  );

  test('what a scan that was broken off was looking for is looked for everywhere by the next one', async () => {
    const { ann, nodeAt } = await inSync();
    const [file, folder] = [nodeAt('file'), nodeAt('dir')];
    ann.user.rename('file', 'other/moved');
    ann.user.rename('dir', 'other/dir');
    for (const id of [file, folder]) {
      const row = ann.index.local.find(id as typeof rootId);
      if (row !== undefined) ann.index.local.write(inLimbo(row));
    }
    await ann.look('nothing here');
    expect([nodeAt('other/moved'), nodeAt('other/dir')]).toEqual([file, folder]);
  });

  test('a moved file that is in a conflict stays itself, and in conflict, when its old name alone is heard of', async () => {
    const { ann, bob } = await inSync();
    ann.user.writeFile('file', 'by ann');
    bob.user.writeFile('file', 'by bob');
    for (const device of [ann, bob, ann]) await device.sync();
    const [conflict] = openConflicts(ann.index);
    const [copy] = Object.keys(ann.user.texts()).filter((path) => path.includes('conflict'));
    if (copy === undefined) throw new Error('no conflict');
    ann.user.rename(copy, 'dir/mine');
    await ann.look(copy);
    expect(openConflicts(ann.index)).toEqual([conflict]);
    ann.user.rename('file', 'dir/theirs');
    await ann.look('file');
    expect(openConflicts(ann.index)).toEqual([conflict]);
    await bob.sync();
    expect(bob.user.texts()).toEqual(ann.user.texts());
  });

  test('also when the conflict is news of the vault', async () => {
    const { ann, bob } = await inSync();
    bob.user.makeFolder('dir/new');
    ann.user.rename('file', 'dir/new');
    await ann.sync();
    ann.user.rename('dir/new', 'other/moved');
    await bob.sync();
    expect(openConflicts(bob.index)).toHaveLength(1);
    await ann.look('dir/new');
    expect(openConflicts(ann.index)).toEqual(openConflicts(bob.index));
    for (const device of [bob, ann]) await device.sync();
    expect(openConflicts(bob.index)).toHaveLength(1);
    // The first move holds.
    expect(Object.values(bob.user.texts()).filter((text) => text === 'v1')).toEqual(['v1']);
  });

  test('also when its folder is looked at for another file, which was not as expected', async () => {
    const { ann, bob } = await inSync();
    ann.user.writeFile('dir/7', 'by ann');
    bob.user.writeFile('dir/7', 'by bob');
    for (const device of [ann, bob, ann]) await device.sync();
    const [conflict] = openConflicts(ann.index);
    const [copy = ''] = Object.keys(ann.user.texts()).filter((path) => path.includes('conflict'));
    bob.user.writeFile('dir/8', 'edited');
    await bob.sync();
    let isMoved = false;
    await ann.sync({
      hints: ['nothing here'],
      disturb: ({ path }) => {
        if (path !== 'dir/8' || isMoved) return undefined;
        isMoved = true;
        ann.user.remove('dir/8');
        ann.user.rename(copy, 'other/mine');
        return undefined;
      },
    });
    expect([isMoved, ann.user.readText('dir/8'), openConflicts(ann.index)]).toEqual([true, 'edited', [conflict]]);
    await ann.sync();
    expect(openConflicts(ann.index)).toEqual([conflict]);
  });

  test('a moved file is found where it rests also by a look that a pass takes at the folder on its way', async () => {
    const { ann, bob, nodeAt } = await inSync();
    const file = nodeAt('dir/7');
    bob.user.writeFile('dir/5', 'edited');
    await bob.sync();
    let isMoved = false;
    await ann.sync({
      hints: ['file'],
      resting: ['dir/7', 'other/7'],
      disturb: ({ mutates, path, toPath }) => {
        if (isMoved || !mutates || ![path, toPath].includes('dir/5')) return undefined;
        isMoved = true;
        ann.user.append('dir/5', ' here');
        ann.user.rename('dir/7', 'other/7');
        return undefined;
      },
    });
    expect([isMoved, nodeAt('dir/7'), nodeAt('other/7')]).toEqual([true, undefined, file]);
  });

  describe('of what is removed, and not moved away', () => {
    /** How often a folder is looked into that has nothing to do with it. */
    async function looksElsewhere(ann: SimDevice, looks: Parameters<SimDevice['sync']>[0]): Promise<number> {
      let count = 0;
      ann.onCall = ({ verb, path }) => {
        if (verb === 'openFolder' && path.startsWith('dir')) count += 1;
      };
      await ann.sync(looks);
      ann.onCall = () => undefined;
      return count;
    }

    test('nobody looks elsewhere for a folder, nor for the copy of a conflict, and both are gone', async () => {
      const { ann, bob } = await inSync();
      ann.user.makeFolder('other/in');
      ann.user.writeFile('other/in/it', 'in it');
      await ann.sync();
      ann.user.removeTree('other');
      const removed = ['other/in/it', 'other/in', 'other'];
      expect(await looksElsewhere(ann, { hints: ['other'], removed })).toBe(0);
      ann.user.writeFile('file', 'by ann');
      await bob.sync();
      expect(bob.user.exists('other')).toBe(false);
      bob.user.writeFile('file', 'by bob');
      for (const device of [ann, bob, ann]) await device.sync();
      const [copy = ''] = Object.keys(ann.user.texts()).filter((path) => path.includes('conflict'));
      ann.user.remove(copy);
      expect(await looksElsewhere(ann, { hints: [copy], removed: [copy] })).toBe(0);
      await bob.sync();
      expect([openConflicts(bob.index), bob.user.exists(copy)]).toEqual([[], false]);
    });

    test('what was taken out of a folder before that went is found elsewhere, and stays itself', async () => {
      const { ann, nodeAt } = await inSync();
      ann.user.makeFolder('other/in');
      ann.user.writeFile('other/in/it', 'in it');
      await ann.sync();
      const node = nodeAt('other/in/it');
      ann.user.rename('other/in/it', 'dir/it');
      ann.user.removeTree('other');
      await ann.sync({ hints: ['other'], removed: ['other/in', 'other'] });
      expect(nodeAt('dir/it')).toBe(node);
    });
  });

  test('a removed file is removed, a removed folder too, and nothing else is', async () => {
    const { ann, bob } = await inSync();
    ann.user.remove('file');
    ann.user.removeTree('other');
    await ann.look('file');
    await ann.look('other');
    await bob.sync();
    expect(bob.user.exists('file')).toBe(false);
    expect(bob.user.exists('other')).toBe(false);
    expect(Object.keys(bob.user.texts())).toHaveLength(120);
  });

  test('a hint for what is in a folder without rights leaves that as it was known, and all else goes on', async () => {
    const { ann, bob } = await inSync();
    ann.user.writeFile('dir/7', 'edited');
    ann.user.writeFile('file', 'v2');
    ann.user.setMode('dir', 0);
    await ann.look('dir/7', 'file');
    await bob.sync();
    expect([bob.user.readText('file'), bob.user.readText('dir/7')]).toEqual(['v2', 'number 7']);
    ann.user.setMode('dir', 0o755);
    for (const device of [ann, bob]) await device.sync();
    expect(bob.user.readText('dir/7')).toBe('edited');
  });

  test('a hint for a path that never was, or that is no path of ours, changes nothing', async () => {
    const { ann, bob } = await inSync();
    await ann.look('no/such/thing', 'dir/7/below a file', '.cachette/mark');
    expect(ann.index.dirty.count()).toBe(0);
    await bob.sync();
    expect(bob.user.texts()).toEqual(ann.user.texts());
  });
});
