/** A folder is renamed, and another one gets its name, while things are on their way into it. */
import { expect, test } from 'vitest';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import { limits } from '../../src/model/limits.ts';
import { linuxPersonality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import type { PortCall } from './sim-process.ts';
import { SimVault } from './sim-vault.ts';

interface World {
  readonly ann: SimDevice;
  readonly bob: SimDevice;
  readonly settle: () => Promise<void>;
}

/** ann and bob in sync over `a/old` and `other`. */
async function world(): Promise<World> {
  const vault = new SimVault(61);
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) await device.sync();
  };
  ann.user.makeFolder('a');
  ann.user.writeFile('a/old', 'old');
  ann.user.writeFile('other', 'other');
  await settle();
  return { ann, bob, settle };
}

/** bob does it at the first such call of his engine. */
async function syncWhile({ bob }: World, isThen: (call: PortCall) => boolean, deed: () => void): Promise<void> {
  let done = false;
  await bob.sync({
    disturb: (call) => {
      if (!done && isThen(call)) {
        done = true;
        deed();
      }
      return undefined;
    },
  });
  expect(done).toBe(true);
}

test('what was meant for it arrives in it, under its new name', async () => {
  const all = await world();
  const { ann, bob, settle } = all;
  ann.user.writeFile('a/new', 'new');
  ann.user.makeLink('old', 'a/link');
  ann.user.makeFolder('a/folder');
  ann.user.rename('other', 'a/other');
  ann.user.writeFile('a/old', 'edited');
  await ann.sync();
  await syncWhile(
    all,
    ({ port, verb, path }) => port === 'disk' && verb === 'makeFolder' && path.startsWith('a/'),
    () => {
      bob.user.rename('a', 'renamed');
      bob.user.makeFolder('a');
      bob.user.writeFile('a/own', 'own');
    },
  );
  expect(bob.user.texts('a')).toEqual({ 'a/own': 'own' });
  await settle();
  expect(ann.user.texts()).toEqual({
    'a/own': 'own',
    'renamed/new': 'new',
    'renamed/old': 'edited',
    'renamed/other': 'other',
  });
  expect([...ann.user.tree().keys()]).toEqual(expect.arrayContaining(['renamed/link', 'renamed/folder']));
  expect(bob.user.tree()).toEqual(ann.user.tree());
});

test('what was deleted in it meanwhile does not come back with it', async () => {
  const all = await world();
  const { ann, bob, settle } = all;
  ann.user.writeFile('a/new', 'new');
  await ann.sync();
  await syncWhile(
    all,
    ({ verb, path }) => verb === 'setFileTime' && path.startsWith('.cachette/staged'),
    () => {
      bob.user.rename('a', 'renamed');
      bob.user.makeFolder('a');
    },
  );
  ann.user.remove('a/new');
  await settle();
  expect(ann.user.texts()).toEqual({ 'renamed/old': 'old', other: 'other' });
});

test.each(['a/own', 'a'])('a watcher that tells of %s alone: the folder that had the name is looked for', async (hint) => {
  const { ann, bob, settle } = await world();
  bob.user.makeFolder('elsewhere');
  await settle();
  bob.user.rename('a', 'elsewhere/renamed');
  bob.user.makeFolder('a');
  bob.user.writeFile('a/own', 'own');
  await bob.look(hint);
  await ann.sync();
  expect(ann.user.texts()).toEqual({ 'a/own': 'own', 'elsewhere/renamed/old': 'old', other: 'other' });
  expect(ann.user.texts('.cachette/trash')).toEqual({});
});

/** Which item of the vault the file of each content is. */
function itemsOf({ index }: Pick<SimDevice, 'index'>, folder: NodeId = rootId): Map<string, NodeId> {
  const items = index.remote.childrenOf(folder, undefined, limits.childrenMax);
  return new Map(items.flatMap(({ id, state }) => (state.kind === 'file' ? [[state.content.id, id]] : [...itemsOf({ index }, id)])));
}

/** bob moves the folder at that call of his sync, while a file of ann's is on its way into it. Whether there was such a call. */
async function moveAt(hasBirthTimes: boolean, at: number): Promise<boolean> {
  const vault = new SimVault(61);
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob', { ...linuxPersonality, hasBirthTimes })];
  ann.user.makeFolder('a');
  for (const name of ['1', '2', '3']) ann.user.writeFile(`a/${name}`, name);
  await ann.sync();
  await bob.sync();
  ann.user.writeFile('a/new', 'new');
  await ann.sync();
  let isDone = false;
  await bob.sync({
    disturb: ({ index }) => {
      if (index === at) bob.user.rename('a', 'b');
      isDone ||= index === at;
      return undefined;
    },
  });
  const before = itemsOf(ann);
  for (const device of [ann, bob, ann, bob]) await device.sync();
  expect([at, itemsOf(ann)]).toEqual([at, before]);
  for (const device of [ann, bob]) device.retire();
  return isDone;
}

test.each([true, false])(
  'what is in it stays the same files, whenever that is (a disk that tells moves by birth times: %s)',
  async (hasBirthTimes) => {
    let at = 0;
    while (await moveAt(hasBirthTimes, at)) at += 1;
    expect(at).toBeGreaterThan(50);
  },
);
