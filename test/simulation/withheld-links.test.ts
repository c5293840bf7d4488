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
