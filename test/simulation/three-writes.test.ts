import { expect, test } from 'vitest';
import { linuxPersonality, plainPersonality, type Personality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import type { PortCall } from './sim-process.ts';
import { SimVault } from './sim-vault.ts';

/** All contents on both devices, when a person acts so at the engine's calls that change what stands at `a`. */
async function textsAfter(personality: Personality, acts: readonly ((device: SimDevice) => void)[]): Promise<string[]> {
  const vault = new SimVault(71);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob', personality);
  ann.user.writeFile('a', 'v1');
  for (const device of [ann, bob]) await device.sync();
  ann.user.writeFile('a', 'v2');
  await ann.sync();
  const next = acts.values();
  const isAtIt = ({ mutates, path, toPath }: PortCall): boolean => mutates && [path, toPath].includes('a');
  await bob.sync({
    disturb: (call) => {
      if (isAtIt(call)) next.next().value?.(bob);
      return undefined;
    },
  });
  expect([...next]).toEqual([]);
  for (const device of [bob, ann, bob]) expect(await device.sync()).toBe('done');
  expect(ann.user.texts()).toEqual(bob.user.texts());
  return Object.values(ann.user.texts()).toSorted();
}

test('three writes between the calls of one replacement: what he did not overwrite himself is in the folder', async () => {
  const save = ({ user }: SimDevice): void => user.saveFile('a', 'saved');
  const saveAgain = ({ user }: SimDevice): void => user.saveFile('a', 'saved again');
  const append = ({ user }: SimDevice): void => user.append('a', ' and more');
  expect(await textsAfter(linuxPersonality, [save, saveAgain, append])).toEqual(['saved again', 'saved and more', 'v2']);
  expect(await textsAfter(linuxPersonality, [save, saveAgain])).toEqual(['saved again', 'v2']);
});

test('a folder moved over the file, and what stands there then written to: nobody writes over a folder, so both are there', async () => {
  const moveOver = ({ user }: SimDevice): void => {
    user.makeFolder('folder');
    user.writeFile('folder/in', 'in it');
    user.remove('a');
    user.rename('folder', 'a');
  };
  const write = ({ user }: SimDevice): void => user.writeFile('a', 'written');
  const wait = (): void => undefined;
  expect(await textsAfter(linuxPersonality, [moveOver, write])).toEqual(['in it', 'v2', 'written']);
  expect(await textsAfter(linuxPersonality, [moveOver, wait])).toEqual(['in it', 'v2']);
});

test('without a swap: written into the old file, and saved over the new one', async () => {
  const link = [({ user }: SimDevice): void => user.append('a', ' and more'), ({ user }: SimDevice): void => user.saveFile('a', 'saved')];
  expect(await textsAfter(plainPersonality, link)).toEqual(['saved', 'v2']);
});
