import { describe, expect, test } from 'vitest';
import { confirmMassChange, rejectMassChange } from '../../src/engine/brake/mass-change-guard.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

interface World {
  readonly vault: SimVault;
  readonly ann: SimDevice;
  readonly bob: SimDevice;
  readonly settle: () => Promise<void>;
}

/** Two devices that share a folder of so many files. */
async function worldOf(files: number): Promise<World> {
  const vault = new SimVault(11);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) await device.sync();
  };
  ann.user.makeFolder('many');
  for (let at = 0; at < files; at += 1) ann.user.writeFile(`many/${at}`, `file number ${at}${'.'.repeat(at)}`);
  ann.user.writeFile('other', 'v1');
  await settle();
  return { vault, ann, bob, settle };
}

function countFiles({ user }: SimDevice): number {
  return Object.keys(user.texts('many')).length;
}

describe('a mass change', () => {
  test('is held back on the device where it was made, while everything else goes on', async () => {
    const { ann, bob, settle } = await worldOf(101);
    for (let at = 0; at < 51; at += 1) ann.user.remove(`many/${at}`);
    ann.user.writeFile('other', 'v2');
    await settle();
    expect(ann.index.massChange.countHeld()).toBe(51);
    expect(countFiles(bob)).toBe(101);
    expect(bob.user.readText('other')).toBe('v2');
  });

  test('of half a folder, or in a folder of a hundred, needs no word', async () => {
    const { ann, bob, settle } = await worldOf(102);
    for (let at = 0; at < 51; at += 1) ann.user.remove(`many/${at}`);
    await settle();
    expect(ann.index.massChange.countHeld()).toBe(0);
    expect(countFiles(bob)).toBe(51);
    bob.user.removeTree('many');
    await settle();
    expect(ann.user.exists('many')).toBe(false);
  });

  test('that is confirmed goes on, and asks again on each device that would lose files', async () => {
    const { ann, bob, settle } = await worldOf(101);
    ann.user.removeTree('many');
    await settle();
    expect(confirmMassChange(ann.index)).toBe(101);
    await settle();
    expect(ann.index.massChange.countHeld()).toBe(0);
    expect(bob.index.massChange.countHeld()).toBe(101);
    expect(countFiles(bob)).toBe(101);
    confirmMassChange(bob.index);
    await settle();
    expect(bob.user.exists('many')).toBe(false);
  });

  test('that is rejected where it was made brings the files back', async () => {
    const { ann, settle } = await worldOf(101);
    ann.user.removeTree('many');
    await settle();
    expect(rejectMassChange(ann.index)).toBe(101);
    await settle();
    expect(countFiles(ann)).toBe(101);
    expect(ann.user.readText('many/7')).toBe('file number 7.......');
  });

  test('that is rejected where it would arrive publishes the files again', async () => {
    const { ann, bob, settle } = await worldOf(101);
    ann.user.removeTree('many');
    await settle();
    confirmMassChange(ann.index);
    await settle();
    rejectMassChange(bob.index);
    await settle();
    expect(countFiles(bob)).toBe(101);
    expect(countFiles(ann)).toBe(101);
  });

  test('by overwriting is one too, and a rejected one brings the old contents back', async () => {
    const { ann, bob, settle } = await worldOf(101);
    for (let at = 0; at < 60; at += 1) ann.user.writeFile(`many/${at}`, `encrypted ${at}`);
    await settle();
    expect(ann.index.massChange.countHeld()).toBe(60);
    expect(bob.user.readText('many/3')).toBe('file number 3...');
    rejectMassChange(ann.index);
    await settle();
    expect(ann.user.readText('many/3')).toBe('file number 3...');
    expect(bob.user.texts()).toEqual(ann.user.texts());
  });

  test('never is a rename, a touch, or a folder put elsewhere', async () => {
    const { ann, bob, settle } = await worldOf(101);
    ann.user.rename('many', 'elsewhere');
    await settle();
    for (let at = 0; at < 101; at += 1) ann.user.setTime(`elsewhere/${at}`, 1_600_000_000_000_000);
    await settle();
    for (let at = 0; at < 101; at += 1) bob.user.rename(`elsewhere/${at}`, `elsewhere/moved ${at}`);
    await settle();
    expect(ann.index.massChange.countHeld() + bob.index.massChange.countHeld()).toBe(0);
    expect(ann.user.texts()).toEqual(bob.user.texts());
    expect(Object.keys(ann.user.texts())).toContain('elsewhere/moved 7');
  });

  test('never is a folder copied elsewhere and deleted', async () => {
    const { ann, bob, settle } = await worldOf(101);
    const texts = ann.user.texts('many');
    ann.user.removeTree('many');
    ann.user.makeFolder('elsewhere');
    for (const [path, text] of Object.entries(texts)) ann.user.writeFile(path.replace('many/', 'elsewhere/'), text);
    await settle();
    expect(ann.index.massChange.countHeld()).toBe(0);
    expect(Object.values(bob.user.texts('elsewhere'))).toEqual(Object.values(texts));
    expect(bob.user.exists('many')).toBe(false);
  });

  test('is not made of what was copied elsewhere and deleted: the few that went for good beside that need no word', async () => {
    const { ann, bob, settle } = await worldOf(101);
    const texts = Object.entries(ann.user.texts('many')).slice(0, 60);
    ann.user.makeFolder('elsewhere');
    for (const [at, [path, text]] of texts.entries()) {
      ann.user.remove(path);
      if (at < 40) ann.user.writeFile(path.replace('many/', 'elsewhere/'), text);
    }
    await settle();
    expect([ann.index.massChange.countHeld(), countFiles(bob), Object.keys(bob.user.texts('elsewhere')).length]).toEqual([0, 41, 40]);
  });

  test('is held over a restart, and let go of when the files come back by themselves', async () => {
    const { ann, settle } = await worldOf(101);
    ann.user.rename('many', '.cachette/aside');
    await settle();
    expect(ann.index.massChange.countHeld()).toBe(101);
    ann.user.rename('.cachette/aside', 'many');
    await settle();
    expect(ann.index.massChange.countHeld()).toBe(0);
    expect(countFiles(ann)).toBe(101);
  });

  test('that waits is not gone through with every news, and its folders go when it does', async () => {
    const { ann, bob, settle } = await worldOf(101);
    ann.user.removeTree('many');
    await settle();
    expect([ann.index.massChange.countHeld(), ann.index.dirty.count(), ann.index.dirty.take(200)]).toEqual([101, 102, []]);
    bob.user.writeFile('other', 'v2');
    await settle();
    expect([ann.user.readText('other'), ann.index.dirty.take(200)]).toEqual(['v2', []]);
    confirmMassChange(ann.index);
    await settle();
    confirmMassChange(bob.index);
    await settle();
    expect([ann.user.exists('many'), bob.user.exists('many'), ann.index.dirty.count()]).toEqual([false, false, 0]);
  });

  test('that comes little by little is one: what is held already counts', async () => {
    const { ann, bob, settle } = await worldOf(101);
    for (let at = 0; at < 51; at += 1) ann.user.remove(`many/${at}`);
    await settle();
    for (let at = 51; at < 54; at += 1) ann.user.remove(`many/${at}`);
    await settle();
    expect([ann.index.massChange.countHeld(), countFiles(bob)]).toEqual([54, 101]);
    for (let at = 0; at < 54; at += 1) ann.user.writeFile(`many/${at}`, `file number ${at}${'.'.repeat(at)}`);
    await settle();
    expect([ann.index.massChange.countHeld(), ann.index.dirty.count(), countFiles(bob)]).toEqual([0, 0, 101]);
  });

  test('that is only seen in the middle of a run is held back as well', async () => {
    const { ann, bob, settle } = await worldOf(101);
    ann.user.writeFile('many/new', 'new');
    let isDone = false;
    await ann.sync({
      disturb: ({ verb, path }) => {
        if (!isDone && verb === 'openFile' && path === 'many/new') {
          isDone = true;
          ann.user.removeTree('many');
        }
        return undefined;
      },
    });
    expect([isDone, ann.index.massChange.countHeld()]).toEqual([true, 101]);
    await settle();
    expect(countFiles(bob)).toBe(101);
  });

  test('by removing is not hidden by new files that are only as long', async () => {
    const { ann, bob, settle } = await worldOf(101);
    ann.user.removeTree('many');
    ann.user.makeFolder('encrypted');
    for (let at = 0; at < 101; at += 1) ann.user.writeFile(`encrypted/${at}`, `FILE NUMBER ${at}${'.'.repeat(at)}`);
    await settle();
    expect([ann.index.massChange.countHeld(), countFiles(bob)]).toEqual([101, 101]);
    expect(Object.keys(bob.user.texts('encrypted')).length).toBe(101);
  });

  test('may be made of removed and of overwritten files', async () => {
    const { ann, bob, settle } = await worldOf(101);
    for (let at = 0; at < 30; at += 1) ann.user.remove(`many/${at}`);
    for (let at = 30; at < 60; at += 1) ann.user.writeFile(`many/${at}`, `encrypted ${at}`);
    await settle();
    expect([ann.index.massChange.countHeld(), countFiles(bob)]).toEqual([60, 101]);
    expect(bob.user.readText('many/30')).toBe(`file number 30${'.'.repeat(30)}`);
  });

  test('that was rejected elsewhere needs no word here any more', async () => {
    const { ann, bob, vault } = await worldOf(101);
    const cleo = new SimDevice(vault, 'cleo');
    await cleo.sync();
    ann.user.removeTree('many');
    await ann.sync();
    confirmMassChange(ann.index);
    for (const device of [ann, bob, cleo]) await device.sync();
    expect(cleo.index.massChange.countHeld()).toBe(101);
    rejectMassChange(bob.index);
    for (const device of [bob, cleo, ann]) await device.sync();
    expect([cleo.index.massChange.countHeld(), countFiles(cleo), countFiles(ann)]).toEqual([0, 101, 101]);
  });

  test('that is rejected makes no copies of files that came back and were changed meanwhile', async () => {
    const { ann, bob, settle } = await worldOf(101);
    ann.user.removeTree('many');
    await settle();
    ann.user.makeFolder('many');
    ann.user.writeFile('many/7', 'written anew');
    await settle();
    rejectMassChange(ann.index);
    await settle();
    expect(ann.user.readText('many/7')).toBe('written anew');
    expect(countFiles(ann)).toBe(101);
    expect(bob.user.texts()).toEqual(ann.user.texts());
  });
});
