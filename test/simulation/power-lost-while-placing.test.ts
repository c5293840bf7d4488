import { expect, test } from 'vitest';
import { nativePersonality, plainPersonality } from '../world/fake-disk/personality.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

const disks = { 'many at once': nativePersonality, 'one by one': plainPersonality } as const;
type DiskName = keyof typeof disks;
const names = Object.keys(disks) as DiskName[];

const before = { 'edited.txt': 'old', 'moved.txt': 'moved', 'removed.txt': 'removed' };
const after = { 'edited.txt': 'new', 'folder/moved.txt': 'moved', 'folder/new.txt': 'made' };

/** Bob loses power while he brings what ann did, before the call `at` that changes something or makes it durable; or else when he has it all. Which. */
async function loseAt(at: number, seed: number, disk: DiskName): Promise<'during' | 'afterwards'> {
  const vault = new SimVault(seed);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob', disks[disk]);
  for (const [path, text] of Object.entries(before)) ann.user.writeFile(path, text);
  for (const device of [ann, bob]) await device.sync();
  bob.disk.kernel.writeBack();
  ann.user.makeFolder('folder');
  ann.user.writeFile('edited.txt', after['edited.txt']);
  ann.user.writeFile('folder/new.txt', after['folder/new.txt']);
  ann.user.rename('moved.txt', 'folder/moved.txt');
  ann.user.remove('removed.txt');
  await ann.sync();
  let calls = 0;
  const end = await bob.sync({
    disturb: ({ port, verb, mutates }) => {
      if (port !== 'disk' || !(mutates || verb.startsWith('sync'))) return undefined;
      calls += 1;
      return calls > at ? 'power' : undefined;
    },
  });
  if (end === 'done') bob.disk.losePower(new SeededRandom(seed));
  for (const device of [bob, ann, bob]) await device.sync();
  const shown = { ann: ann.user.texts(), bob: bob.user.texts() };
  expect({ seed, at, ...shown }).toEqual({ seed, at, ann: after, bob: after });
  for (const device of [ann, bob]) device.retire();
  return end === 'done' ? 'afterwards' : 'during';
}

test.each(names)('without power in the middle, what was brought is never taken for what a person did (%s)', async (disk) => {
  let calls = 0;
  while ((await loseAt(calls, 51 + calls, disk)) === 'during') calls += 1;
  expect(calls).toBeGreaterThan(10);
});

test.each(names)('without power when all is done, all that was brought is there, or is brought again (%s)', async (disk) => {
  for (let seed = 1; seed <= 8; seed += 1) expect(await loseAt(Infinity, seed, disk)).toBe('afterwards');
});
