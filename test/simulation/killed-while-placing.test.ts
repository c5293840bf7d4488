import { describe, expect, test } from 'vitest';
import { rootId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { oldApplePersonality, plainPersonality, stickPersonality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

interface World {
  readonly ann: SimDevice;
  readonly bob: SimDevice;
}

function world(): World {
  const vault = new SimVault(51);
  return { ann: new SimDevice(vault, 'ann'), bob: new SimDevice(vault, 'bob') };
}

/** Bob's engine is killed when all is placed in his folder, and nothing of it recorded yet. */
async function killAtTheEnd(bob: SimDevice, placed: string): Promise<void> {
  const end = await bob.sync({
    disturb: ({ verb, path }) => (verb === 'syncFolder' && path === folderOf(placed) && bob.user.exists(placed) ? 'kill' : undefined),
  });
  expect(end).toBe('killed');
  expect(bob.user.exists(placed)).toBe(true);
  expect(bob.index.dirty.count()).toBeGreaterThan(0);
}

/** Bob's engine is killed as soon as his folder shows that. */
async function killWhen(bob: SimDevice, texts: Readonly<Record<string, string>>): Promise<void> {
  const isSo = (): boolean => JSON.stringify(bob.user.texts()) === JSON.stringify(texts);
  expect(await bob.sync({ disturb: () => (isSo() ? 'kill' : undefined) })).toBe('killed');
  expect(bob.user.texts()).toEqual(texts);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

async function settle({ ann, bob }: World): Promise<void> {
  for (const device of [bob, ann, bob, ann]) await device.sync();
  expect(bob.user.tree()).toEqual(ann.user.tree());
}

describe('what was placed by an engine that was killed before it could record that', () => {
  test('goes, if it is removed in the vault before the engine starts again', async () => {
    const { ann, bob } = world();
    ann.user.makeFolder('folder/below');
    ann.user.writeFile('folder/below/file', 'v1');
    ann.user.makeLink('file', 'link');
    await ann.sync();
    await killAtTheEnd(bob, 'link');
    expect(bob.user.readText('folder/below/file')).toBe('v1');
    ann.user.removeTree('folder');
    ann.user.remove('link');
    await ann.sync();
    await settle({ ann, bob });
    expect([...ann.user.tree().keys()]).toEqual([]);
  });

  test('goes back to its place, where it was only taken aside and the vault has it back there', async () => {
    const { ann, bob } = world();
    ann.user.makeFolder('folder');
    ann.user.writeFile('x', 'one');
    ann.user.writeFile('folder/x', 'two');
    await settle({ ann, bob });
    const swap = async (): Promise<void> => {
      ann.user.rename('x', 'y');
      ann.user.rename('folder/x', 'x');
      ann.user.rename('y', 'folder/x');
      await ann.sync();
    };
    await swap();
    const isAside = (): boolean => [...bob.user.tree().keys()].some((path) => path.includes('(conflict moving '));
    expect(await bob.sync({ disturb: () => (isAside() ? 'kill' : undefined) })).toBe('killed');
    expect(isAside()).toBe(true);
    await swap();
    await settle({ ann, bob });
    expect(bob.user.texts()).toEqual({ x: 'one', 'folder/x': 'two' });
  });

  // Random history: `kills` 9900031.
  test('is each file that it was, where one has the name that another had before, and is no conflict', async () => {
    const { ann, bob } = world();
    ann.user.writeFile('f', 'v1');
    await settle({ ann, bob });
    ann.user.rename('f', 'f.old');
    ann.user.writeFile('f.old', 'v2');
    ann.user.writeFile('f', 'another');
    await ann.sync();
    await killAtTheEnd(bob, 'f');
    expect(bob.user.texts()).toEqual({ f: 'another', 'f.old': 'v2' });
    ann.user.writeFile('f', 'another, edited');
    await ann.sync();
    await settle({ ann, bob });
    expect(bob.user.texts()).toEqual({ f: 'another, edited', 'f.old': 'v2' });
  });

  test('is the new file, and not the one that was removed before and had its name, and is no conflict', async () => {
    const { ann, bob } = world();
    ann.user.writeFile('f', 'v1');
    await settle({ ann, bob });
    ann.user.remove('f');
    await ann.sync();
    ann.user.writeFile('f', 'another');
    await ann.sync();
    await killAtTheEnd(bob, 'f');
    ann.user.writeFile('f', 'another, edited');
    await ann.sync();
    await settle({ ann, bob });
    expect(bob.user.texts()).toEqual({ f: 'another, edited' });
  });

  // Random history: `kills` 16200277.
  test.each([
    [undefined, undefined],
    [undefined, 'and written by bob'],
    ['old', undefined],
    ['old', 'and written by bob'],
  ])('is that file, where a person moved it over another one (held before: %s; %s)', async (before, after) => {
    const { ann, bob } = world();
    if (before !== undefined) ann.user.writeFile('c', before);
    ann.user.writeFile('d', 'another');
    await settle({ ann, bob });
    ann.user.writeFile('c', 'new');
    await ann.sync();
    const { id } = ann.index.remote.childNamed(rootId, 'c' as NodeName) ?? {};
    await killWhen(bob, { c: 'new', d: 'another' });
    bob.user.rename('c', 'd');
    if (after !== undefined) bob.user.writeFile('d', after);
    await settle({ ann, bob });
    expect(ann.user.texts()).toEqual({ d: after ?? 'new' });
    expect(ann.index.remote.childNamed(rootId, 'd' as NodeName)?.id).toBe(id);
  });

  /** Two files that trade places; bob's engine is killed when one of them is aside. What of it a person saves in its place then. */
  async function saveAside({ ann, bob }: World): Promise<string> {
    ann.user.makeFolder('folder');
    ann.user.writeFile('x', 'one');
    ann.user.writeFile('folder/x', 'two');
    await settle({ ann, bob });
    ann.user.rename('x', 'y');
    ann.user.rename('folder/x', 'x');
    ann.user.rename('y', 'folder/x');
    await ann.sync();
    const aside = (): string | undefined => [...bob.user.tree().keys()].find((path) => path.includes('(conflict moving '));
    expect(await bob.sync({ disturb: () => (aside() === undefined ? undefined : 'kill') })).toBe('killed');
    const path = aside() ?? '';
    const text = `${bob.user.readText(path)}, and saved`;
    bob.user.writeFile('saved', text);
    bob.user.rename('saved', path);
    return text;
  }

  // Random histories: `other disks, in trouble` 9720045, `removal, with a poor store` 9720108.
  test('goes where it was to go, where a person saved another file in the place of what was only taken aside', async () => {
    const { ann, bob } = world();
    const text = await saveAside({ ann, bob });
    await settle({ ann, bob });
    const texts = text.startsWith('one') ? { x: 'two', 'folder/x': text } : { x: text, 'folder/x': 'one' };
    expect(bob.user.texts()).toEqual(texts);
  });

  test('gets a name that people know, if a person saved it where it was aside and the vault has removed it meanwhile', async () => {
    for (const [removed, kept] of [
      [['x'], 'folder/x (conflict bob 2026-01-02)'],
      [['x', 'folder/x'], 'folder/x'],
    ] as const) {
      const { ann, bob } = world();
      const text = await saveAside({ ann, bob });
      expect(text, 'guard').toBe('two, and saved');
      for (const path of removed) ann.user.remove(path);
      await ann.sync();
      await settle({ ann, bob });
      expect(bob.user.texts()).toEqual({ ...(removed.length === 1 ? { 'folder/x': 'one' } : {}), [kept]: text });
    }
  });

  test('is moved along, if it is moved in the vault', async () => {
    const { ann, bob } = world();
    ann.user.writeFile('file', 'v1');
    await ann.sync();
    await killAtTheEnd(bob, 'file');
    ann.user.rename('file', 'elsewhere');
    await ann.sync();
    await settle({ ann, bob });
    expect(ann.user.texts()).toEqual({ elsewhere: 'v1' });
  });

  test('is moved along, though the engine that starts again is told to look elsewhere only', async () => {
    const { ann, bob } = world();
    ann.user.makeFolder('folder');
    ann.user.writeFile('folder/file', 'v1');
    await ann.sync();
    await killAtTheEnd(bob, 'folder/file');
    ann.user.rename('folder', 'moved');
    await ann.sync();
    bob.user.writeFile('other', 'of bob');
    await bob.look('other');
    await settle({ ann, bob });
    expect([...ann.user.tree().keys()].toSorted()).toEqual(['moved', 'moved/file', 'other']);
  });

  test('is brought up to date without a conflict, if it is edited there once more', async () => {
    const { ann, bob } = world();
    ann.user.writeFile('file', 'v1');
    await ann.sync();
    await bob.sync();
    ann.user.writeFile('file', 'the second');
    ann.user.writeFile('other', 'v1');
    await ann.sync();
    await killAtTheEnd(bob, 'other');
    expect(bob.user.readText('file')).toBe('the second');
    ann.user.writeFile('file', 'the third');
    await ann.sync();
    await settle({ ann, bob });
    expect(ann.user.texts()).toEqual({ file: 'the third', other: 'v1' });
  });

  test('goes, if it was moved as the vault said, and is removed there before anybody but a watcher looks again', async () => {
    const { ann, bob } = world();
    ann.user.makeFolder('folder');
    ann.user.makeLink('target', 'folder/old');
    await ann.sync();
    await bob.sync();
    ann.user.rename('folder/old', 'folder/new');
    await ann.sync();
    await killAtTheEnd(bob, 'folder/new');
    ann.user.remove('folder/new');
    await ann.sync();
    await bob.look('elsewhere');
    await settle({ ann, bob });
    expect([...ann.user.tree().keys()]).toEqual(['folder']);
  });

  test('is moved back, if only its new place was reached, and it is moved back in the vault', async () => {
    const { ann, bob } = world();
    ann.user.makeFolder('folder');
    ann.user.writeFile('folder/file', 'v1');
    await ann.sync();
    await bob.sync();
    ann.user.rename('folder/file', 'folder/elsewhere');
    ann.user.writeFile('folder/elsewhere', 'the second');
    await ann.sync();
    const end = await bob.sync({ disturb: () => (bob.user.exists('folder/elsewhere') ? 'kill' : undefined) });
    expect(end).toBe('killed');
    expect(bob.user.texts()).toEqual({ 'folder/elsewhere': 'v1' });
    ann.user.rename('folder/elsewhere', 'folder/file');
    await ann.sync();
    await settle({ ann, bob });
    expect(ann.user.texts()).toEqual({ 'folder/file': 'the second' });
  });

  test('is what a person changes next: no conflict with what he overwrote, new or not', async () => {
    const { ann, bob } = world();
    ann.user.writeFile('known', 'v1');
    await ann.sync();
    await bob.sync();
    ann.user.writeFile('known', 'the second');
    ann.user.writeFile('new', 'v1');
    await ann.sync();
    await killAtTheEnd(bob, 'new');
    expect(bob.user.texts()).toEqual({ known: 'the second', new: 'v1' });
    bob.user.writeFile('known', 'by bob');
    bob.user.append('new', ' and more');
    await settle({ ann, bob });
    expect(ann.user.texts()).toEqual({ known: 'by bob', new: 'v1 and more' });
  });

  test('is what a person moves and changes next', async () => {
    const { ann, bob } = world();
    ann.user.makeFolder('folder');
    ann.user.writeFile('file', 'v1');
    ann.user.writeFile('other', 'v1 of the other');
    await ann.sync();
    await killAtTheEnd(bob, 'other');
    bob.user.rename('file', 'folder/moved');
    bob.user.rename('other', 'elsewhere');
    bob.user.append('elsewhere', ' and more');
    await settle({ ann, bob });
    expect(ann.user.texts()).toEqual({ 'folder/moved': 'v1', elsewhere: 'v1 of the other and more' });
  });

  test('stays, if a person has changed it meanwhile', async () => {
    const { ann, bob } = world();
    ann.user.writeFile('file', 'v1');
    await ann.sync();
    await killAtTheEnd(bob, 'file');
    bob.user.writeFile('file', 'by bob');
    ann.user.remove('file');
    await ann.sync();
    await settle({ ann, bob });
    expect(ann.user.texts()).toEqual({ file: 'by bob' });
  });
});

describe.each([
  ['a stick', stickPersonality],
  ['an old Apple disk', oldApplePersonality],
])('what was placed on %s, which keeps only rough times', (_, personality) => {
  const exactUs = 1_700_000_001_234_567;
  function roughWorld(): World {
    const vault = new SimVault(52);
    return { ann: new SimDevice(vault, 'ann'), bob: new SimDevice(vault, 'bob', personality) };
  }
  function makeProgram({ user }: SimDevice, text: string): void {
    user.writeFile('program', text);
    user.setMode('program', 0o755);
    user.setTime('program', exactUs);
  }

  test('goes, if it is removed in the vault before the engine starts again', async () => {
    const { ann, bob } = roughWorld();
    makeProgram(ann, 'v1');
    await ann.sync();
    await killAtTheEnd(bob, 'program');
    ann.user.remove('program');
    for (const device of [ann, bob, ann]) await device.sync();
    expect([ann, bob].map(({ user }) => user.texts())).toEqual([{}, {}]);
  });

  test('is moved along, with its exact time and its bit, if it is moved in the vault', async () => {
    const { ann, bob } = roughWorld();
    makeProgram(ann, 'v1');
    await ann.sync();
    await killAtTheEnd(bob, 'program');
    ann.user.rename('program', 'elsewhere');
    for (const device of [ann, bob, ann]) await device.sync();
    expect(bob.user.texts()).toEqual({ elsewhere: 'v1' });
    expect([...ann.user.tree()]).toMatchObject([['elsewhere', { text: 'v1', mtimeUs: exactUs, executable: true }]]);
  });

  test('is brought up to date without a conflict, if it is edited there once more', async () => {
    const { ann, bob } = roughWorld();
    makeProgram(ann, 'v1');
    await ann.sync();
    await bob.sync();
    makeProgram(ann, 'the second');
    ann.user.writeFile('other', 'v1');
    await ann.sync();
    await killAtTheEnd(bob, 'other');
    expect(bob.user.readText('program')).toBe('the second');
    makeProgram(ann, 'the third');
    for (const device of [ann, bob, ann]) await device.sync();
    expect([ann, bob].map(({ user }) => user.texts())).toEqual([
      { other: 'v1', program: 'the third' },
      { other: 'v1', program: 'the third' },
    ]);
  });

  // Random history: `other disks, in trouble` 15000260.
  test('is the file that was moved, where a person has made another one under its old name, and is no conflict', async () => {
    const { ann, bob } = roughWorld();
    makeProgram(ann, 'v1');
    for (const device of [ann, bob]) await device.sync();
    ann.user.rename('program', 'moved');
    await ann.sync();
    await killWhen(bob, { moved: 'v1' });
    bob.user.writeFile('program', 'by bob');
    ann.user.writeFile('moved', 'the second');
    for (const device of [ann, bob, ann]) await device.sync();
    const both = { moved: 'the second', program: 'by bob' };
    expect([ann, bob].map(({ user }) => user.texts())).toEqual([both, both]);
    expect(ann.user.tree().get('moved')).toMatchObject({ executable: true });
  });

  test('is each file that it was, where one has the name that another had before, and is no conflict', async () => {
    const { ann, bob } = roughWorld();
    makeProgram(ann, 'v1');
    for (const device of [ann, bob]) await device.sync();
    ann.user.rename('program', 'moved');
    makeProgram(ann, 'another');
    await ann.sync();
    await killWhen(bob, { moved: 'v1', program: 'another' });
    ann.user.writeFile('moved', 'the second');
    ann.user.writeFile('program', 'another, edited');
    for (const device of [ann, bob, ann]) await device.sync();
    const both = { moved: 'the second', program: 'another, edited' };
    expect([ann, bob].map(({ user }) => user.texts())).toEqual([both, both]);
  });
});

test('a folder that was removed here and came again, for what somebody put into it, goes where he then moves it and removes it', async () => {
  const { ann, bob } = world();
  ann.user.makeFolder('folder');
  ann.user.writeFile('folder/file', 'v1');
  for (const device of [ann, bob]) await device.sync();
  bob.user.removeTree('folder');
  ann.user.writeFile('folder/new', 'new');
  await ann.sync();
  await killWhen(bob, { 'folder/new': 'new' });
  ann.user.rename('folder', 'moved');
  await ann.sync();
  ann.user.removeTree('moved');
  await settle({ ann, bob });
  expect([...ann.user.tree().keys()]).toEqual([]);
});

describe('a move by two names, killed when the item has both', () => {
  function plainWorld(): World {
    const vault = new SimVault(53);
    return { ann: new SimDevice(vault, 'ann'), bob: new SimDevice(vault, 'bob', plainPersonality) };
  }
  async function killBetween(bob: SimDevice, old: string, isNew: (path: string) => boolean): Promise<void> {
    const hasBoth = (): boolean => bob.user.exists(old) && Object.keys(bob.user.texts()).some((path) => isNew(path));
    expect(await bob.sync({ disturb: () => (hasBoth() ? 'kill' : undefined) })).toBe('killed');
    expect(hasBoth()).toBe(true);
  }

  test('is a move all the same', async () => {
    const { ann, bob } = plainWorld();
    ann.user.writeFile('old', 'v1');
    await ann.sync();
    await bob.sync();
    ann.user.rename('old', 'new');
    ann.user.writeFile('new', 'the second');
    await ann.sync();
    await killBetween(bob, 'old', (path) => path === 'new');
    await settle({ ann, bob });
    expect(ann.user.texts()).toEqual({ new: 'the second' });
  });

  test('makes no second copy of what gets a conflict name', async () => {
    const { ann, bob } = plainWorld();
    ann.user.writeFile('name', 'by ann');
    await ann.sync();
    bob.user.writeFile('name', 'by bob');
    await killBetween(bob, 'name', (path) => path.includes('(conflict'));
    await settle({ ann, bob });
    expect(Object.values(ann.user.texts()).toSorted()).toEqual(['by ann', 'by bob']);
  });
});
