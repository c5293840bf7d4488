/** Selective sync of whole engines: what goes from a disk, what stays, and what must never be taken for a deletion. */
import { describe, expect, test } from 'vitest';
import { listSelection, selectFolders } from '../../src/agent/folder/selection.ts';
import { findVaultPath } from '../../src/agent/show/vault-paths.ts';
import { openJournalBook } from '../../src/index/journal-book.ts';
import { rootId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { conflictFromText } from '../../src/vault/journal/fold/fold-state.ts';
import { linuxPersonality } from '../world/fake-disk/personality.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';
import { syncUnheard } from './sync-unheard.ts';

interface World {
  readonly vault: SimVault;
  readonly ann: SimDevice;
  readonly bob: SimDevice;
  readonly settle: () => Promise<void>;
}

/** ann and bob in sync over `photos/summer/1..3`, `photos/cover` and `plan`. */
async function filled(seed = 11, personality = linuxPersonality): Promise<World> {
  const vault = new SimVault(seed);
  const ann = new SimDevice(vault, 'ann', personality);
  const bob = new SimDevice(vault, 'bob');
  const settle = async (): Promise<void> => {
    for (const device of [ann, bob, ann, bob]) await device.sync();
  };
  ann.user.makeFolder('photos/summer');
  for (const name of ['1', '2', '3']) ann.user.writeFile(`photos/summer/${name}`, `picture ${name}`);
  ann.user.writeFile('photos/cover', 'cover');
  ann.user.writeFile('plan', 'plan');
  ann.disk.kernel.writeBack();
  await settle();
  return { vault, ann, bob, settle };
}

const whole = {
  'photos/cover': 'cover',
  'photos/summer/1': 'picture 1',
  'photos/summer/2': 'picture 2',
  'photos/summer/3': 'picture 3',
  plan: 'plan',
};

const exclude = (device: SimDevice, ...paths: string[]): void => selectFolders(device.index, 'exclude', paths);
const include = (device: SimDevice, ...paths: string[]): void => selectFolders(device.index, 'include', paths);

/** Paths of all files in the vault's tree, as the device knows it. */
function vaultPaths({ index }: SimDevice): string[] {
  return index.remote
    .nodesAfter(undefined, 1e6)
    .filter(({ state }) => state.kind === 'file')
    .map(({ id }) => findVaultPath(index, id) ?? '')
    .toSorted();
}

describe('leaving a folder out', () => {
  test('killed when its files are gone and that is not recorded yet, and then wanted again: nothing is taken for removed', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    const end = await ann.sync({ disturb: () => (ann.user.exists('photos') ? undefined : 'kill') });
    expect(end).toBe('killed');
    include(ann, 'photos');
    await settle();
    expect([ann.user.texts(), bob.user.texts()]).toEqual([whole, whole]);
  });

  test('killed when a file is gone and that is not recorded yet: another one under its name is new, and replaces nothing', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    const end = await ann.sync({ disturb: () => (ann.user.exists('photos/summer/2') ? undefined : 'kill') });
    expect(end).toBe('killed');
    ann.user.writeFile('photos/summer/2', 'mine');
    await settle();
    expect(bob.user.texts()).toMatchObject(whole);
    expect(Object.values(bob.user.texts())).toContain('mine');
  });

  test('killed when a file of its own is gone and that is not recorded yet: what another device removes then stays removed', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    const end = await ann.sync({ disturb: () => (ann.user.exists('photos/summer/2') ? undefined : 'kill') });
    expect(end).toBe('killed');
    bob.user.remove('photos/summer/2');
    await bob.sync();
    await settle();
    expect(bob.user.texts()).toEqual(omit(whole, 'photos/summer/2'));
  });

  test('frees its files here, keeps them everywhere else, and brings them back byte for byte', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    await settle();
    expect([...ann.user.tree().keys()]).toEqual(['plan']);
    expect(ann.user.texts('.cachette/trash')).toEqual({});
    expect(bob.user.texts()).toEqual(whole);
    expect([ann.index.dirty.count(), vaultPaths(ann)]).toEqual([0, Object.keys(whole)]);
    expect(listSelection(ann.index)).toEqual([{ path: 'photos', included: false, size: 32 }]);
    include(ann, 'photos');
    await settle();
    expect(ann.user.tree()).toEqual(bob.user.tree());
    expect(ann.user.texts()).toEqual(whole);
  });

  test('is no mass change, however much goes', async () => {
    const { ann, bob, settle } = await filled();
    for (let at = 0; at < 700; at += 1) ann.user.writeFile(`photos/many ${at}`, `number ${at}`);
    await settle();
    exclude(ann, 'photos');
    await settle();
    expect([ann.index.massChange.countHeld(), [...ann.user.tree().keys()]]).toEqual([0, ['plan']]);
    expect(Object.keys(bob.user.texts())).toHaveLength(705);
  });

  test('takes up what is not uploaded yet before it goes', async () => {
    const { ann, bob, settle } = await filled();
    ann.user.writeFile('photos/summer/2', 'edited');
    ann.user.writeFile('photos/summer/new', 'new');
    ann.user.rename('photos/cover', 'photos/summer/cover');
    exclude(ann, 'photos');
    await settle();
    expect([...ann.user.tree().keys()]).toEqual(['plan']);
    expect(bob.user.texts()).toMatchObject({ 'photos/summer/2': 'edited', 'photos/summer/new': 'new', 'photos/summer/cover': 'cover' });
  });

  test('spares what changes at the last moment, until that is uploaded', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    let isLate = false;
    await ann.sync({
      disturb: ({ verb, path }) => {
        if (!isLate && verb === 'rename' && path.endsWith('/2')) {
          isLate = true;
          ann.user.writeFile('photos/summer/2', 'late');
        }
        return undefined;
      },
    });
    expect(isLate).toBe(true);
    await settle();
    expect([...ann.user.tree().keys()]).toEqual(['plan']);
    expect(bob.user.readText('photos/summer/2')).toBe('late');
  });

  test('loses nothing that changes at the last moment, when the rights to its folder are taken away before it is put back', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    let isLate = false;
    let isLocked = false;
    await ann.sync({
      disturb: ({ verb, path, toPath }) => {
        if (isLate && !isLocked && verb === 'renameNew' && toPath === 'photos/summer/2') {
          isLocked = true;
          ann.user.setMode('photos/summer', 0);
        }
        if (!isLate && verb === 'rename' && path.endsWith('/2')) {
          isLate = true;
          ann.user.writeFile('photos/summer/2', 'late');
        }
        return undefined;
      },
    });
    expect(isLocked).toBe(true);
    if (ann.user.exists('photos/summer')) ann.user.setMode('photos/summer', 0o755);
    await settle();
    expect(Object.values(bob.user.texts())).toContain('late');
    expect(Object.values(bob.user.texts())).toEqual(expect.arrayContaining(['picture 1', 'picture 3']));
  });

  test('killed anywhere, it is never taken for a deletion and ends where it was to', async () => {
    let isEnded = false;
    for (let at = 1; !isEnded; at += 7) {
      const { ann, bob, settle } = await filled();
      exclude(ann, 'photos');
      const how = at % 4 === 1 ? 'kill' : 'power';
      isEnded = (await ann.sync({ disturb: ({ index }) => (index === at ? how : undefined) })) === 'done';
      await settle();
      expect({ at, bob: bob.user.texts() }).toEqual({ at, bob: whole });
      expect({ at, ann: [...ann.user.tree().keys()] }).toEqual({ at, ann: ['plan'] });
      include(ann, 'photos');
      await settle();
      expect(ann.user.texts()).toEqual(whole);
    }
  });

  test('of what a person removed himself just before says nothing about the others', async () => {
    const { ann, bob, settle } = await filled();
    ann.user.removeTree('photos');
    exclude(ann, 'photos');
    await settle();
    expect(bob.user.texts()).toEqual(whole);
    include(ann, 'photos');
    await settle();
    expect(ann.user.texts()).toEqual(whole);
  });

  test.each([true, false])(
    'leaves ignored things where they are (a disk that tells files apart by birth times: %s)',
    async (hasBirthTimes) => {
      const { ann, bob, settle } = await filled(11, { ...linuxPersonality, hasBirthTimes });
      ann.user.writeFile('.cachetteignore', '*.tmp\n');
      await settle();
      ann.user.writeFile('photos/summer/x.tmp', 'mine');
      exclude(ann, 'photos');
      await settle();
      expect(ann.user.texts()).toEqual({ '.cachetteignore': '*.tmp\n', plan: 'plan', 'photos/summer/x.tmp': 'mine' });
      await settle();
      expect(bob.user.texts()).toEqual({ ...whole, '.cachetteignore': '*.tmp\n' });
    },
  );
});

describe('a left-out folder that stays for the ignored things in it, on a disk without birth times', () => {
  async function withIgnored(): Promise<World> {
    const world = await filled(11, { ...linuxPersonality, hasBirthTimes: false });
    const { ann, settle } = world;
    ann.user.writeFile('.cachetteignore', '*.tmp\n');
    await settle();
    ann.user.writeFile('photos/summer/x.tmp', 'mine');
    exclude(ann, 'photos/summer');
    await settle();
    return world;
  }

  test('is that folder when it is wanted again', async () => {
    const { ann, bob, settle } = await withIgnored();
    include(ann, 'photos/summer');
    await settle();
    expect(ann.user.texts('photos')).toEqual({ ...bob.user.texts('photos'), 'photos/summer/x.tmp': 'mine' });
    expect(bob.user.texts()).toEqual({ ...whole, '.cachetteignore': '*.tmp\n' });
  });

  test('is another one where a folder above is moved: it gets a name of its own, once', async () => {
    const { ann, bob, settle } = await withIgnored();
    ann.user.rename('photos', 'pictures');
    await settle();
    await settle();
    expect(ann.index.dirty.count()).toBe(0);
    // Without birth times nothing tells that the folder was moved; what is left out stays where it was.
    const { 'photos/cover': cover, ...rest } = whole;
    expect(bob.user.texts()).toEqual({ ...rest, 'pictures/cover': cover, '.cachetteignore': '*.tmp\n' });
    expect(Object.values(ann.user.texts('pictures')).toSorted()).toEqual(['cover', 'mine']);
  });

  test('is new where somebody removed it and made one of its name', async () => {
    const { ann, bob, settle } = await withIgnored();
    ann.user.removeTree('photos/summer');
    await settle();
    ann.user.makeFolder('photos/summer');
    await settle();
    expect(ann.user.exists('photos/summer (ann)')).toBe(true);
    expect(bob.user.exists('photos/summer (ann)')).toBe(true);
    expect(bob.user.exists('photos/summer/1')).toBe(true);
  });
});

describe('what others do meanwhile', () => {
  test('in a left-out folder is known here and not fetched', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    await settle();
    bob.user.writeFile('photos/summer/4', 'picture 4');
    bob.user.writeFile('photos/summer/1', 'picture 1, better');
    await settle();
    expect(ann.user.texts()).toEqual({ plan: 'plan' });
    expect([vaultPaths(ann).includes('photos/summer/4'), ann.index.dirty.count()]).toEqual([true, 0]);
    include(ann, 'photos');
    await settle();
    expect(ann.user.texts()).toEqual({ ...whole, 'photos/summer/4': 'picture 4', 'photos/summer/1': 'picture 1, better' });
  });

  test('renames and moves are followed', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos/summer');
    await settle();
    bob.user.rename('photos/summer', 'holidays');
    await settle();
    expect(ann.user.texts()).toEqual({ plan: 'plan', 'photos/cover': 'cover' });
    expect(listSelection(ann.index).filter(({ included }) => !included)).toEqual([{ path: 'holidays', included: false, size: 27 }]);
  });

  test('moves out of a left-out folder bring, moves into it take away', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    await settle();
    bob.user.rename('photos/summer', 'holidays');
    bob.user.rename('plan', 'photos/plan');
    await settle();
    expect(ann.user.texts()).toEqual({ 'holidays/1': 'picture 1', 'holidays/2': 'picture 2', 'holidays/3': 'picture 3' });
    bob.user.rename('holidays', 'photos/holidays');
    await settle();
    expect([...ann.user.tree().keys()]).toEqual([]);
    expect(bob.user.readText('photos/holidays/3')).toBe('picture 3');
  });

  test('a move into a left-out folder takes along what was edited here', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    await settle();
    ann.user.writeFile('plan', 'edited here');
    bob.user.rename('plan', 'photos/plan');
    await bob.sync();
    await settle();
    expect([...ann.user.tree().keys()]).toEqual([]);
    expect(bob.user.texts()).toEqual({ ...omit(whole, 'plan'), 'photos/plan': 'edited here' });
  });

  test('removing a left-out folder removes it, here too once it would come', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    await settle();
    bob.user.removeTree('photos');
    await settle();
    expect([ann.user.texts(), bob.user.texts(), vaultPaths(ann)]).toEqual([{ plan: 'plan' }, { plan: 'plan' }, ['plan']]);
    expect([listSelection(ann.index), ann.index.dirty.count()]).toEqual([[], 0]);
  });

  test('the folder above, removed here, stays for what is left out in it', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos/summer');
    await settle();
    ann.user.removeTree('photos');
    await settle();
    expect([...ann.user.tree().keys()]).toEqual(['photos', 'plan']);
    expect(bob.user.texts()).toEqual(omit(whole, 'photos/cover'));
  });
});

describe('an entry that comes late', () => {
  test('and makes void what was published here and is left out by now: it is kept as a copy', async () => {
    const { vault, ann, bob, settle } = await filled();
    // bob works where nobody hears him.
    bob.user.writeFile('photos/cover', 'by bob');
    const comeLate = await syncUnheard(vault, bob);
    ann.user.writeFile('plan', 'before');
    await ann.sync();
    ann.user.writeFile('photos/cover', 'by ann');
    ann.user.writeFile('photos/summer/1', 'by ann alone');
    exclude(ann, 'photos');
    await ann.sync();
    expect(ann.user.texts()).toEqual({ plan: 'before' });
    comeLate();
    await settle();
    expect(ann.user.texts()).toEqual({ plan: 'before' });
    const copy = 'photos/cover (conflict ann 2026-01-02)';
    expect(bob.user.texts()).toEqual({
      ...whole,
      plan: 'before',
      'photos/cover': 'by bob',
      'photos/summer/1': 'by ann alone',
      [copy]: 'by ann',
    });
    include(ann, 'photos');
    await settle();
    expect(ann.user.texts()).toEqual(bob.user.texts());
  });
});

describe('and an entry that comes first after all', () => {
  test.each([
    ['a new file', 'photos/new'],
    ['an edit', 'photos/cover'],
  ])('and makes %s void that a killed run has just taken from this disk: it is kept as a copy', async (_, path) => {
    const { vault, ann, bob, settle } = await filled();
    // bob works where nobody hears him.
    bob.user.writeFile(path, 'by bob');
    const comeLate = await syncUnheard(vault, bob);
    ann.user.writeFile('plan', 'before');
    await ann.sync();
    ann.user.writeFile(path, 'by ann');
    await ann.sync();
    exclude(ann, 'photos');
    expect(await ann.sync({ disturb: () => (ann.user.exists(path) ? undefined : 'kill') })).toBe('killed');
    comeLate();
    await settle();
    expect(Object.values(bob.user.texts()).filter((text) => text.startsWith('by '))).toEqual(['by bob', 'by ann']);
  });
});

describe('and an entry that comes late and removes a file that was only touched here before it was left out', () => {
  test('removes it: nothing of it is lost', async () => {
    const { vault, ann, bob, settle } = await filled();
    bob.user.remove('photos/cover');
    const comeLate = await syncUnheard(vault, bob);
    ann.user.writeFile('plan', 'before');
    await ann.sync();
    ann.user.setTime('photos/cover', 1_700_000_000_631_384);
    exclude(ann, 'photos');
    await ann.sync();
    comeLate();
    await settle();
    expect(Object.values(bob.user.texts())).not.toContain('cover');
    expect(vaultPaths(ann)).toEqual(vaultPaths(bob));
  });
});

describe('and an entry that comes late and gives another item its name', () => {
  test('leaves the copy beside that, and says whose it is', async () => {
    const { vault, ann, bob, settle } = await filled();
    bob.user.remove('photos/cover');
    bob.user.makeLink('elsewhere', 'photos/cover');
    const comeLate = await syncUnheard(vault, bob);
    ann.user.writeFile('plan', 'before');
    await ann.sync();
    ann.user.writeFile('photos/cover', 'by ann');
    exclude(ann, 'photos');
    await ann.sync();
    comeLate();
    await settle();
    expect([...bob.user.tree('photos').keys()]).toContain('photos/cover (conflict ann 2026-01-02)');
    const { remote } = bob.index;
    const of = remote.childNamed(remote.childNamed(rootId, 'photos' as NodeName)?.id ?? rootId, 'cover' as NodeName)?.id;
    const records = [...openJournalBook(bob.index).records('conflict').values()].map(conflictFromText);
    expect(records).toMatchObject([{ of }]);
  });
});

describe('a new item with the name of a left-out folder', () => {
  test('goes on under a marked name, and is no conflict', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    await settle();
    ann.user.makeFolder('photos');
    ann.user.writeFile('photos/mine', 'mine');
    await settle();
    expect(ann.user.texts()).toEqual({ plan: 'plan', 'photos (ann)/mine': 'mine' });
    expect(bob.user.texts()).toEqual({ ...whole, 'photos (ann)/mine': 'mine' });
    expect(ann.events.filter(({ event }) => event === 'conflict')).toEqual([]);
    include(ann, 'photos');
    await settle();
    expect(ann.user.texts()).toEqual(bob.user.texts());
  });

  test('as does what is renamed to it, and what comes second', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    await settle();
    ann.user.rename('plan', 'photos');
    await settle();
    ann.user.writeFile('photos', 'another');
    await settle();
    expect(ann.user.texts()).toEqual({ 'photos (ann)': 'plan', 'photos (ann 2)': 'another' });
    expect(bob.user.texts()).toEqual({ ...omit(whole, 'plan'), 'photos (ann)': 'plan', 'photos (ann 2)': 'another' });
  });
});

describe('choosing', () => {
  test('a folder below a left-out one comes without its neighbours', async () => {
    const { ann, settle } = await filled();
    ann.user.makeFolder('photos/winter');
    ann.user.writeFile('photos/winter/9', 'picture 9');
    await settle();
    exclude(ann, 'photos');
    await settle();
    include(ann, 'photos/summer');
    await settle();
    expect(ann.user.texts()).toEqual(whole);
    expect(listSelection(ann.index)).toEqual([
      { path: 'photos', included: true, size: 41 },
      { path: 'photos/summer', included: true, size: 27 },
      { path: 'photos/winter', included: false, size: 9 },
    ]);
  });

  test('a folder above brings all that is in it; inside a left-out one, leaving out says nothing new', async () => {
    const { ann, settle } = await filled();
    exclude(ann, 'photos/summer');
    exclude(ann, 'photos');
    await settle();
    exclude(ann, 'photos/summer');
    expect(listSelection(ann.index)).toEqual([{ path: 'photos', included: false, size: 32 }]);
    include(ann, 'photos');
    await settle();
    expect(ann.user.texts()).toEqual(whole);
    expect(listSelection(ann.index)).toEqual([{ path: 'photos', included: true, size: 32 }]);
    expect(listSelection(ann.index, 'all').map(({ path }) => path)).toEqual(['photos', 'photos/summer']);
  });

  test('names folders that are in the vault, all or none of them', async () => {
    const { ann } = await filled();
    for (const path of ['nowhere', 'plan', '', 'photos/../plan']) expect(() => exclude(ann, 'photos', path)).toThrow(/E_|folder|no /);
    expect(ann.index.transaction(() => ann.index.leftOut.chosen())).toEqual([]);
  });
});

describe('the index is lost', () => {
  test('and with it the choice: everything comes again, nothing is deleted', async () => {
    const { ann, bob, settle } = await filled();
    exclude(ann, 'photos');
    await settle();
    ann.loseIndex();
    await settle();
    expect([ann.user.texts(), bob.user.texts()]).toEqual([whole, whole]);
  });
});

function omit(texts: Readonly<Record<string, string>>, path: string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([each]) => each !== path));
}
