import { expect, test } from 'vitest';
import { windowsPersonality } from '../world/fake-disk/personality.ts';
import { isAtRest } from './check-end.ts';
import type { History } from './history.ts';
import { runHistory } from './run-history.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

/** A link that says nothing of drives to a person, but does to a disk that has the names of Windows. */
const history: History = {
  seed: 9400267,
  devices: [
    { name: 'ann', disk: { like: 'old apple' } },
    { name: 'eve', disk: { like: 'windows' } },
  ],
  checkpointEntries: undefined,
  outcome: 'any',
  steps: [{ do: 'act', device: 'ann', act: { act: 'link', path: 'd', target: 'a:b' } }],
};

test('a link that leads out of the folder on one of the disks is listed there, and everything else is in agreement', async () => {
  expect((await runHistory(history)).failure).toBeUndefined();
});

test.each([
  ['a:b', true],
  ['b', false],
])('a device that has not the link to %s is at rest: %s', async (target, isRest) => {
  const vault = new SimVault(44);
  const [ann, eve] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'eve', windowsPersonality)];
  ann.user.makeLink(target, 'd');
  await ann.sync();
  await eve.sync({ disturb: ({ verb }) => (verb === 'setLinkTime' ? { errno: 'EIO' } : undefined) });
  expect(eve.user.exists('d')).toBe(false);
  expect(isAtRest(eve)).toBe(isRest);
});

test.each(['moved', 'moved and edited here'])(
  'a link that leads out of the folder gives up its old name to another item: %s',
  async (how) => {
    const vault = new SimVault(45);
    const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
    ann.user.makeLink('a', 'd');
    for (const device of [ann, bob]) await device.sync();
    ann.user.remove('d');
    ann.user.makeLink('/etc', 'd');
    await ann.sync();
    ann.user.rename('d', 'e');
    await ann.sync();
    ann.user.makeFolder('d');
    ann.user.writeFile('d/f', 'text');
    await ann.sync();
    if (how !== 'moved') {
      bob.user.remove('d');
      bob.user.makeLink('b', 'd');
    }
    for (const device of [bob, ann, bob]) await device.sync();
    expect(bob.user.texts()).toEqual({ 'd/f': 'text' });
    expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_UNSAFE_LINK', path: 'e' }]);
    const links = (device: SimDevice): string[] => [...device.user.tree().values()].map(({ target }) => target).filter((to) => to !== '');
    expect(links(bob)).toEqual(how === 'moved' ? [] : ['b']);
    expect(links(ann)).toEqual(how === 'moved' ? ['/etc'] : ['b', '/etc']);
    // Nobody took its absence for a removal; and as a link within the folder it comes.
    ann.user.remove('e');
    ann.user.makeLink('d/f', 'e');
    for (const device of [ann, bob]) await device.sync();
    expect(bob.user.see('e')?.target).toBe('d/f');
    expect(isAtRest(bob)).toBe(true);
  },
);

test('a link that leads out of the folder from where it was moved keeps no folder here that was removed', async () => {
  const vault = new SimVault(46);
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  ann.user.makeFolder('a');
  ann.user.makeLink('../b', 'a/d');
  for (const device of [ann, bob]) await device.sync();
  ann.user.rename('a/d', 'd');
  await ann.sync();
  ann.user.removeTree('a');
  for (const device of [ann, bob, ann]) await device.sync();
  expect([...bob.user.tree().keys()]).toEqual([]);
  expect([...ann.user.tree().keys()]).toEqual(['d']);
  expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_UNSAFE_LINK', path: 'd' }]);
  ann.user.makeFolder('a');
  await ann.sync();
  ann.user.rename('d', 'a/d');
  for (const device of [ann, bob]) await device.sync();
  expect(bob.user.see('a/d')?.target).toBe('../b');
});
