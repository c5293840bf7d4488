import { expect, test } from 'vitest';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

/** A vault with a snapshot, behind which all that bob's folder holds is an older version of what the vault has. */
async function oldFolder(): Promise<{
  readonly vault: SimVault;
  readonly ann: SimDevice;
  readonly bob: SimDevice;
  readonly settle: () => Promise<void>;
}> {
  const vault = new SimVault(71);
  vault.checkpointWorth = { entries: 2, bodyBytes: 1e9 };
  const ann = new SimDevice(vault, 'ann');
  const bob = new SimDevice(vault, 'bob');
  const settle = async (): Promise<void> => {
    for (const device of [bob, ann, bob, ann]) await device.sync();
  };
  ann.user.makeFolder('letters');
  ann.user.writeFile('letters/a', 'dear all');
  ann.user.writeFile('b', 'version 0');
  await settle();
  for (let at = 1; at < 9; at += 1) {
    if (at === 4) await endEpoch(vault, ann);
    ann.user.writeFile('letters/a', `dear all, version ${at}`);
    await ann.sync();
    bob.user.writeFile('b', `version ${at}`);
    await bob.sync();
  }
  bob.user.writeFile('letters/a', 'dear all');
  bob.user.writeFile('b', 'version 1');
  return { vault, ann, bob, settle };
}

async function endEpoch(vault: SimVault, ann: SimDevice): Promise<void> {
  const other = new SimDevice(vault, 'other');
  await other.sync();
  await ann.remove(other);
}

const now = { 'letters/a': 'dear all, version 8', b: 'version 8' };

test.each([
  ['that lost its index', (bob: SimDevice) => bob.loseIndex()],
  ['that joins afresh', (bob: SimDevice) => bob.joinAfresh()],
])('files from before the snapshot that a device begins with are merely old, on one %s', async (_, befall) => {
  const { ann, bob, settle } = await oldFolder();
  befall(bob);
  await settle();
  expect(bob.user.texts()).toEqual(now);
  expect(ann.user.texts()).toEqual(now);
  expect(await isPastKnown(bob)).toBe(true);
});

function isPastKnown(device: SimDevice): Promise<boolean | 'killed'> {
  return device.act(({ journal }) => Promise.resolve(journal.isPastKnown));
}

test('the past is asked for where a file may be old, and not where all is equal, or new, or was agreed upon', async () => {
  const { ann, bob, settle } = await oldFolder();
  for (const [path, text] of Object.entries(now)) bob.user.writeFile(path, text);
  bob.user.writeFile('new', 'from bob');
  bob.joinAfresh();
  await settle();
  expect(bob.user.texts()).toEqual({ ...now, new: 'from bob' });
  ann.user.writeFile('same name', 'ann');
  bob.user.writeFile('same name', 'bob');
  await ann.sync();
  await settle();
  expect(Object.values(bob.user.texts())).toContain('bob');
  expect(ann.user.texts()).toEqual(bob.user.texts());
  expect(await isPastKnown(bob)).toBe(false);
});

test('where the store does not have the past any more, what differs is kept on both sides', async () => {
  const { vault, ann, bob, settle } = await oldFolder();
  const [first = ''] = vault.medium.names('journal/');
  const bytes = vault.medium.read(first);
  vault.medium.write(first, undefined);
  bob.joinAfresh();
  await bob.sync();
  vault.medium.write(first, bytes);
  await settle();
  expect(Object.values(bob.user.texts()).toSorted()).toEqual(['dear all', 'dear all, version 8', 'version 1', 'version 8']);
  expect(ann.user.texts()).toEqual(bob.user.texts());
});
