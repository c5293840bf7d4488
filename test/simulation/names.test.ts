import { describe, expect, test } from 'vitest';
import { openConflicts } from '../../src/engine/open-conflicts.ts';
import { inLimbo } from '../../src/engine/scan/limbo.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { isMarked } from '../../src/model/shown-name.ts';
import {
  applePersonality,
  linuxPersonality,
  oldApplePersonality,
  stickPersonality,
  windowsPersonality,
  type Personality,
} from '../world/fake-disk/personality.ts';
import { restore } from './history-world.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';
import { trueTree } from './true-tree.ts';

interface Pair {
  /** On a disk that holds every name. */
  readonly ann: SimDevice;
  readonly bob: SimDevice;
  readonly settle: () => Promise<void>;
}

function withDisk(personality: Personality): Pair {
  const vault = new SimVault(61);
  const ann = new SimDevice(vault, 'ann', linuxPersonality);
  const bob = new SimDevice(vault, 'bob', personality);
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) expect({ [device.name]: await device.sync() }).toEqual({ [device.name]: 'done' });
  };
  return { ann, bob, settle };
}

/** The one file on the device with that text. */
function pathOf(device: SimDevice, text: string): string {
  const found = Object.entries(device.user.texts()).filter(([, each]) => each === text);
  const [path] = found.map(([each]) => each);
  if (path === undefined || found.length > 1) throw new Error(`${found.length} files hold ${text}`);
  return path;
}

/** Which item of the vault stands at the path, as the device knows the vault. */
function nodeAt({ index }: SimDevice, path: string): NodeId | undefined {
  let id: NodeId | undefined = rootId;
  for (const name of path.split('/')) id = id && index.remote.childNamed(id, name as NodeName)?.id;
  return id;
}

async function expectRest({ ann, bob, settle }: Pair): Promise<void> {
  expect(bob.index.problems.list(9)).toEqual([]);
  expect(ann.index.dirty.count() + bob.index.dirty.count()).toBe(0);
  const puts = ann.store.counters.requests.putNew + bob.store.counters.requests.putNew;
  await settle();
  expect(ann.store.counters.requests.putNew + bob.store.counters.requests.putNew).toBe(puts);
}

const folding: readonly (readonly [string, Personality])[] = [
  ['Windows', windowsPersonality],
  ['an Apple disk', applePersonality],
  ['an old Apple disk', oldApplePersonality],
  ['a stick', stickPersonality],
];

describe.each(folding)('two names that differ in case, on %s', (_, personality) => {
  async function withClash(): Promise<Pair> {
    const pair = withDisk(personality);
    pair.ann.user.writeFile('file.txt', 'lower');
    await pair.settle();
    pair.ann.user.writeFile('File.txt', 'upper');
    await pair.settle();
    return pair;
  }
  const both = { 'File.txt': 'upper', 'file.txt': 'lower' };

  test('are both there, the second one under a marked name, and the vault keeps both true names', async () => {
    const pair = await withClash();
    const { ann, bob } = pair;
    expect(ann.user.texts()).toEqual(both);
    expect(bob.user.readText('file.txt')).toBe('lower');
    expect(pathOf(bob, 'upper')).toMatch(/^File~cachette-[0-9a-f]{6}\.txt$/);
    await expectRest(pair);
  });

  test('what is restored gets its own place, and nothing goes into the other one', async () => {
    const pair = await withClash();
    const { ann, bob, settle } = pair;
    ann.user.writeFile('File.txt', 'upper, edited');
    for (const name of ['docs', 'Docs']) {
      ann.user.makeFolder(name);
      for (const file of ['a', 'A']) ann.user.writeFile(`${name}/${file}`, `${file} in ${name}`);
    }
    await settle();
    const all = ann.user.texts();
    ann.user.remove('Docs/A');
    ann.user.removeTree('docs');
    await settle();
    await restore(bob, 'File.txt');
    await restore(bob, 'docs');
    await restore(bob, 'Docs/A');
    await settle();
    expect(ann.user.texts()).toEqual({ ...all, 'File.txt': 'upper' });
    await expectRest(pair);
  });

  test('an edit of the marked one is an edit of the true one, saved anew or written into', async () => {
    const pair = await withClash();
    const { ann, bob, settle } = pair;
    await bob.clock.sleep(60_000);
    bob.user.writeFile(pathOf(bob, 'upper'), 'upper 2');
    await settle();
    expect(ann.user.texts()).toEqual({ ...both, 'File.txt': 'upper 2' });
    await bob.clock.sleep(60_000);
    bob.user.saveFile(pathOf(bob, 'upper 2'), 'upper 3');
    await settle();
    expect(ann.user.texts()).toEqual({ ...both, 'File.txt': 'upper 3' });
    ann.user.writeFile('File.txt', 'upper 4');
    await settle();
    expect(isMarked(pathOf(bob, 'upper 4'))).toBe(true);
    await expectRest(pair);
  });

  test('a person renames, moves or removes the marked one: that is what happens to the true one', async () => {
    const pair = await withClash();
    const { ann, bob, settle } = pair;
    bob.user.makeFolder('sub');
    const marked = pathOf(bob, 'upper');
    bob.user.rename(marked, `sub/${marked}`);
    await settle();
    expect(ann.user.texts()).toEqual({ 'file.txt': 'lower', 'sub/File.txt': 'upper' });
    expect(pathOf(bob, 'upper')).toBe('sub/File.txt');
    bob.user.rename('sub/File.txt', 'other.txt');
    await settle();
    expect(ann.user.texts()).toEqual({ 'file.txt': 'lower', 'other.txt': 'upper' });
    bob.user.remove('other.txt');
    await settle();
    expect(ann.user.texts()).toEqual({ 'file.txt': 'lower' });
    await expectRest(pair);
  });

  test.each(['ann', 'bob'])('when the first one goes (at %s), the second one gets its true name', async (who) => {
    const pair = await withClash();
    (who === 'ann' ? pair.ann : pair.bob).user.remove('file.txt');
    await pair.settle();
    expect(pair.ann.user.texts()).toEqual({ 'File.txt': 'upper' });
    expect(pair.bob.user.texts()).toEqual({ 'File.txt': 'upper' });
    await expectRest(pair);
  });

  test('who means it by another spelling of its name has not renamed it; who renames it to that has', async () => {
    const { ann, bob, settle } = withDisk(personality);
    ann.user.makeFolder('Docs');
    ann.user.writeFile('Docs/plan', 'plan');
    await settle();
    await bob.look('docs/PLAN');
    await ann.sync();
    expect(ann.user.texts()).toEqual({ 'Docs/plan': 'plan' });
    bob.user.rename('Docs/plan', 'Docs/PLAN');
    await bob.look('Docs/PLAN');
    await ann.sync();
    expect(ann.user.texts()).toEqual({ 'Docs/PLAN': 'plan' });
  });

  test('after a restart and after a lost index, names and content are what they were', async () => {
    const pair = await withClash();
    const { ann, bob, settle } = pair;
    const before = bob.user.texts();
    bob.loseIndex();
    await settle();
    expect(bob.user.texts()).toEqual(before);
    expect(ann.user.texts()).toEqual(both);
    await expectRest(pair);
  });

  test('made on both at once, the one that is on the disk keeps its name there', async () => {
    const pair = withDisk(personality);
    const { ann, bob, settle } = pair;
    ann.user.writeFile('README', 'ann');
    bob.user.writeFile('readme', 'bob');
    await settle();
    expect(ann.user.texts()).toEqual({ README: 'ann', readme: 'bob' });
    expect(bob.user.readText('readme')).toBe('bob');
    expect(isMarked(pathOf(bob, 'ann'))).toBe(true);
    await expectRest(pair);
  });

  test('what a person makes under the true name of the marked one is not left under that, though its own is given meanwhile', async () => {
    const pair = await withClash();
    const { bob } = pair;
    bob.user.rename('file.txt', 'other.txt');
    bob.user.writeFile('File.txt', 'mine');
    const copy = 'File (conflict bob 2026-01-02).txt';
    await bob.sync({
      disturb: ({ verb }) => {
        const isKnown = [...bob.index.local.childrenOf(rootId, undefined, 9)].some(({ state }) => state.name === copy);
        if (isKnown && !bob.user.exists(copy.toUpperCase())) bob.user.writeFile(copy.toUpperCase(), `at ${verb}`);
        return undefined;
      },
    });
    await pair.settle();
    expect(Object.keys(pair.ann.user.texts())).toEqual([copy.toUpperCase(), copy, 'File.txt', 'other.txt']);
    const shown = pathOf(bob, 'mine');
    expect([isMarked(shown), trueTree(bob).has(copy)]).toEqual([true, true]);
    await expectRest(pair);
  });

  test('a name of which only the case changes is renamed, in both directions, and moves no data', async () => {
    const pair = withDisk(personality);
    const { ann, bob, settle } = pair;
    ann.user.makeFolder('folder');
    ann.user.writeFile('folder/name', 'n');
    await settle();
    bob.user.rename('folder', 'Folder');
    bob.user.rename('Folder/name', 'Folder/NAME');
    await settle();
    expect(ann.user.texts()).toEqual({ 'Folder/NAME': 'n' });
    ann.user.rename('Folder', 'FOLDER');
    await settle();
    expect(bob.user.texts()).toEqual({ 'FOLDER/NAME': 'n' });
    await expectRest(pair);
  });

  // Random histories: `other disks` 9980055, `other disks, in trouble` 9980186.
  describe('a new file that is saved over one by its name in other letters is that one, renamed and edited', () => {
    test.each<readonly [string, readonly string[] | undefined]>([
      ['everything is looked at', undefined],
      ['the new name is heard of', ['NAME']],
      ['both are', ['name', 'NAME']],
    ])('%s', async (_when, hints) => {
      const pair = withDisk(personality);
      const { ann, bob, settle } = pair;
      ann.user.writeFile('name', 'first');
      bob.user.writeFile('name', 'by bob');
      await settle();
      const [conflict] = openConflicts(ann.index);
      expect(conflict?.of).toBe(nodeAt(ann, 'name'));
      await bob.clock.sleep(60_000);
      bob.user.saveFile('NAME', 'edited');
      if (hints !== undefined) await bob.look(...hints);
      await settle();
      expect(nodeAt(ann, 'NAME')).toBe(conflict?.of);
      expect([ann, bob].map(({ index }) => openConflicts(index))).toEqual([[conflict], [conflict]]);
      expect(ann.user.texts()).toEqual({ NAME: 'edited', 'name (conflict bob 2026-01-02)': 'by bob' });
      await expectRest(pair);
    });

    test('also where a look was broken off that had missed it', async () => {
      const pair = withDisk(personality);
      const { ann, bob, settle } = pair;
      ann.user.writeFile('name', 'first');
      await settle();
      const node = nodeAt(ann, 'name');
      bob.user.saveFile('NAME', 'edited');
      const row = node && bob.index.local.find(node);
      if (row !== undefined) bob.index.local.write(inLimbo(row));
      await settle();
      expect([nodeAt(ann, 'NAME'), ann.user.texts()]).toEqual([node, { NAME: 'edited' }]);
      await expectRest(pair);
    });

    test('and so is a folder that is made again', async () => {
      const pair = withDisk(personality);
      const { ann, bob, settle } = pair;
      for (const name of ['dir', 'dir/in']) ann.user.makeFolder(name);
      ann.user.writeFile('dir/in/name', 'first');
      await settle();
      const nodes = ['dir', 'dir/in'].map((path) => nodeAt(ann, path));
      bob.user.removeTree('dir');
      for (const name of ['DIR', 'DIR/in']) bob.user.makeFolder(name);
      bob.user.writeFile('DIR/in/NAME', 'made anew');
      await settle();
      expect(ann.user.texts()).toEqual({ 'DIR/in/NAME': 'made anew' });
      expect(['DIR', 'DIR/in'].map((path) => nodeAt(ann, path))).toEqual(nodes);
      await expectRest(pair);
    });

    // A stick does not tell what was moved from what is new.
    if (personality === stickPersonality) return;
    test('but not where it was moved elsewhere before, nor where it is the editor’s backup', async () => {
      const pair = withDisk(personality);
      const { ann, bob, settle } = pair;
      ann.user.makeFolder('dir');
      for (const name of ['moved', 'saved', 'other']) ann.user.writeFile(name, `${name}, first`);
      await settle();
      const [moved, saved, other] = ['moved', 'saved', 'other'].map((name) => nodeAt(ann, name));
      bob.user.rename('moved', 'dir/moved');
      bob.user.rename('other', 'MOVED');
      bob.user.rename('saved', 'SAVED~');
      bob.user.writeFile('SAVED', 'edited');
      await bob.look('SAVED~');
      await settle();
      expect(['dir/moved', 'MOVED', 'SAVED'].map((path) => nodeAt(ann, path))).toEqual([moved, other, saved]);
      expect(ann.user.readText('SAVED')).toBe('edited');
      await expectRest(pair);
    });
  });

  test('folders that differ in case stay two, with what is in them', async () => {
    const pair = withDisk(personality);
    const { ann, bob, settle } = pair;
    for (const name of ['docs', 'Docs', 'DOCS']) {
      ann.user.makeFolder(name);
      ann.user.writeFile(`${name}/file`, name);
    }
    await settle();
    expect(ann.user.texts()).toEqual({ 'DOCS/file': 'DOCS', 'Docs/file': 'Docs', 'docs/file': 'docs' });
    expect(Object.values(bob.user.texts()).toSorted()).toEqual(['DOCS', 'Docs', 'docs']);
    bob.user.writeFile(pathOf(bob, 'Docs').replace('/file', '/new'), 'new');
    await settle();
    expect(Object.keys(ann.user.texts())).toHaveLength(4);
    expect(isMarked(pathOf(ann, 'new').split('/')[0] ?? '')).toBe(false);
    await expectRest(pair);
  });
});

describe('names that Windows can not hold', () => {
  const awkward = ['a:b.txt', 'CON', 'nul.log', 'dot.', 'space ', 'what?', '\udcff raw'];

  test('are marked there, keep their true names in the vault, and come back from a lost index', async () => {
    const pair = withDisk(windowsPersonality);
    const { ann, bob, settle } = pair;
    for (const name of awkward) ann.user.writeFile(name, `in ${name}`);
    const before = ann.user.texts();
    await settle();
    expect(Object.keys(bob.user.texts()).every((name) => isMarked(name))).toBe(true);
    expect(Object.values(bob.user.texts()).toSorted()).toEqual(Object.values(before).toSorted());
    bob.loseIndex();
    await settle();
    expect(ann.user.texts()).toEqual(before);
    bob.user.writeFile(pathOf(bob, 'in a:b.txt'), 'edited');
    await settle();
    expect(ann.user.texts()).toEqual({ ...before, 'a:b.txt': 'edited' });
    ann.user.rename('a:b.txt', 'a-b.txt');
    await settle();
    expect(bob.user.readText('a-b.txt')).toBe('edited');
    await expectRest(pair);
  });

  test('a name too long for its disk is cut there, and found again without an index', async () => {
    const pair = withDisk({ ...linuxPersonality, nameMaxBytes: 143 });
    const { ann, bob, settle } = pair;
    const name = `${'long'.repeat(50)}.txt`;
    ann.user.writeFile(name, 'l');
    await settle();
    expect(pathOf(bob, 'l').length).toBeLessThanOrEqual(143);
    bob.loseIndex();
    await settle();
    expect(ann.user.texts()).toEqual({ [name]: 'l' });
    await expectRest(pair);
  });
});

describe('names in other Unicode forms', () => {
  test.each([
    ['an Apple disk', applePersonality],
    ['an old Apple disk', oldApplePersonality],
  ])('are never renamed by %s itself', async (_, personality) => {
    const pair = withDisk(personality);
    const { ann, bob, settle } = pair;
    ann.user.writeFile('caf\u00e9', 'composed');
    ann.user.writeFile('nai\u0308ve', 'decomposed');
    await settle();
    await bob.clock.sleep(60_000);
    bob.user.writeFile('caf\u00e9', 'composed 2');
    bob.user.writeFile('\u00fc', 'made there');
    await settle();
    expect(ann.user.texts()).toEqual({ 'caf\u00e9': 'composed 2', 'nai\u0308ve': 'decomposed', '\u00fc': 'made there' });
    bob.loseIndex();
    await settle();
    expect(ann.user.texts()).toEqual({ 'caf\u00e9': 'composed 2', 'nai\u0308ve': 'decomposed', '\u00fc': 'made there' });
    await expectRest(pair);
  });

  // Random history: `other disks` 9900023.
  test.each([
    ['an Apple disk', applePersonality],
    ['an old Apple disk', oldApplePersonality],
  ])('stay the same items on %s, however they are saved, ignored by now, or unreadable for a moment', async (_, personality) => {
    const pair = withDisk(personality);
    const { ann, bob, settle } = pair;
    for (const name of ['caf\u00e9', '\u00e9.log', '\u00fc']) bob.user.writeFile(name, name);
    await settle();
    const node = nodeAt(ann, 'caf\u00e9');
    expect(node).toBeDefined();
    await bob.clock.sleep(60_000);
    bob.user.writeFile('new', 'saved');
    bob.user.rename('new', 'caf\u00e9');
    bob.user.writeFile('.cachetteignore', '*.log\n');
    const unreadable = (path: string): boolean => path.normalize('NFC') === '\u00fc';
    await bob.sync({ disturb: ({ verb, path }) => (verb === 'lstat' && unreadable(path) ? { errno: 'EIO' } : undefined) });
    await settle();
    expect(ann.user.texts()).toMatchObject({ 'caf\u00e9': 'saved', '\u00e9.log': '\u00e9.log', '\u00fc': '\u00fc' });
    expect(nodeAt(ann, 'caf\u00e9')).toBe(node);
    await expectRest(pair);
  });

  test('both forms at once: the second is marked', async () => {
    const pair = withDisk(oldApplePersonality);
    pair.ann.user.writeFile('\u00e9', 'composed');
    pair.ann.user.writeFile('e\u0301', 'decomposed');
    await pair.settle();
    expect(pair.ann.user.texts()).toEqual({ '\u00e9': 'composed', 'e\u0301': 'decomposed' });
    expect(Object.values(pair.bob.user.texts()).toSorted()).toEqual(['composed', 'decomposed']);
    await expectRest(pair);
  });
});
