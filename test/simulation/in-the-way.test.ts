import { expect, test } from 'vitest';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

test('a pipe where a file belongs stops that file alone, and only as long as it stands there', async () => {
  const vault = new SimVault(31);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  bob.user.makePipe('x');
  ann.user.writeFile('x', 'a file');
  ann.user.writeFile('y', 'another');
  await ann.sync();
  await bob.sync();
  expect(bob.user.texts()).toEqual({ y: 'another' });
  expect(bob.index.dirty.count()).toBe(1);
  expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_NAME_CLASH', path: 'x' }]);
  bob.user.remove('x');
  await bob.sync();
  expect(bob.user.texts()).toEqual({ x: 'a file', y: 'another' });
  expect(bob.index.problems.count()).toBe(0);
});
