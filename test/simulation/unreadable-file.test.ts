/** A new file that nobody can read yet, where the disk does not tell a moved file from a new one. */
import { expect, test } from 'vitest';
import { openConflicts } from '../../src/engine/open-conflicts.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import { linuxPersonality, type Personality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

interface Pair {
  readonly ann: SimDevice;
  /** On a disk on which nothing tells a moved file from a new one but what it holds. */
  readonly bob: SimDevice;
  readonly settle: () => Promise<void>;
}

const withoutIdentities = { ...linuxPersonality, hasBirthTimes: false };

function pairUp(personality: Personality = withoutIdentities): Pair {
  const vault = new SimVault(44);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob', personality);
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) expect({ [device.name]: await device.sync() }).toEqual({ [device.name]: 'done' });
  };
  return { ann, bob, settle };
}

function moveAndLock({ user }: SimDevice, path: string, to: string): void {
  user.rename(path, to);
  user.setMode(to, 0);
}

function nodeNamed({ index }: SimDevice, name: string): NodeId | undefined {
  return index.remote.childrenOf(rootId, undefined, 99).find(({ state }) => state.name === name)?.id;
}

test('a file that was moved stays where it was for the others, until it is known to be that file', async () => {
  const { ann, bob, settle } = pairUp();
  ann.user.writeFile('file', 'text');
  await settle();
  const file = nodeNamed(ann, 'file');
  moveAndLock(bob, 'file', 'moved');
  await settle();
  // Also while it rests, and is not tried again.
  await bob.look('other');
  await ann.sync();
  expect(ann.user.texts()).toEqual({ file: 'text' });
  expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_DISK', path: 'moved' }]);
  bob.user.setMode('moved', 0o644);
  await settle();
  expect(ann.user.texts()).toEqual({ moved: 'text' });
  expect(nodeNamed(ann, 'moved')).toBe(file);
});

test('a conflict copy that trades places with a link stays the copy, and its conflict open (surroundings 413)', async () => {
  const { ann, bob, settle } = pairUp();
  ann.user.makeFolder('name');
  ann.user.makeLink('elsewhere', 'name/link');
  bob.user.writeFile('name', 'of bob');
  await settle();
  const [conflict] = openConflicts(bob.index);
  const [shown = ''] = Object.keys(bob.user.texts());
  expect(shown).toContain('conflict');
  bob.user.rename(shown, 'aside');
  bob.user.rename('name/link', shown);
  moveAndLock(bob, 'aside', 'name/link');
  await settle();
  expect(openConflicts(ann.index)).toContainEqual(conflict);
  bob.user.setMode('name/link', 0o644);
  await settle();
  expect(openConflicts(ann.index)).toContainEqual(conflict);
  expect(ann.user.texts()).toEqual({ 'name/link': 'of bob' });
  expect(ann.user.tree().get(shown)).toMatchObject({ kind: 'link' });
});

test('what was removed goes when the file is gone, too, or holds something else', async () => {
  const { ann, bob, settle } = pairUp();
  ann.user.writeFile('one', 'text');
  ann.user.writeFile('two', 'word');
  await settle();
  bob.user.remove('one');
  bob.user.remove('two');
  bob.user.writeFile('new', 'news');
  bob.user.setMode('new', 0);
  await settle();
  expect(ann.user.texts()).toEqual({ one: 'text', two: 'word' });
  bob.user.setMode('new', 0o644);
  await settle();
  expect(ann.user.texts()).toEqual({ new: 'news' });
  moveAndLock(bob, 'new', 'moved');
  await settle();
  bob.user.remove('moved');
  await settle();
  expect(ann.user.texts()).toEqual({});
});

test.each([
  ['of another size', withoutIdentities, 'longer'],
  ['which the disk would tell from a new one', linuxPersonality, 'text'],
])('nothing waits for a file %s', async (_, personality, text) => {
  const { ann, bob, settle } = pairUp(personality);
  ann.user.writeFile('file', 'old.');
  await settle();
  bob.user.remove('file');
  bob.user.writeFile('new', text);
  bob.user.setMode('new', 0);
  await settle();
  expect(ann.user.texts()).toEqual({});
});
