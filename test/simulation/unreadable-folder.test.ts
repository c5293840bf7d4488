import { expect, test } from 'vitest';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

function problems({ index }: SimDevice): { code: string; path: string }[] {
  return index.problems.list(10).map(({ code, path }) => ({ code, path }));
}

test('a folder that can not be read is told of, nothing in it is taken for removed, and it heals by itself', async () => {
  const vault = new SimVault(41);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  ann.user.makeFolder('closed');
  ann.user.writeFile('closed/x', 'kept');
  ann.user.writeFile('open', 'one');
  await ann.sync();
  await bob.sync();
  ann.user.setMode('closed', 0o000);
  ann.user.writeFile('open', 'two');
  await ann.sync();
  expect(problems(ann)).toEqual([{ code: 'E_UNREADABLE', path: 'closed' }]);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ 'closed/x': 'kept', open: 'two' });

  ann.user.setMode('closed', 0o755);
  await ann.sync();
  expect(problems(ann)).toEqual([]);
});

test('a new folder that can not be read is told of, also after a look at other paths only, until it is gone', async () => {
  const vault = new SimVault(42);
  const ann = new SimDevice(vault, 'ann');
  await ann.sync();
  ann.user.makeFolder('closed');
  ann.user.setMode('closed', 0o000);
  await ann.sync();
  ann.user.writeFile('other', 'x');
  await ann.sync({ hints: ['other'] });
  expect(problems(ann)).toEqual([{ code: 'E_UNREADABLE', path: 'closed' }]);
  ann.user.setMode('closed', 0o755);
  ann.user.removeTree('closed');
  await ann.sync();
  expect(problems(ann)).toEqual([]);
});

test('the synced folder itself that can not be read stops the run, and nothing is taken for removed', async () => {
  const vault = new SimVault(43);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  ann.user.writeFile('x', 'kept');
  await ann.sync();
  await bob.sync();
  ann.user.setMode('', 0o300);
  await expect(ann.sync()).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
  ann.user.setMode('', 0o755);
  await ann.sync();
  await bob.sync();
  expect(bob.user.texts()).toEqual({ x: 'kept' });
});

test('a folder that could not be asked what it is on is not taken for one in which a disk is mounted', async () => {
  const vault = new SimVault(58);
  const ann = new SimDevice(vault, 'ann');
  ann.user.makeFolder('d');
  ann.user.writeFile('d/file', 'v1');
  await ann.sync();
  ann.user.makeFolder('d/new');
  await ann.sync({ hints: ['d/new'], disturb: ({ verb, path }) => (verb === 'lstat' && path === 'd' ? { errno: 'EACCES' } : undefined) });
  await ann.sync();
  expect(ann.index.problems.count()).toBe(0);
  expect(ann.index.dirty.count()).toBe(0);
});

test('a folder of which only the names can be read is one problem, and nothing in it is taken for removed', async () => {
  const vault = new SimVault(44);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  ann.user.makeFolder('closed');
  for (const name of ['x', 'y', 'z']) ann.user.writeFile(`closed/${name}`, 'kept');
  await ann.sync();
  await bob.sync();
  ann.user.setMode('closed', 0o600);
  ann.user.writeFile('open', 'one');
  await ann.sync();
  expect(problems(ann)).toEqual([{ code: 'E_UNREADABLE', path: 'closed' }]);
  await bob.sync();
  expect(bob.user.texts()).toEqual({ 'closed/x': 'kept', 'closed/y': 'kept', 'closed/z': 'kept', open: 'one' });
});

test('a folder that can be written to and not read gets nothing: it could not be made durable; all else goes on', async () => {
  const vault = new SimVault(59);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  ann.user.makeFolder('closed');
  for (const name of ['edited', 'gone', 'moved', 'rest']) ann.user.writeFile(`closed/${name}`, 'old');
  ann.user.makeFolder('closed/empty');
  ann.user.writeFile('open', 'one');
  await ann.sync();
  await bob.sync();
  bob.user.writeFile('closed/edited', 'new');
  bob.user.writeFile('closed/new', 'new');
  bob.user.makeFolder('closed/folder');
  bob.user.remove('closed/gone');
  bob.user.rename('closed/moved', 'moved');
  bob.user.rename('open', 'closed/open');
  bob.user.writeFile('else', 'new');
  await bob.sync();
  ann.user.setMode('closed', 0o300);
  ann.user.writeFile('mine', 'one');
  await ann.sync();
  expect(problems(ann)).toContainEqual({ code: 'E_UNREADABLE', path: 'closed' });
  await bob.sync();
  expect(bob.user.texts()).toMatchObject({ mine: 'one', else: 'new' });
  ann.user.setMode('closed', 0o755);
  expect(ann.user.texts()).toMatchObject({ else: 'new', 'closed/edited': 'old', 'closed/gone': 'old', 'closed/rest': 'old' });
  await ann.sync();
  await bob.sync();
  expect(problems(ann)).toEqual([]);
  expect(ann.user.texts()).toEqual(bob.user.texts());
  expect(ann.user.texts()).toEqual({
    'closed/edited': 'new',
    'closed/new': 'new',
    'closed/open': 'one',
    'closed/rest': 'old',
    moved: 'old',
    else: 'new',
    mine: 'one',
  });
});
