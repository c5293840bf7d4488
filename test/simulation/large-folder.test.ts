import { expect, test } from 'vitest';
import { usualPortions } from '../../src/engine/portions.ts';
import { withoutSettled } from '../../src/engine/scan/settled-items.ts';
import { topPath } from '../../src/disk/disk.ts';
import { rootId } from '../../src/model/ids.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

/** Two devices to which a folder of more than five items is a large one, and one that all know. */
async function largeFolder(): Promise<{ ann: SimDevice; bob: SimDevice }> {
  const vault = new SimVault(61);
  vault.portions = { ...usualPortions, listedItems: 5 };
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  for (let number = 1; number <= 8; number += 1) ann.user.writeFile(`file ${number}`, `content ${number}`);
  ann.user.makeFolder('folder');
  ann.user.writeFile('folder/inside', 'inside');
  await ann.sync();
  await bob.sync();
  await ann.sync();
  return { ann, bob };
}

test('of a large folder only what is not as it was known is held, and folders', async () => {
  const { ann } = await largeFolder();
  ann.user.writeFile('file 3', 'another content');
  ann.user.rename('file 4', 'file 9');
  const left = await ann.act(async (parts) => {
    const listing = await parts.disk.list(topPath);
    return withoutSettled(parts, { folder: { id: rootId, path: topPath }, listing });
  });
  if (left === 'killed' || typeof left.listing === 'string') throw new Error('nothing was listed');
  expect(left.listing.entries.map(({ name }) => name).toSorted()).toEqual(['file 3', 'file 9', 'folder']);
  expect([...left.settled].toSorted()).toEqual(['file 1', 'file 2', 'file 5', 'file 6', 'file 7', 'file 8']);
});

test('what is changed, removed, renamed, exchanged, made and moved in a large folder arrives', async () => {
  const { ann, bob } = await largeFolder();
  ann.user.writeFile('file 1', 'changed');
  ann.user.remove('file 2');
  ann.user.rename('file 3', 'third');
  ann.user.rename('file 4', 'waits');
  ann.user.rename('file 5', 'file 4');
  ann.user.rename('waits', 'file 5');
  ann.user.rename('file 6', 'folder/file 6');
  ann.user.remove('file 7');
  ann.user.makeFolder('file 7');
  ann.user.rename('folder/inside', 'outside');
  ann.user.writeFile('new', 'new');
  await ann.sync();
  await bob.sync();
  expect(bob.user.texts()).toEqual({
    'file 1': 'changed',
    third: 'content 3',
    'file 4': 'content 5',
    'file 5': 'content 4',
    'folder/file 6': 'content 6',
    'file 8': 'content 8',
    outside: 'inside',
    new: 'new',
  });
  expect(ann.user.texts()).toEqual(bob.user.texts());
  expect(ann.index.dirty.count() + bob.index.dirty.count()).toBe(0);
});
