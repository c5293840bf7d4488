import { describe, expect, test } from 'vitest';
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
