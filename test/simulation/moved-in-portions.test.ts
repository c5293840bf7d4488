/** Files that were moved where only their content tells, more of them than are planned together. */
import { expect, test } from 'vitest';
import { usualPortions } from '../../src/engine/portions.ts';
import { limits } from '../../src/model/limits.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import { plainPersonality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

const names = ['1', '2', '3', '4', '5', '6', '7'];

/** Which item each text of the vault is. */
function itemsOf({ index }: SimDevice): Record<string, NodeId> {
  const items: [string, NodeId][] = [];
  for (const folder of index.remote.childrenOf(rootId, undefined, limits.childrenMax))
    for (const { id, state } of index.remote.childrenOf(folder.id, undefined, limits.childrenMax))
      items.push([state.kind === 'file' ? state.content.id : '', id]);
  return Object.fromEntries(items);
}

test.each([
  ['b', 'a', true],
  ['a', 'b', true],
  ['b', 'a', false],
  ['a', 'b', false],
])('they are the same files, from %s to %s, be they on a disk that tells moves by birth times (%s)', async (from, to, hasBirthTimes) => {
  const vault = new SimVault(42);
  vault.portions = { ...usualPortions, nodes: 2 };
  const [ann, bob] = [new SimDevice(vault, 'ann', { ...plainPersonality, hasBirthTimes }), new SimDevice(vault, 'bob')];
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) await device.sync();
  };
  ann.user.makeFolder(from);
  ann.user.makeFolder(to);
  for (const name of names) ann.user.writeFile(`${from}/${name}`, `text ${name}`);
  await settle();
  const before = itemsOf(ann);
  for (const name of names) {
    ann.user.writeFile(`${to}/${name}`, `text ${name}`);
    ann.user.remove(`${from}/${name}`);
  }
  await settle();
  expect(itemsOf(ann)).toEqual(before);
  expect(bob.user.texts()).toEqual(Object.fromEntries(names.map((name) => [`${to}/${name}`, `text ${name}`])));
});
