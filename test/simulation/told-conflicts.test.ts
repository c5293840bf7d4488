/** A conflict copy is told of on every device, whoever made it and however: small histories that random ones were cut down to. */
import { describe, expect, test } from 'vitest';
import { openJournalBook } from '../../src/index/journal-book.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { conflictFromText } from '../../src/vault/journal/fold/fold-state.ts';
import { plainPersonality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';
import { syncUnheard } from './sync-unheard.ts';

/** A disk that can't tell a renamed item from a new one. */
const forgetful = { ...plainPersonality, hasBirthTimes: false };

function twoDevices(seed: number): { ann: SimDevice; bob: SimDevice; settle: () => Promise<void> } {
  const vault = new SimVault(seed);
  const [ann, bob] = [new SimDevice(vault, 'ann', forgetful), new SimDevice(vault, 'bob')];
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) await device.sync();
  };
  return { ann, bob, settle };
}

/** What each conflict is between: the copy, and the item that kept the name (`gone` where that is no more). */
function told({ index }: SimDevice): string[] {
  const nameOf = (node: NodeId): string => {
    const names: string[] = [];
    for (let at = index.remote.find(node); at !== undefined; at = index.remote.find(at.state.parent)) names.unshift(at.state.name);
    return names.join('/') || 'gone';
  };
  const conflicts = [...openJournalBook(index).records('conflict').values()].map(conflictFromText);
  return conflicts.map(({ copy, of }) => `${nameOf(copy)} of ${nameOf(of)}`);
}

describe('a conflict copy is told of', () => {
  test('where it is a file that was moved onto the name of a folder, on a disk that does not tell', async () => {
    const { ann, bob, settle } = twoDevices(1);
    ann.user.makeFolder('c');
    ann.user.makeFolder('c/d');
    ann.user.writeFile('c/f', 'a file');
    await settle();
    bob.user.writeFile('c/d/e', 'in the folder');
    await bob.sync();
    ann.user.removeTree('c/d');
    ann.user.rename('c/f', 'c/d');
    await settle();
    expect(told(ann)).toEqual(['c/d (conflict ann 2026-01-02) of c/d']);
    expect(told(bob)).toEqual(told(ann));
  });

  test('where it was edited here while somebody removed it', async () => {
    const { ann, bob, settle } = twoDevices(2);
    ann.user.writeFile('x', 'by ann');
    bob.user.writeFile('x', 'by bob');
    await settle();
    expect(told(ann)).toEqual(['x (conflict bob 2026-01-02) of x']);
    bob.user.remove('x (conflict bob 2026-01-02)');
    ann.user.append('x (conflict bob 2026-01-02)', ', and ann');
    // No longer beside it: the story is what was told before.
    bob.user.rename('x', 'y');
    await bob.sync();
    await settle();
    expect(told(ann)).toEqual(['x (conflict bob 2026-01-02) of y']);
    expect(told(bob)).toEqual(told(ann));
  });

  test('where somebody removed it, and the index was lost that would know of that', async () => {
    const { ann, bob, settle } = twoDevices(3);
    ann.user.writeFile('x', 'by ann');
    bob.user.writeFile('x', 'by bob');
    await settle();
    bob.user.remove('x (conflict bob 2026-01-02)');
    await bob.sync();
    ann.loseIndex();
    await settle();
    expect(Object.keys(bob.user.texts())).toEqual(['x', 'x (conflict bob 2026-01-02)']);
    expect(told(ann)).toEqual(['x (conflict bob 2026-01-02) of x']);
    expect(told(bob)).toEqual(told(ann));
  });

  test('where it is a link, in a folder that was moved on a disk that does not tell', async () => {
    const { ann, bob, settle } = twoDevices(4);
    bob.user.makeFolder('a');
    bob.user.makeFolder('a/c');
    ann.user.makeFolder('a');
    ann.user.makeLink('e', 'a/c');
    await bob.sync();
    await settle();
    ann.user.rename('a', 'd');
    await settle();
    expect(told(ann)).toEqual(['d/c (conflict ann 2026-01-02) of d/c']);
    expect(told(bob)).toEqual(told(ann));
  });

  test('and of a file of that name that a person made beside the other one', async () => {
    const { ann, bob, settle } = twoDevices(5);
    ann.user.writeFile('x', 'one');
    ann.user.writeFile('x (conflict eve 2020-02-02)', 'from another vault');
    await settle();
    expect(told(bob)).toEqual(['x (conflict eve 2020-02-02) of x']);
  });

  test('but not the other way round as well, where a person had the two change places', async () => {
    const { ann, bob, settle } = twoDevices(6);
    ann.user.writeFile('x', 'by ann');
    bob.user.writeFile('x', 'by bob');
    await settle();
    const copy = 'x (conflict bob 2026-01-02)';
    bob.user.rename('x', 'for a moment');
    bob.user.rename(copy, 'x');
    bob.user.rename('for a moment', copy);
    await settle();
    expect(ann.user.texts()).toEqual({ x: 'by bob', [copy]: 'by ann' });
    expect(told(ann)).toEqual([`x of ${copy}`]);
    expect(told(bob)).toEqual(told(ann));
  });

  test('also when one of the two meets an equal file that somebody else made where it goes', async () => {
    const { ann, bob, settle } = twoDevices(8);
    bob.user.writeFile('x', 'by bob');
    await settle();
    ann.loseIndex();
    ann.user.rename('x', 'y');
    ann.user.writeFile('x', 'by ann');
    bob.user.rename('x', 'y');
    await settle();
    expect(ann.user.texts()).toEqual({ y: 'by bob', 'x (conflict ann 2026-01-02)': 'by ann' });
    expect(told(ann)).toEqual(['x (conflict ann 2026-01-02) of y']);
    expect(told(bob)).toEqual(told(ann));
  });

  test('that was told of in an entry that another one made void', async () => {
    const vault = new SimVault(7);
    const [ann, bob, eve] = ['ann', 'bob', 'eve'].map((name) => new SimDevice(vault, name)) as [SimDevice, SimDevice, SimDevice];
    for (const device of [ann, bob, eve]) await device.sync();
    ann.user.writeFile('x', 'by ann');
    await ann.sync();
    // Eve works where nobody hears her, and comes first in the order.
    eve.user.writeFile('x (conflict bob 2026-01-02)', 'by eve');
    const comeLate = await syncUnheard(vault, eve);
    bob.user.writeFile('x', 'by bob');
    ann.user.writeFile('y', 'makes the numbers go on');
    await ann.sync();
    await bob.sync();
    comeLate();
    for (const device of [ann, bob, eve, ann, bob, eve]) await device.sync();
    expect(bob.user.texts()).toMatchObject({
      x: 'by ann',
      'x (conflict bob 2026-01-02)': 'by eve',
      'x (conflict bob 2026-01-02 2)': 'by bob',
    });
    expect(told(ann)).toContain('x (conflict bob 2026-01-02 2) of x');
    for (const device of [bob, eve]) expect(told(device)).toEqual(told(ann));
    expect(bob.index.remote.childNamed(rootId, 'x' as NodeName)).toBeDefined();
  });
});
