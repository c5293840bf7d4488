import { expect, test } from 'vitest';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

interface Pair {
  readonly ann: SimDevice;
  readonly bob: SimDevice;
  readonly settle: () => Promise<void>;
}

function pair(): Pair {
  const vault = new SimVault(43);
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) await device.sync();
  };
  return { ann, bob, settle };
}

const targetAt = (device: SimDevice, path: string): string | undefined => device.user.tree().get(path)?.target;

test('a link that leads out stays where it was made; elsewhere it is listed, and comes once it leads inside', async () => {
  const { ann, bob, settle } = pair();
  ann.user.makeFolder('folder');
  ann.user.makeLink('/etc/passwd', 'folder/out');
  ann.user.makeLink('../file', 'folder/in');
  ann.user.writeFile('file', 'f');
  await settle();
  expect(targetAt(ann, 'folder/out')).toBe('/etc/passwd');
  expect([...bob.user.tree().keys()].toSorted()).toEqual(['file', 'folder', 'folder/in']);
  expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_UNSAFE_LINK', path: 'folder/out' }]);
  expect(ann.index.problems.count()).toBe(0);

  ann.user.remove('folder/out');
  ann.user.makeLink('in', 'folder/out');
  await settle();
  expect(targetAt(bob, 'folder/out')).toBe('in');
  expect(bob.index.problems.count()).toBe(0);
  // And out again: what bob has stays as it is.
  ann.user.remove('folder/out');
  ann.user.makeLink('../../up', 'folder/out');
  await settle();
  expect(targetAt(bob, 'folder/out')).toBe('in');
  expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_UNSAFE_LINK', path: 'folder/out' }]);
  expect(targetAt(ann, 'folder/out')).toBe('../../up');
});

test('whoever makes the same link has it; and whoever made it may remove it', async () => {
  const { ann, bob, settle } = pair();
  ann.user.makeLink('/etc', 'out');
  await settle();
  bob.user.makeLink('/etc', 'out');
  await settle();
  expect(bob.index.problems.count()).toBe(0);
  expect(bob.index.dirty.count()).toBe(0);
  expect([...ann.user.tree().keys()]).toEqual(['out']);
  ann.user.remove('out');
  await settle();
  expect(bob.user.exists('out')).toBe(false);
  expect(bob.index.dirty.count()).toBe(0);
});

test('a link is not moved to where it would lead out, nor kept where nobody has it; what lies in the way of one that is not made is kept', async () => {
  const { ann, bob, settle } = pair();
  ann.user.makeFolder('folder');
  ann.user.makeLink('../file', 'folder/link');
  ann.user.writeFile('file', 'f');
  await settle();
  ann.user.rename('folder/link', 'link');
  await settle();
  expect([...bob.user.tree().keys()].toSorted()).toEqual(['file', 'folder']);
  expect(bob.index.problems.list(9)).toMatchObject([{ code: 'E_UNSAFE_LINK' }]);
  ann.user.rename('link', 'folder/again');
  ann.user.makeLink('/etc', 'clash');
  bob.user.writeFile('clash', 'mine');
  await settle();
  expect([...bob.user.tree().keys()].filter((path) => path.startsWith('folder'))).toEqual(['folder', 'folder/again']);
  expect(Object.values(bob.user.texts())).toContain('mine');
  expect(Object.values(ann.user.texts())).toContain('mine');
  expect(targetAt(ann, 'clash')).toBe('/etc');
});
