import { expect, test } from 'vitest';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

/** As a person does it: by a name that is free meanwhile. */
function swap({ user }: SimDevice, a: string, b: string): void {
  user.rename(b, 'aside');
  user.rename(a, b);
  user.rename('aside', a);
}

test('three that trade places across two levels go out together, whichever of them is looked at first', async () => {
  const vault = new SimVault(61);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  ann.user.makeFolder('a');
  ann.user.writeFile('a/b', 'was below');
  ann.user.writeFile('d', 'was at the top');
  await ann.sync();
  swap(ann, 'a/b', 'd');
  // One of the two can't be read yet: the other waits for it, and is the first to be planned from then on.
  ann.user.setMode('d', 0);
  await ann.sync();
  swap(ann, 'a', 'd');
  ann.user.setMode('a', 0o644);
  await ann.sync();
  expect(ann.index.dirty.count()).toBe(0);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ a: 'was below', 'd/b': 'was at the top' });
});
