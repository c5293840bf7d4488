import { describe, expect, test } from 'vitest';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

function twoDevices(): { ann: SimDevice; bob: SimDevice; settle: () => Promise<void> } {
  const vault = new SimVault(1);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) await device.sync();
  };
  return { ann, bob, settle };
}

describe('two whole engines over fakes', () => {
  test('what one has, the other gets, byte for byte', async () => {
    const { ann, bob, settle } = twoDevices();
    ann.user.makeFolder('notes');
    ann.user.writeFile('notes/today.txt', 'buy milk');
    ann.user.writeFile('empty', '');
    ann.user.makeFolder('nothing in it');
    ann.user.makeLink('notes/today.txt', 'link');
    await settle();
    expect(bob.user.texts()).toEqual(ann.user.texts());
    expect(bob.user.tree()).toEqual(ann.user.tree());
    expect(bob.user.readText('notes/today.txt')).toBe('buy milk');
  });

  test('an edit on each side makes one copy, the same on both', async () => {
    const { ann, bob, settle } = twoDevices();
    ann.user.writeFile('plan.md', 'v1');
    await settle();
    ann.user.writeFile('plan.md', 'from ann');
    bob.user.writeFile('plan.md', 'from bob');
    await settle();
    expect(ann.user.texts()).toEqual({ 'plan.md': 'from ann', 'plan (conflict bob 2026-01-02).md': 'from bob' });
    expect(bob.user.texts()).toEqual(ann.user.texts());
  });

  test('a renamed folder moves no data, an edit in it comes along', async () => {
    const { ann, bob, settle } = twoDevices();
    ann.user.makeFolder('old');
    for (let at = 0; at < 20; at += 1) ann.user.writeFile(`old/${at}`, `file ${at}`);
    await settle();
    ann.user.rename('old', 'new');
    bob.user.writeFile('old/3', 'edited by bob');
    const before = bob.store.counters.bytesDown;
    await settle();
    expect(bob.user.texts()).toEqual(ann.user.texts());
    expect(ann.user.readText('new/3')).toBe('edited by bob');
    expect(ann.user.exists('old')).toBe(false);
    // The end of the pack with the edit is read back, 16 KiB; of the one with all files, as large, nothing is read.
    expect(bob.store.counters.bytesDown - before).toBeLessThan(2 * 16_384);
  });

  test('folders that trade levels and names on one side, and go below each other on the other', async () => {
    const { ann, bob, settle } = twoDevices();
    for (const path of ['a', 'a/b', 'b', 'b/a']) ann.user.makeFolder(path);
    for (const path of ['a/b', 'b', 'b/a']) ann.user.writeFile(`${path}/file`, `in ${path}`);
    await settle();
    ann.user.rename('a', 'b/a/c');
    for (const [from, to] of [
      ['a/b', 't'],
      ['b', 'a/b'],
      ['t', 'b'],
      ['a/b/a', 'b/b'],
    ] as const)
      bob.user.rename(from, to);
    await settle();
    const whole = { 'b/file': 'in a/b', 'b/b/file': 'in b/a', 'b/b/c/b/file': 'in b' };
    expect(ann.user.texts()).toEqual(whole);
    expect(bob.user.texts()).toEqual(whole);
    expect([ann.index.dirty.count(), bob.index.dirty.count()]).toEqual([0, 0]);
  });

  test('a folder and the one in it trade places, each under the name of the other', async () => {
    const { ann, bob, settle } = twoDevices();
    for (const path of ['a', 'a/b']) ann.user.makeFolder(path);
    ann.user.writeFile('a/upper', 'upper');
    ann.user.writeFile('a/b/lower', 'lower');
    await settle();
    ann.user.rename('a/b', 't');
    ann.user.rename('a', 't/b');
    ann.user.rename('t', 'a');
    bob.user.writeFile('a/b/new', 'new');
    await settle();
    const whole = { 'a/b/upper': 'upper', 'a/lower': 'lower', 'a/new': 'new' };
    expect(ann.user.texts()).toEqual(whole);
    expect(bob.user.texts()).toEqual(whole);
  });

  test('a new file is not taken for a removed one that had its number on the disk', async () => {
    const { ann, bob, settle } = twoDevices();
    ann.user.writeFile('old', 'v1');
    await settle();
    const number = ann.user.find('old')?.number;
    ann.user.remove('old');
    ann.user.writeFile('new', 'something else');
    expect(ann.user.find('new')?.number).toBe(number);
    bob.user.writeFile('old', 'by bob');
    await settle();
    expect(ann.user.texts()).toEqual({ old: 'by bob', new: 'something else' });
    expect(bob.user.texts()).toEqual(ann.user.texts());
  });

  test('nothing to do means nothing done', async () => {
    const { ann, bob, settle } = twoDevices();
    ann.user.writeFile('a', 'a');
    await settle();
    const names = ann.store.counters.requests.putNew;
    await settle();
    expect(ann.store.counters.requests.putNew).toBe(names);
    expect(bob.index.dirty.count()).toBe(0);
  });
});
