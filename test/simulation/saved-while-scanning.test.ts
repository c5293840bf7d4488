/**
 * Somebody saves a file over itself while everything is looked at, and has done so before: each save puts another file in the place of
 * the one before, and all of them are that file to the vault. Its history goes on, and the next look finds nothing that is left over.
 */
import { expect, test } from 'vitest';
import { usualPortions } from '../../src/engine/portions.ts';
import { limboId } from '../../src/engine/scan/limbo.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

const file = 'edited' as const;

function idOf({ index }: SimDevice): NodeId | undefined {
  return [...index.remote.childrenOf(rootId, undefined, 100)].find(({ state }) => state.name === file)?.id;
}

/** ann saves before her sync, and again at that listing of it, and at each that is so many further on. Whether there was such a listing. */
async function saveAt(listing: number, step: number): Promise<boolean> {
  const vault = new SimVault(71);
  vault.portions = { ...usualPortions, folders: 1 };
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  for (const folder of ['a', 'z']) ann.user.makeFolder(folder);
  ann.user.writeFile(file, 'first');
  ann.user.writeFile('a/goes', 'that is looked for once more');
  for (const device of [ann, bob]) await device.sync();
  const id = idOf(bob);
  ann.user.saveFile(file, 'second');
  ann.user.remove('a/goes');
  let seen = 0;
  let saves = 0;
  await ann.sync({
    disturb: ({ verb }) => {
      if (verb === 'readNames' && seen >= listing && (seen - listing) % step === 0)
        ann.user.saveFile(file, `while it was looked for, ${(saves += 1)}`);
      seen += Number(verb === 'readNames');
      return undefined;
    },
  });
  expect([listing, ann.index.local.hasChildren(limboId)]).toEqual([listing, false]);
  ann.user.saveFile(file, 'last');
  for (const device of [ann, bob]) expect([listing, await device.sync()]).toEqual([listing, 'done']);
  expect([listing, idOf(bob)]).toEqual([listing, id]);
  expect(bob.user.texts()).toEqual({ [file]: 'last' });
  for (const device of [ann, bob]) device.retire();
  return saves > 0;
}

test.for([1, 2, 3, 100])('a file that is saved over and over while a scan runs stays that file: at every %i. listing', async (step) => {
  for (let listing = 0; listing < 6; listing += 1) expect([listing, await saveAt(listing, step)]).toEqual([listing, true]);
});
