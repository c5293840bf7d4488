import { expect, test } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

interface World {
  readonly ann: SimDevice;
  readonly bob: SimDevice;
}

const before = { 'folder/file': 'f', other: 'o' };
const after = { 'folder/file': 'f2', new: 'n', other: 'o' };

/** Both have the same; ann has done something since. */
async function withNews(): Promise<World> {
  const vault = new SimVault(51);
  const [ann, bob] = [new SimDevice(vault, 'ann'), new SimDevice(vault, 'bob')];
  ann.user.makeFolder('folder');
  for (const [path, text] of Object.entries(before)) ann.user.writeFile(path, text);
  for (const device of [ann, bob]) await device.sync();
  expect(bob.user.texts()).toEqual(before);
  ann.user.writeFile('folder/file', 'f2');
  ann.user.writeFile('new', 'n');
  await ann.sync();
  return { ann, bob };
}

async function expectMissing(run: Promise<unknown>): Promise<void> {
  const failure = await run.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({ code: 'E_FOLDER_MISSING' });
}

async function expectAllThere({ ann, bob }: World): Promise<void> {
  for (const device of [bob, ann, bob]) await device.sync();
  expect({ ann: ann.user.texts(), bob: bob.user.texts() }).toEqual({ ann: after, bob: after });
  for (const device of [ann, bob]) device.retire();
}

test('the disk with the folder is not mounted, its empty mount point is seen: nothing is removed, and nothing put there', async () => {
  const world = await withNews();
  const { ann, bob } = world;
  const { bringBack } = bob.user.showMountPoint();
  for (let run = 0; run < 2; run += 1) await expectMissing(bob.sync());
  expect([...bob.user.tree().keys()]).toEqual([]);
  await ann.sync();
  expect(ann.user.texts()).toEqual(after);
  bringBack();
  await expectAllThere(world);
});

test('the disk with the folder goes in the middle of a sync, whenever that is: as before', async () => {
  let calls = 0;
  for (let isOver = false; !isOver; calls += 5) {
    const world = await withNews();
    const { bob } = world;
    let bringBack: (() => void) | undefined;
    const run = bob.sync({
      disturb: ({ index }) => {
        if (index === calls) ({ bringBack } = bob.user.showMountPoint());
        return undefined;
      },
    });
    const failure = await run.catch((error: unknown) => error);
    isOver = bringBack === undefined;
    if (failure instanceof Error) expect(failure).toMatchObject({ code: 'E_FOLDER_MISSING' });
    if (!isOver) expect([...bob.user.tree().keys()]).toEqual([]);
    bringBack?.();
    await expectAllThere(world);
  }
  expect(calls).toBeGreaterThan(50);
});
