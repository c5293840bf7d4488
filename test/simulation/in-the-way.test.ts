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

test.each([1, 2, 3, 5])('a folder that was made anew gets all %s files of the one that had its name', async (count) => {
  const vault = new SimVault(71);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  const names = Array.from({ length: count }, (_, at) => `file ${at}`);
  ann.user.makeFolder('a');
  for (const name of names) ann.user.writeFile(`a/${name}`, name);
  await ann.sync();
  await bob.sync();
  // What changed first is planned first: one of the files, and not the folder.
  ann.user.writeFile('a/file 0', 'file 0, edited');
  await ann.sync();
  ann.user.rename('a', 'old');
  // Else the new folder would be taken for the old one.
  await ann.sync();
  ann.user.makeFolder('a');
  for (const name of names.toReversed()) ann.user.rename(`old/${name}`, `a/${name}`);
  ann.user.removeTree('old');
  await ann.sync();
  for (let round = 0; round < 3; round += 1) await bob.sync();
  expect(bob.user.texts()).toEqual({
    ...Object.fromEntries(names.map((name) => [`a/${name}`, name])),
    'a/file 0': 'file 0, edited',
  });
  expect(bob.index.dirty.count()).toBe(0);
});
