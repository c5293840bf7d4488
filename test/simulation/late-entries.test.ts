import { describe, expect, test } from 'vitest';
import { openConflicts } from '../../src/engine/open-conflicts.ts';
import { decideConflict } from './decide-conflict.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

/** The seed decides which of two entries that were written at the same time is the first. */
const seeds = Array.from({ length: 6 }, (_, at) => at + 1);

interface World {
  readonly vault: SimVault;
  readonly ann: SimDevice;
  readonly bob: SimDevice;
  readonly eve: SimDevice;
  /** The device is shown a list without what the others have just said. */
  readonly syncsLate: (device: SimDevice) => Promise<void>;
  /** All come to rest. */
  readonly settle: () => Promise<void>;
}

function threeDevices(seed: number): World {
  const vault = new SimVault(seed);
  const [ann, bob, eve] = ['ann', 'bob', 'eve'].map((name) => new SimDevice(vault, name)) as [SimDevice, SimDevice, SimDevice];
  const syncsLate = async (device: SimDevice): Promise<void> => {
    device.store.faults.staleListMs = 30_000;
    await device.sync();
    device.store.faults.staleListMs = 0;
    vault.clock.advance(3_600_000);
  };
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, eve, ann, bob, eve]) await device.sync();
  };
  return { vault, ann, bob, eve, syncsLate, settle };
}

describe('an entry that arrives late makes another one void', () => {
  test.each(seeds)('and with it what another device made upon it: the edit is kept all the same (vault %i)', async (seed) => {
    const { ann, bob, eve, syncsLate, settle } = threeDevices(seed);
    eve.user.makeFolder('d');
    eve.user.writeFile('note', 'v1');
    for (const device of [eve, ann, bob]) await device.sync();
    eve.user.writeFile('note', 'by eve');
    await eve.sync();
    bob.user.rename('note', 'd/note');
    await bob.sync();
    await eve.sync();
    expect(eve.user.texts()).toEqual({ 'd/note': 'by eve' });
    // Knows of neither, so that its entry may come before eve's: then eve's is void, and so is bob's.
    ann.user.rename('note', 'renamed');
    await syncsLate(ann);
    await settle();
    for (const device of [ann, bob, eve]) expect(Object.values(device.user.texts())).toEqual(['by eve']);
  });

  test.each(seeds)('and with it a decision: what that removed is there again, on every disk (vault %i)', async (seed) => {
    const { ann, bob, eve, syncsLate, settle } = threeDevices(seed);
    ann.user.writeFile('note', 'by ann');
    eve.user.writeFile('note', 'by eve');
    for (const device of [ann, eve]) await device.sync();
    // Decides before she has the copy.
    expect(await decideConflict(ann, { keep: 'local', number: 0, run: 1 }, () => undefined)).toBeDefined();
    // Knows of neither, so that his entry may come before hers: then hers is void, and so is what she decided.
    bob.user.writeFile('note', 'by bob');
    await syncsLate(bob);
    await settle();
    const isVoid = openConflicts(ann.index).length > 1;
    const texts = isVoid ? ['by ann', 'by bob', 'by eve'] : ['by bob', 'by eve'];
    for (const device of [ann, bob, eve]) expect(Object.values(device.user.texts()).toSorted()).toEqual(texts);
  });

  test.each(seeds)('and the edit that was in that one is kept all the same (vault %i)', async (seed) => {
    const { ann, bob, eve, syncsLate, settle } = threeDevices(seed);
    eve.user.makeLink('x', 'link');
    eve.user.writeFile('note', 'v1');
    for (const device of [eve, ann, bob]) await device.sync();
    ann.user.writeFile('note', 'by ann');
    bob.user.writeFile('note', 'by bob');
    eve.user.remove('note');
    eve.user.rename('link', 'note');
    await eve.sync();
    // Finds its note removed, and another item of that name: publishes its own under a conflict name.
    await ann.sync();
    expect(Object.values(ann.user.texts())).toEqual(['by ann']);
    // Knows of neither, so that its entry may come before eve's: then eve's is void, and so is ann's.
    await syncsLate(bob);
    await settle();
    for (const device of [ann, bob, eve]) expect(Object.values(device.user.texts()).toSorted()).toEqual(['by ann', 'by bob']);
  });

  test.each(seeds)('and two devices show what was made upon that one: one copy of it is left, not one of each (vault %i)', async (seed) => {
    const { vault, ann, bob, eve, settle } = threeDevices(seed);
    eve.user.writeFile('note', 'v1');
    for (const device of [eve, ann, bob]) await device.sync();
    eve.user.writeFile('note', 'by eve');
    for (const device of [eve, bob]) await device.sync();
    bob.user.writeFile('note', 'by bob upon that');
    for (const device of [bob, eve]) await device.sync();
    ann.user.writeFile('note', 'by ann');
    // Knows of neither; and then bob and eve do not hear of each other either.
    for (const device of [ann, bob, eve]) {
      device.store.faults.staleListMs = 30_000;
      await device.sync();
      if (device === ann) vault.clock.advance(3_600_000);
    }
    for (const device of [ann, bob, eve]) device.store.faults.staleListMs = 0;
    vault.clock.advance(3_600_000);
    await settle();
    for (const device of [ann, bob, eve]) {
      expect(Object.values(device.user.texts()).toSorted()).toEqual(['by ann', 'by bob upon that']);
      expect(device.index.dirty.count()).toBe(0);
    }
  });
});
