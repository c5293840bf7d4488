import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import { surfaceVoids } from '../../src/engine/publish/surface-voids.ts';
import { openJournalBook } from '../../src/index/journal-book.ts';
import { rootId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { contentIdOf } from '../../src/vault/chunk/content.ts';
import { conflictFromText } from '../../src/vault/journal/fold/fold-state.ts';
import { floorFromBytes } from '../../src/vault/journal/checkpoint/floor.ts';
import { bringPast, deletedIn, HistoryWorld, historyOf, momentAt, restore, versionsAt } from './history-world.ts';
import { SimDevice } from './sim-device.ts';
import type { Disturb } from './sim-process.ts';

async function codeOf(running: Promise<unknown>): Promise<string> {
  try {
    await running;
    return 'done';
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
}

describe('history', () => {
  test('of a path is that of every file that stood there, through its renames and those of its folder', async () => {
    const world = new HistoryWorld();
    const { ann, bob } = world;
    ann.user.makeFolder('old');
    ann.user.writeFile('old/plan', '1');
    await world.settle();
    bob.user.writeFile('old/plan', '22');
    await world.settle();
    ann.user.rename('old', 'new');
    await world.settle();
    bob.user.writeFile('new/plan', '333');
    await world.settle();
    bob.user.rename('new/plan', 'new/moved');
    await world.settle();
    ann.user.writeFile('new/plan', '4444');
    await world.settle();
    bob.user.remove('new/plan');
    await world.settle();
    for (const device of [ann, bob]) {
      expect(historyOf(device, 'new/plan')).toEqual([
        'new/plan: gone',
        'new/plan: 4',
        'new/moved: 3',
        'new/plan: 3',
        'old/plan: 2',
        'old/plan: 1',
      ]);
      // What stood there only later was never at the old path.
      expect(historyOf(device, 'old/plan')).toEqual(['new/moved: 3', 'new/plan: 3', 'old/plan: 2', 'old/plan: 1']);
      expect(historyOf(device, 'new/moved')).toEqual(historyOf(device, 'old/plan'));
      expect(historyOf(device, 'never')).toEqual([]);
    }
  });

  test('of what is gone lists files by their last place, below a folder whatever it is called now', async () => {
    const world = new HistoryWorld();
    const { ann, bob } = world;
    ann.user.makeFolder('a');
    ann.user.makeFolder('a/b');
    ann.user.writeFile('a/b/one', '1');
    ann.user.writeFile('a/two', '2');
    ann.user.writeFile('three', '3');
    await world.settle();
    bob.user.remove('a/b/one');
    bob.user.remove('three');
    await world.settle();
    ann.user.rename('a', 'renamed');
    await world.settle();
    ann.user.remove('renamed/two');
    await world.settle();
    expect(deletedIn(bob)).toEqual(['renamed/two', ...deletedIn(bob).slice(1)]);
    expect(deletedIn(bob).toSorted()).toEqual(['a/b/one', 'renamed/two', 'three']);
    expect(deletedIn(bob, 'renamed')).toEqual(['renamed/two', 'a/b/one']);
    expect(deletedIn(bob, 'a')).toEqual(['renamed/two', 'a/b/one']);
    expect(deletedIn(bob, 'renamed/b')).toEqual(['a/b/one']);
    ann.user.writeFile('three', 'again');
    await world.settle();
    expect(deletedIn(bob)).toContain('three');
  });

  test('is the same on a device that began at a snapshot, once it has read what was before', async () => {
    const world = new HistoryWorld();
    world.vault.checkpointWorth = { entries: 4, bodyBytes: 1e9 };
    const { ann, bob, vault } = world;
    ann.user.makeFolder('f');
    for (let round = 1; round <= 8; round += 1) {
      ann.user.writeFile('f/x', '.'.repeat(round));
      bob.user.writeFile(`by bob ${round}`, `bob ${round}`);
      if (round === 3) ann.user.rename('f', 'g');
      if (round === 3) ann.user.rename('g', 'f');
      if (round > 4) bob.user.remove(`by bob ${round - 4}`);
      await world.settle();
    }
    expect(vault.medium.names('snapshots/').length).toBeGreaterThan(1);
    const eve = new SimDevice(vault, 'eve');
    await world.settle(ann, bob, eve);
    ann.user.writeFile('f/x', 'after eve came');
    const timeMs = await world.settle(ann, bob, eve);
    const before = historyOf(eve, 'f/x');
    expect(before.length).toBeLessThan(historyOf(ann, 'f/x').length);
    await bringPast(eve);
    expect(historyOf(eve, 'f/x')).toEqual(historyOf(ann, 'f/x'));
    expect(deletedIn(eve)).toEqual(deletedIn(ann));
    expect(momentAt(eve, timeMs - 300_000)).toEqual(momentAt(ann, timeMs - 300_000));
    // An old content that no snapshot spoke of comes back byte for byte.
    const oldest = versionsAt(eve, 'f/x').at(-1);
    await restore(eve, 'f/x', { wish: { version: oldest?.version ?? '' } });
    await world.settle(eve, ann);
    expect(ann.user.readText('f/x')).toBe('.');
  });

  test('is not made up where the store hides what was before a snapshot', async () => {
    const world = new HistoryWorld();
    world.vault.checkpointWorth = { entries: 4, bodyBytes: 1e9 };
    const { ann, bob, vault } = world;
    for (let round = 1; round <= 6; round += 1) {
      ann.user.writeFile('x', '.'.repeat(round));
      bob.user.writeFile('y', '.'.repeat(round));
      await world.settle();
    }
    const eve = new SimDevice(vault, 'eve');
    await world.settle(ann, bob, eve);
    const [first = '', second = ''] = vault.medium.names('journal/');
    const [one, other] = [vault.medium.read(first), vault.medium.read(second)];
    vault.medium.write(first, undefined);
    expect(await codeOf(bringPast(eve))).toBe('E_MISSING');
    vault.medium.write(first, other);
    expect(await codeOf(bringPast(eve))).toBe('E_TAMPER');
    expect(historyOf(eve, 'x').length).toBeLessThan(historyOf(ann, 'x').length);
    vault.medium.write(first, one);
    await bringPast(eve);
    expect(historyOf(eve, 'x')).toEqual(historyOf(ann, 'x'));
  });

  test('is the same in whatever order entries came', async () => {
    const world = new HistoryWorld();
    const { ann, bob } = world;
    ann.user.writeFile('x', 'v1');
    await world.settle();
    // Both write at once: one of the two is void, and made again.
    ann.user.writeFile('x', 'by ann');
    bob.user.writeFile('x', 'by bob, longer');
    await Promise.all([ann.sync(), bob.sync()]);
    await world.settle();
    ann.user.remove('x');
    await world.settle();
    expect(historyOf(bob, 'x')).toEqual(historyOf(ann, 'x'));
    expect(historyOf(ann, 'x')[0]).toBe('x: gone');
  });
});

/** Bob's edit of x, an empty file, is void, as ann's was first; and he is not heard of again. */
async function loseRace(world: HistoryWorld): Promise<void> {
  const { ann, bob, vault } = world;
  ann.user.writeFile('x', 'v1');
  await world.settle();
  await bob.act(async ({ journal, index }) => {
    const { signal } = new AbortController();
    // Bob does not know of this edit, nor does he ever hear of it.
    ann.user.writeFile('x', 'by ann');
    await ann.sync();
    await journal.heartbeat(signal);
    const [x] = index.remote.childrenOf(rootId, undefined, 1);
    if (x?.state.kind !== 'file') throw new Error('no file');
    const content = {
      epoch: 1,
      sizeBytes: 0,
      id: contentIdOf(vault.sealing.primitives, vault.epochKeys, []),
      chunks: [],
      listChunks: [],
    };
    await journal.commit({ groups: [[{ do: 'put', node: x.id, upon: x.version, state: { ...x.state, content } }]], packs: [] }, signal);
  });
  await ann.sync();
}

describe('what lost a race', () => {
  test('comes back as a conflict copy, once, where its author has not been heard of for a day', async () => {
    const world = new HistoryWorld();
    const { ann, bob, vault } = world;
    await loseRace(world);
    const surface = (): Promise<number | 'killed'> => ann.act((parts) => surfaceVoids(parts, () => 'bob', new AbortController().signal));
    expect(await surface()).toBe(0);
    vault.clock.advance(25 * 3_600_000);
    expect(await surface()).toBe(1);
    expect(await surface()).toBe(0);
    await ann.sync();
    expect(ann.user.texts()).toEqual({ x: 'by ann', 'x (conflict bob 2026-01-03)': '' });
    expect(openJournalBook(ann.index).records('conflict').size).toBe(1);
    const eve = new SimDevice(vault, 'eve');
    await world.settle(eve, ann);
    expect(eve.user.texts()).toEqual(ann.user.texts());
    // Its author comes back after all: nothing is there twice.
    await world.settle(bob, ann);
    expect(Object.keys(ann.user.texts())).toEqual(['x', 'x (conflict bob 2026-01-03)']);
    expect(bob.user.texts()).toEqual(ann.user.texts());
  });

  test('comes back at once where its author is removed from the vault: it never makes its change again', async () => {
    const world = new HistoryWorld();
    const { ann, bob } = world;
    await loseRace(world);
    const surface = (): Promise<number | 'killed'> => ann.act((parts) => surfaceVoids(parts, () => 'bob', new AbortController().signal));
    expect(await surface()).toBe(0);
    await ann.remove(bob);
    expect(await surface()).toBe(1);
    expect(await surface()).toBe(0);
    await ann.sync();
    expect(Object.keys(ann.user.texts())).toEqual(['x', 'x (conflict bob 2026-01-02)']);
  });

  test('comes back once for all: who saw it lost, too, makes no copy of his own', async () => {
    const world = new HistoryWorld();
    const { ann, vault } = world;
    await loseRace(world);
    const eve = new SimDevice(vault, 'eve');
    await eve.sync();
    vault.clock.advance(25 * 3_600_000);
    const surface = (device: SimDevice): Promise<number | 'killed'> =>
      device.act((parts) => surfaceVoids(parts, () => 'bob', new AbortController().signal));
    expect(await eve.act(({ journal }) => Promise.resolve(journal.voidPuts(24 * 3_600_000).length))).toBe(1);
    expect(await surface(ann)).toBe(1);
    await eve.sync();
    expect(await surface(eve)).toBe(0);
    await world.settle(ann, eve);
    for (const device of [ann, eve]) expect(device.user.texts()).toEqual({ x: 'by ann', 'x (conflict bob 2026-01-03)': '' });
  });

  test('is told of beside what has the name by then', async () => {
    const world = new HistoryWorld();
    const { ann, vault } = world;
    await loseRace(world);
    ann.user.remove('x');
    ann.user.makeFolder('x');
    await ann.sync();
    vault.clock.advance(25 * 3_600_000);
    await ann.act((parts) => surfaceVoids(parts, () => 'bob', new AbortController().signal));
    await ann.sync();
    expect([...ann.user.tree().keys()]).toEqual(['x', 'x (conflict bob 2026-01-03)']);
    const of = ann.index.remote.childNamed(rootId, 'x' as NodeName)?.id;
    expect([...openJournalBook(ann.index).records('conflict').values()].map((text) => conflictFromText(text).of)).toEqual([of]);
  });

  test('stays away where it was a file’s old content with another time or bit, however long ago that came', async () => {
    const world = new HistoryWorld();
    const { ann, bob, vault } = world;
    vault.checkpointWorth = { entries: 2, bodyBytes: 1e9 };
    ann.user.writeFile('x', '');
    for (let round = 0; round < 6; round += 1) {
      ann.user.writeFile('by ann', `ann ${round}`);
      bob.user.writeFile('by bob', `bob ${round}`);
      await world.settle();
    }
    vault.checkpointWorth = undefined;
    expect(floorFromBytes(openJournalBook(ann.index).readFact('floor')).lamport).toBeGreaterThan(2);
    await bob.act(async ({ journal, index }) => {
      const { signal } = new AbortController();
      ann.user.writeFile('x', 'by ann');
      await ann.sync();
      await journal.heartbeat(signal);
      const x = index.remote.childNamed(rootId, 'x' as NodeName);
      if (x?.state.kind !== 'file') throw new Error('no file');
      const content = { ...x.state.content, chunks: [], listChunks: [] };
      const state = { ...x.state, content, executable: true };
      const { outcomes } = await journal.commit({ groups: [[{ do: 'put', node: x.id, upon: x.version, state }]], packs: [] }, signal);
      expect(outcomes).toMatchObject([{ applied: true }]);
    });
    await ann.sync();
    vault.clock.advance(25 * 3_600_000);
    const surfaced = await ann.act((parts) => {
      expect(parts.journal.voidPuts(24 * 3_600_000)).toHaveLength(1);
      return surfaceVoids(parts, () => 'bob', new AbortController().signal);
    });
    expect(surfaced).toBe(0);
  });
});

describe('restoring', () => {
  test('a removed file brings it back to its place, on all devices', async () => {
    const world = new HistoryWorld();
    const { ann, bob } = world;
    ann.user.makeFolder('d');
    ann.user.writeFile('d/x', 'precious');
    await world.settle();
    bob.user.remove('d/x');
    await world.settle();
    const sent = ann.store.counters.bytesUp;
    expect(await restore(ann, 'd/x')).toEqual({ files: 1, folders: 0 });
    await world.settle();
    expect(bob.user.readText('d/x')).toBe('precious');
    expect(bob.user.texts()).toEqual(ann.user.texts());
    // Its bytes are in the store already.
    expect(ann.store.counters.bytesUp - sent).toBeLessThan(8192);
  });

  test('an edited file brings back what it was; what it was since is in the history and in the trash', async () => {
    const world = new HistoryWorld();
    const { ann, bob } = world;
    ann.user.writeFile('x', 'first');
    await world.settle();
    ann.user.writeFile('x', 'second one');
    await world.settle();
    await restore(bob, 'x');
    await world.settle();
    expect(ann.user.texts()).toEqual({ x: 'first' });
    expect(historyOf(ann, 'x')).toEqual(['x: 5', 'x: 10', 'x: 5']);
    expect(Object.values(bob.user.texts('.cachette/trash'))).toContain('second one');
    await restore(bob, 'x');
    await world.settle();
    expect(ann.user.texts()).toEqual({ x: 'second one' });
  });

  test('a removed folder brings back all that went with it, as it last was, and nothing that went long before', async () => {
    const world = new HistoryWorld();
    const { ann, bob } = world;
    ann.user.makeFolder('d');
    ann.user.makeFolder('d/sub');
    ann.user.writeFile('d/junk', 'thrown away on purpose');
    ann.user.writeFile('d/one', 'v1');
    ann.user.writeFile('d/sub/two', '2');
    ann.user.makeFolder('d/empty');
    ann.user.makeLink('one', 'd/link');
    await world.settle();
    ann.user.remove('d/junk');
    ann.user.writeFile('d/one', 'v2, newer');
    await world.settle();
    world.vault.clock.advance(3_600_000);
    // It takes two syncs to go.
    ann.user.removeTree('d/sub');
    await ann.sync();
    ann.user.removeTree('d');
    await world.settle();
    expect(bob.user.texts()).toEqual({});
    await restore(bob, 'd');
    await world.settle();
    expect(ann.user.texts()).toEqual({ 'd/one': 'v2, newer', 'd/sub/two': '2' });
    expect(ann.user.exists('d/empty')).toBe(true);
    expect(ann.user.exists('d/link')).toBe(true);
    expect(bob.user.tree()).toEqual(ann.user.tree());
  });

  test('at a time, by version, to another place', async () => {
    const world = new HistoryWorld();
    const { ann, bob } = world;
    ann.user.makeFolder('d');
    ann.user.writeFile('d/x', 'v1');
    const first = await world.settle();
    ann.user.writeFile('d/x', 'version 2');
    ann.user.writeFile('d/y', 'y');
    const second = await world.settle();
    ann.user.writeFile('d/x', 'the third version');
    ann.user.rename('d', 'e');
    await world.settle();
    await restore(bob, 'd/x', { wish: { moment: momentAt(bob, first) }, to: 'back/from/then' });
    await restore(bob, 'd', { wish: { moment: momentAt(bob, second) }, to: 'copy' });
    const byVersion = versionsAt(bob, 'e/x').find(({ state }) => state.kind === 'file' && state.content.sizeBytes === 9);
    await restore(bob, 'e/x', { wish: { version: byVersion?.version ?? '' }, to: 'by version' });
    await restore(bob, 'd/x');
    await world.settle();
    expect(ann.user.texts()).toEqual({
      'back/from/then': 'v1',
      'by version': 'version 2',
      'copy/x': 'version 2',
      'copy/y': 'y',
      'd/x': 'version 2',
      'e/x': 'the third version',
      'e/y': 'y',
    });
    expect(await codeOf(restore(bob, 'd/x', { wish: { moment: { ...momentAt(bob, first), side: 'before' } } }))).toBe('E_NOT_FOUND');
    expect(await codeOf(restore(bob, 'never'))).toBe('E_NOT_FOUND');
    expect(await codeOf(restore(bob, 'e'))).toBe('E_USAGE');
    expect(await codeOf(restore(bob, ''))).toBe('E_USAGE');
  });

  test('overwrites nothing that is not in the vault, whatever it is', async () => {
    const world = new HistoryWorld();
    const { ann } = world;
    ann.user.writeFile('x', 'v1');
    ann.user.writeFile('gone', 'gone');
    await world.settle();
    ann.user.writeFile('x', 'v2');
    ann.user.remove('gone');
    await world.settle();
    // An edit that no sync has seen, a newcomer at a free place, a folder where a file was.
    ann.user.writeFile('x', 'unsynced');
    ann.user.writeFile('gone', 'unsynced too');
    expect(await codeOf(restore(ann, 'x'))).toBe('E_IN_THE_WAY');
    expect(await codeOf(restore(ann, 'gone'))).toBe('E_IN_THE_WAY');
    expect(await codeOf(restore(ann, 'gone', { to: 'x/below' }))).toBe('E_IN_THE_WAY');
    expect(await codeOf(restore(ann, 'gone', { to: '.cachette/x' }))).toBe('E_UNSAFE_NAME');
    expect(ann.user.texts()).toEqual({ x: 'unsynced', gone: 'unsynced too' });
    await world.settle();
    expect(ann.user.texts()).toEqual({ x: 'unsynced', gone: 'unsynced too' });
  });

  test('what the store no longer gives as it was says so, and leaves the folder as it is', async () => {
    const world = new HistoryWorld();
    const { ann, bob, vault } = world;
    ann.user.makeFolder('d');
    ann.user.writeFile('d/x', 'x'.repeat(50_000));
    await world.settle();
    ann.user.writeFile('d/y', 'y');
    await world.settle();
    ann.user.removeTree('d');
    await world.settle();
    for (const name of vault.medium.names('packs/')) {
      const bytes = vault.medium.read(name) ?? new Uint8Array();
      if (bytes.byteLength > 50_000 || bytes.byteLength === 16_384)
        vault.medium.write(
          name,
          Uint8Array.from(bytes, (byte, at) => (at === 100 ? byte ^ 1 : byte)),
        );
    }
    expect(await codeOf(restore(bob, 'd'))).toBe('E_TAMPER');
    expect(bob.user.tree().size).toBe(0);
    expect(bob.user.tree('.cachette/staged').size).toBe(0);
  });

  test('a crash at any moment leaves whole files only, and no temporary after the next start', async () => {
    const world = new HistoryWorld();
    const { ann } = world;
    ann.user.makeFolder('d');
    for (const name of ['x', 'y', 'z']) ann.user.writeFile(`d/${name}`, `precious ${name}`);
    await world.settle(ann);
    ann.user.removeTree('d');
    await world.settle(ann);
    await restore(ann, 'd', { to: 'whole' });
    const callsInAll = ann.calls;
    const outcomes = new Set<number>();
    for (let at = 3; at < callsInAll; at += 7) {
      const disturb: Disturb = ({ index }) => (index === at ? 'kill' : undefined);
      expect(await restore(ann, 'd', { to: `try ${at}`, disturb })).toBe('killed');
      await ann.sync();
      const texts = ann.user.texts(`try ${at}`);
      outcomes.add(Object.keys(texts).length);
      for (const [path, text] of Object.entries(texts)) expect(text).toBe(`precious ${path.at(-1) ?? ''}`);
      expect(ann.user.tree('.cachette/staged').size).toBe(0);
    }
    // The crash came before the first, between them, and after the last.
    expect(outcomes).toEqual(new Set([0, 1, 2, 3]));
  });
});
