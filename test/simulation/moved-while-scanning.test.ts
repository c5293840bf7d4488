/**
 * Somebody moves a folder while everything is looked at: out of where the look has yet to come into where it has been, or the other
 * way round. What is in it stays what it was, to the vault too: its history goes on, and its conflict stays open.
 */
import { describe, expect, test } from 'vitest';
import { usualPortions } from '../../src/engine/portions.ts';
import { openJournalBook } from '../../src/index/journal-book.ts';
import type { NodeId } from '../../src/model/ids.ts';
import { linuxPersonality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

const copy = 'x (conflict bob 2026-01-02)';

interface Case {
  readonly hasBirthTimes: boolean;
  /** Folders looked at together. */
  readonly folders: number;
  readonly from: string;
  readonly to: string;
}

/** The conflict that is open, by its copy's node and where that stands; undefined where there is none. */
function openConflict({ index }: SimDevice): { readonly node: NodeId; readonly path: string } | undefined {
  const [node] = openJournalBook(index).records('conflict').keys();
  if (node === undefined) return undefined;
  const names: string[] = [];
  for (let at = index.remote.find(node as NodeId); at !== undefined; at = index.remote.find(at.state.parent)) names.unshift(at.state.name);
  return { node: node as NodeId, path: names.join('/') };
}

/** ann moves the folder at that listing of her sync, and everybody syncs until all is at rest. Whether there was such a listing. */
async function moveAt({ hasBirthTimes, folders, from, to }: Case, listing: number): Promise<boolean> {
  const vault = new SimVault(71);
  vault.portions = { ...usualPortions, folders };
  const [ann, bob] = [new SimDevice(vault, 'ann', { ...linuxPersonality, hasBirthTimes }), new SimDevice(vault, 'bob')];
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) await device.sync();
  };
  for (const folder of ['b', 'm', 'z', from]) if (ann.user.find(folder) === undefined) ann.user.makeFolder(folder);
  ann.user.writeFile(`${from}/x`, 'by ann');
  bob.user.makeFolder(from.split('/')[0] ?? '');
  if (from.includes('/')) bob.user.makeFolder(from);
  bob.user.writeFile(`${from}/x`, 'by bob');
  await settle();
  // Beside the item that kept the name the copy's own name would tell.
  ann.user.rename(`${from}/x`, 'y');
  await settle();
  const before = openConflict(bob);
  expect(before?.path).toBe(`${from}/${copy}`);
  let seen = 0;
  await ann.sync({
    disturb: ({ verb }) => {
      if (verb === 'readNames' && seen++ === listing) ann.user.rename(from, to);
      return undefined;
    },
  });
  await settle();
  if (seen > listing) expect([listing, openConflict(bob)]).toEqual([listing, { node: before?.node, path: `${to}/${copy}` }]);
  expect(Object.values(bob.user.texts()).toSorted()).toEqual(['by ann', 'by bob']);
  for (const device of [ann, bob]) device.retire();
  return seen > listing;
}

describe.for([
  { hasBirthTimes: true, folders: 1, from: 'm/f', to: 'b/f' },
  { hasBirthTimes: true, folders: 1, from: 'm/f', to: 'z/f' },
  { hasBirthTimes: false, folders: 1, from: 'm/f', to: 'b/f' },
  { hasBirthTimes: false, folders: 1, from: 'm/f', to: 'z/f' },
  { hasBirthTimes: false, folders: 64, from: 'm/f', to: 'z/f' },
  { hasBirthTimes: false, folders: 64, from: 'f', to: 'a' },
])('a folder that is moved while a scan runs keeps what is in it: %o', (which) => {
  test('whenever that is', async () => {
    let listing = 0;
    while (await moveAt(which, listing)) listing += 1;
    expect(listing).toBeGreaterThan(6);
  });
});
