import { describe, expect, test } from 'vitest';
import { oldApplePersonality, plainPersonality, stickPersonality, type Personality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

interface Pair {
  /** On a disk that holds everything. */
  readonly ann: SimDevice;
  readonly bob: SimDevice;
  readonly settle: () => Promise<void>;
}

function withPoorDisk(personality: Personality): Pair {
  const vault = new SimVault(41);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob', personality);
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) expect({ [device.name]: await device.sync() }).toEqual({ [device.name]: 'done' });
  };
  return { ann, bob, settle };
}

const exactUs = 1_700_000_001_234_567;

function makeProgram({ ann }: Pair): void {
  ann.user.writeFile('program', 'v1');
  ann.user.setMode('program', 0o755);
  ann.user.setTime('program', exactUs);
}

describe.each([
  ['a stick', stickPersonality],
  ['a stick whose files have identities', { ...stickPersonality, hasBirthTimes: true }],
  ['an old Apple disk without execute bits', { ...oldApplePersonality, hasExecuteBits: false }],
])('a device that keeps its folder on %s', (_, personality) => {
  test('keeps the exact times and the execute bits of others, whatever is done there', async () => {
    const pair = withPoorDisk(personality);
    const { ann, bob, settle } = pair;
    makeProgram(pair);
    ann.user.writeFile('plain', 'p');
    await settle();
    bob.user.rename('program', 'renamed');
    bob.user.writeFile('new', 'n');
    await settle();
    expect(ann.user.tree().get('renamed')).toMatchObject({ text: 'v1', executable: true, mtimeUs: exactUs });
    expect(ann.user.tree().get('plain')).toMatchObject({ executable: false });
    expect(ann.user.tree().get('new')).toMatchObject({ text: 'n', executable: false });
    expect(bob.user.readText('renamed')).toBe('v1');
    expect(bob.index.dirty.count()).toBe(0);
  });

  test('shows a time that others change by little, again and again, as near as it can', async () => {
    const { ann, bob, settle } = withPoorDisk(personality);
    ann.user.writeFile('file', 'v1');
    const times = Array.from({ length: 8 }, (_each, at) => exactUs + at * 700_000);
    for (const timeUs of times) {
      ann.user.setTime('file', timeUs);
      await settle();
      const seenUs = bob.user.tree().get('file')?.mtimeUs ?? 0;
      expect(timeUs - seenUs).toBeGreaterThanOrEqual(0);
      expect(timeUs - seenUs).toBeLessThan(Number(personality.mtimeTickNs / 1000n));
      expect(ann.user.tree().get('file')).toMatchObject({ mtimeUs: timeUs });
    }
  });

  test.each(['written into', 'saved anew', 'copied under another name, and removed'])('an edit there keeps the bit (%s)', async (how) => {
    const pair = withPoorDisk(personality);
    const { ann, bob, settle } = pair;
    makeProgram(pair);
    await settle();
    await bob.clock.sleep(60_000);
    if (how === 'written into') bob.user.writeFile('program', 'v2');
    else if (how === 'saved anew') bob.user.saveFile('program', 'v2');
    else {
      bob.user.writeFile('other', 'v1');
      bob.user.remove('program');
    }
    await settle();
    const [seen] = ann.user.tree().values();
    expect(seen).toMatchObject({ kind: 'file', text: how.startsWith('copied') ? 'v1' : 'v2', executable: true });
    expect(ann.user.tree().size).toBe(1);
    expect(bob.index.dirty.count()).toBe(0);
  });

  test('bits and times that others change arrive, and stay', async () => {
    const pair = withPoorDisk(personality);
    const { ann, bob, settle } = pair;
    makeProgram(pair);
    await settle();
    ann.user.setMode('program', 0o644);
    ann.user.setTime('program', exactUs + 10);
    await settle();
    bob.user.rename('program', 'moved');
    await settle();
    expect(ann.user.tree().get('moved')).toMatchObject({ executable: false, mtimeUs: exactUs + 10 });
  });

  test('after the index is lost, nothing is uploaded, and no bit or time is lost', async () => {
    const pair = withPoorDisk(personality);
    const { ann, bob, settle } = pair;
    makeProgram(pair);
    await settle();
    bob.loseIndex();
    const puts = bob.store.counters.requests.putNew;
    await settle();
    expect(bob.store.counters.requests.putNew).toBe(puts);
    expect(ann.user.tree().get('program')).toMatchObject({ executable: true, mtimeUs: exactUs });
    expect(bob.index.dirty.count()).toBe(0);
  });

  test('what is written into a file that was just placed, within one tick of the clock, is not taken for what was placed', async () => {
    const { ann, bob, settle } = withPoorDisk({ ...personality, ctimeTickNs: personality.mtimeTickNs });
    ann.user.writeFile('file', 'one');
    await ann.sync();
    let isWritten = false;
    await bob.sync({
      disturb: () => {
        if (!isWritten && bob.user.exists('file')) bob.user.writeFile('file', 'two');
        isWritten = bob.user.exists('file');
        return undefined;
      },
    });
    expect(isWritten).toBe(true);
    await settle();
    expect(ann.user.texts()).toEqual({ file: 'two' });
    expect(bob.user.texts()).toEqual({ file: 'two' });
  });

  test('a file that is written twice within one tick of the clock is uploaded as it is in the end', async () => {
    const { ann, bob, settle } = withPoorDisk({ ...personality, ctimeTickNs: personality.mtimeTickNs });
    bob.user.writeFile('file', 'one');
    await bob.sync();
    bob.user.writeFile('file', 'two');
    await settle();
    expect(ann.user.texts()).toEqual({ file: 'two' });
  });
});

describe('links, and a disk that can not hold them', () => {
  test('they are a problem there, no loss and no deletion, and are brought where they can be', async () => {
    const { ann, bob, settle } = withPoorDisk(stickPersonality);
    ann.user.makeFolder('folder');
    ann.user.makeLink('target', 'folder/link');
    ann.user.writeFile('folder/file', 'f');
    await settle();
    expect(bob.user.texts()).toEqual({ 'folder/file': 'f' });
    expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_UNSUPPORTED', path: 'folder/link' }]);
    const calls = bob.disk.callCount;
    await bob.sync();
    const idle = bob.disk.callCount - calls;
    await bob.sync();
    expect(bob.disk.callCount - calls).toBe(2 * idle);
    expect(ann.user.tree().get('folder/link')).toMatchObject({ kind: 'link', target: 'target' });
    ann.user.remove('folder/link');
    await settle();
    expect(bob.index.problems.count()).toBe(0);
    expect(bob.index.dirty.count()).toBe(0);
  });

  test('a file made there under the name of a link, which it can not see, gets a conflict name; a folder keeps the name', async () => {
    const { ann, bob, settle } = withPoorDisk(stickPersonality);
    ann.user.makeLink('target', 'one');
    ann.user.makeLink('target', 'two');
    await ann.sync();
    bob.user.writeFile('one', 'bob');
    bob.user.makeFolder('two');
    await settle();
    expect([...ann.user.tree()].map(([path, { kind }]) => `${path.replace(/ \d{4}-\d\d-\d\d/, '')} ${kind}`)).toEqual([
      'one link',
      'one (conflict bob) file',
      'two folder',
      'two (conflict bob) link',
    ]);
    expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_UNSUPPORTED' }, { code: 'E_UNSUPPORTED' }]);
    expect(bob.index.dirty.count()).toBe(2);
  });

  test('a folder that is removed there stays for the link in it', async () => {
    const { ann, bob, settle } = withPoorDisk(stickPersonality);
    ann.user.makeFolder('folder');
    ann.user.makeLink('target', 'folder/link');
    ann.user.writeFile('folder/file', 'f');
    await settle();
    bob.user.removeTree('folder');
    await settle();
    expect([...ann.user.tree().keys()]).toEqual(['folder', 'folder/link']);
    expect([...bob.user.tree().keys()]).toEqual(['folder']);
    expect(bob.index.dirty.count()).toBe(1);
  });

  test('a folder that comes to lie on such a disk loses none of them in the vault', async () => {
    const { ann, bob, settle } = withPoorDisk(stickPersonality);
    ann.user.makeLink('target', 'link');
    Object.assign(bob.disk.kernel.personality, { hasLinks: true });
    await settle();
    expect(bob.user.exists('link')).toBe(true);
    Object.assign(bob.disk.kernel.personality, { hasLinks: false });
    bob.index.traits.replace('the file system before', bob.index.traits.current);
    bob.user.remove('link');
    await settle();
    expect(ann.user.exists('link')).toBe(true);
    expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_UNSUPPORTED', path: 'link' }]);
  });
});

test('a file that got its new name, and whose old one could not be taken away: the new one goes again', async () => {
  const { ann, bob, settle } = withPoorDisk({ ...plainPersonality, hasExchange: false });
  bob.user.makeFolder('a');
  bob.user.writeFile('d', 'v1');
  await settle();
  ann.user.rename('a', 'aside');
  ann.user.rename('d', 'a');
  ann.user.rename('aside', 'd');
  await ann.sync();
  let isLinked = false;
  let failed = 0;
  await bob.sync({
    disturb: ({ verb, path }) => {
      isLinked ||= verb === 'link';
      if (!isLinked || failed > 0 || !path.startsWith('.cachette/passage')) return undefined;
      failed += 1;
      return { errno: 'ENOSPC' };
    },
  });
  expect(failed).toBe(1);
  await settle();
  expect(bob.user.texts()).toEqual({ a: 'v1' });
  expect(ann.user.texts()).toEqual({ a: 'v1' });
});

test('a file that got a passing name, and was saved anew by its old and written into by that one: both stay, and the name goes', async () => {
  const { ann, bob, settle } = withPoorDisk({ ...plainPersonality, hasExchange: false });
  ann.user.makeFolder('a');
  ann.user.writeFile('a/b', '1');
  ann.user.writeFile('b', '2');
  await settle();
  ann.user.makeFolder('new');
  ann.user.rename('a/b', 'new/b');
  ann.user.removeTree('a');
  ann.user.rename('b', 'a');
  ann.user.rename('new', 'b');
  await ann.sync();
  const passing = (): string | undefined => Object.keys(bob.user.texts()).find((path) => path.includes('(conflict moving '));
  let done = 0;
  await bob.sync({
    disturb: ({ verb, path }) => {
      const name = passing();
      if (verb !== 'rename' || name === undefined) return undefined;
      if (done === 0 && path !== name) bob.user.saveFile(path, 'saved');
      else if (done === 1 && path === name) bob.user.append(name, ' and more');
      else return undefined;
      done += 1;
      return undefined;
    },
  });
  expect(done).toBe(2);
  await settle();
  expect(passing()).toBeUndefined();
  expect(Object.values(ann.user.texts()).toSorted()).toEqual(['1 and more', '2', 'saved']);
});
