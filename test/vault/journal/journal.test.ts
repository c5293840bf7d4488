import { describe, expect, test, vi } from 'vitest';
import { Failure } from '../../../src/base/failure.ts';
import { toHex } from '../../../src/base/bytes.ts';
import { SeededChoice } from '../../world/seeded-choice.ts';
import { edit, JournalWorld, makeFile, makeFolder, remove, rename, shown, signal, type JournalDevice } from './journal-world.ts';

function journalNames(world: JournalWorld): string[] {
  return world.medium.names('journal/');
}

async function settle(...devices: JournalDevice[]): Promise<void> {
  for (const device of devices) await device.catchUp();
}

describe.each(['memory', 'index'] as const)('a journal over a book in the %s', (kind) => {
  test('brings one device what another one wrote', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    const folder = makeFolder('plans');
    const written = await laptop.write([folder], [makeFile('a.txt', 'one', folder.node)]);
    expect(written.outcomes.map(({ applied }) => applied)).toEqual([true, true]);
    expect((await desk.catchUp()).arrived).toBe(1);
    await desk.write([edit(desk.at('plans/a.txt'), 'two')], [rename(desk.at('plans'), 'Plans')]);
    await settle(laptop);
    expect(laptop.tree()).toEqual({ Plans: 'folder', 'Plans/a.txt': shown('two') });
    expect(desk.tree()).toEqual(laptop.tree());
    expect(desk.root).toBe(laptop.root);
    expect(desk.journal.vector()).toEqual(laptop.journal.vector());
  });

  test('of any length is read by a device that has room for little of it, in portions, wherever that is broken off', async () => {
    const world = new JournalWorld(kind);
    const laptop = world.enrol('laptop');
    for (let at = 0; at < 50; at += 1) await laptop.write([makeFile(`file ${at}`, `text ${at}`)]);
    const desk = world.enrol('desk');
    world.bodiesMaxBytes = 0;
    desk.restart();
    // Gone after each was read once and verified, and the first portion a second time.
    let asked = 0;
    const get = desk.store.get.bind(desk.store);
    desk.store.get = (name, options) => {
      asked += 1;
      if (asked === 50 + 20) throw new Failure('E_STORE_UNREACHABLE', 'away');
      return get(name, options);
    };
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(Object.keys(desk.tree())).toHaveLength(16);
    desk.restart();
    expect((await desk.catchUp()).arrived).toBe(34);
    expect([desk.root, desk.journal.vector()]).toEqual([laptop.root, laptop.journal.vector()]);
    expect(desk.tree()).toEqual(laptop.tree());
  });

  test('adds nothing where there is nothing to say', async () => {
    const world = new JournalWorld(kind);
    const laptop = world.enrol('laptop');
    await laptop.write([makeFile('a', 'one')]);
    const names = journalNames(world);
    await laptop.catchUp();
    expect(await laptop.write()).toEqual({ entry: undefined, outcomes: [] });
    expect(journalNames(world)).toEqual(names);
  });

  test('does not write what is void already, and says why', async () => {
    const world = new JournalWorld(kind);
    const laptop = world.enrol('laptop');
    await laptop.write([makeFile('a', 'one')]);
    const a = laptop.at('a');
    await laptop.write([edit(a, 'two')]);
    const names = journalNames(world);
    const late = await laptop.write([edit(a, 'three')]);
    expect(late).toEqual({ entry: undefined, outcomes: [{ applied: false, reason: 'changed' }] });
    expect(journalNames(world)).toEqual(names);
    const mixed = await laptop.write([edit(a, 'three')], [makeFile('b', 'new')], [makeFile('a', 'taken')]);
    expect(mixed.outcomes.map((outcome) => (outcome.applied ? 'applied' : outcome.reason))).toEqual(['changed', 'applied', 'name-taken']);
    const version = mixed.outcomes.flatMap((outcome) => (outcome.applied ? outcome.versions : []))[0];
    expect(laptop.at('b').version).toBe(version);
    const desk = world.enrol('desk');
    await settle(desk);
    expect(desk.root).toBe(laptop.root);
  });

  test('lets one of two concurrent edits stand, and tells the author of the other', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    await settle(desk);
    laptop.ears.base.set(laptop.at('a').id, laptop.at('a').version);
    desk.ears.base.set(desk.at('a').id, desk.at('a').version);
    const before = desk.at('a').version;
    // Both write upon the same state: neither reads before.
    await laptop.journal.commit({ groups: [[edit(laptop.at('a'), 'by laptop')]], packs: [] }, signal);
    await desk.journal.commit({ groups: [[edit(desk.at('a'), 'by desk')]], packs: [] }, signal);
    expect([laptop.tree(), desk.tree()]).toEqual([{ a: shown('by laptop') }, { a: shown('by desk') }]);
    await settle(laptop, desk);
    expect(laptop.tree()).toEqual(desk.tree());
    expect(laptop.root).toBe(desk.root);
    const loser = laptop.tree()['a'] === shown('by laptop') ? desk : laptop;
    expect(loser.ears.base.get(loser.at('a').id)).toBe(before);
    expect(loser.ears.told.at(-1)).toBe(`revoked ${loser.at('a').id}`);
  });

  test('holds ten writers of twenty entries each, every entry once', async () => {
    const world = new JournalWorld(kind, 7);
    const choice = new SeededChoice(7);
    const devices = Array.from({ length: 10 }, (_, at) => world.enrol(`device ${at}`));
    const left = new Map(devices.map((device) => [device, 20]));
    while (left.size > 0) {
      const writers = [...left.keys()].filter(() => choice.fraction() < 0.3);
      await Promise.all(
        writers.map(async (device) => {
          if (choice.fraction() < 0.8) await device.catchUp();
          const count = left.get(device) ?? 0;
          const file = choice.fraction() < 0.3 ? 'shared' : `${device.name} ${count}`;
          const report = await device.journal.commit(
            { groups: [[makeFile(file, file)], [makeFile(`own ${device.name} ${count}`, file)]], packs: [] },
            signal,
          );
          expect(report.entry).toBeDefined();
          if (count === 1) left.delete(device);
          else left.set(device, count - 1);
        }),
      );
    }
    const late = world.enrol('late');
    await settle(...devices, late);
    expect(journalNames(world)).toHaveLength(200);
    expect(new Set([...devices, late].map(({ root }) => root)).size).toBe(1);
    expect(late.book.sizeAfter(0).entries).toBe(200);
    expect(Object.keys(late.tree()).filter((path) => path.startsWith('own'))).toHaveLength(200);
  });

  test('keeps an entry that the store took although it did not say so', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    let lost = 0;
    laptop.store.hooks.after = ({ verb }) => {
      if (verb !== 'putNew' || lost > 0) return;
      lost += 1;
      laptop.store.faults.loseResponse = 1;
    };
    laptop.store.hooks.before = () => {
      laptop.store.faults.loseResponse = 0;
    };
    await laptop.write([makeFile('a', 'one')]);
    expect(lost).toBe(1);
    await settle(desk);
    expect(journalNames(world)).toHaveLength(1);
    expect(desk.root).toBe(laptop.root);
  });

  test('puts the same bytes again where the store lost the request', async () => {
    const world = new JournalWorld(kind);
    const laptop = world.enrol('laptop');
    let puts = 0;
    laptop.store.hooks.before = ({ verb }) => {
      if (verb === 'putNew') puts += 1;
      laptop.store.faults.loseRequest = verb === 'putNew' && puts < 3 ? 1 : 0;
    };
    await laptop.write([makeFile('a', 'one')]);
    expect(puts).toBe(3);
    expect(journalNames(world)).toHaveLength(1);
  });

  test('does not believe a store that says "stored" and keeps nothing', async () => {
    const world = new JournalWorld(kind);
    const laptop = world.enrol('laptop');
    laptop.store.faults.dropWrite = 1;
    await expect(laptop.write([makeFile('a', 'one')])).rejects.toMatchObject({ code: 'E_STORE_BEHAVIOUR' });
    expect(laptop.journal.hasPending).toBe(true);
    expect(laptop.tree()).toEqual({});
    laptop.store.faults.dropWrite = 0;
    await laptop.journal.resumePending(signal);
    expect(laptop.tree()).toEqual({ a: shown('one') });
  });

  test('is not confused by a second delivery of its own entry', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    laptop.store.faults.duplicate = 1;
    laptop.store.faults.onExisting = 'overwrite';
    await laptop.write([makeFile('a', 'one')]);
    await laptop.write([makeFile('b', 'two')]);
    world.clock.advance(3_600_000);
    await settle(desk, laptop);
    expect(desk.root).toBe(laptop.root);
    expect(journalNames(world)).toHaveLength(2);
  });

  test('sorts in an entry that was delivered late, on every device alike', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk, phone] = [world.enrol('laptop'), world.enrol('desk'), world.enrol('phone')];
    await laptop.write([makeFile('a', 'one')]);
    await settle(desk, phone);
    desk.store.faults.lateDelivery = 1;
    await expect(desk.write([edit(desk.at('a'), 'late')])).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(desk.journal.hasPending).toBe(true);
    await laptop.write([makeFile('b', 'two')]);
    await laptop.write([edit(laptop.at('a'), 'by laptop')]);
    await settle(phone);
    expect(phone.tree()['a']).toBe(shown('by laptop'));
    world.clock.advance(3_600_000);
    desk.store.faults.lateDelivery = 0;
    await settle(desk, laptop, phone);
    expect(desk.journal.hasPending).toBe(false);
    expect(new Set([laptop.root, desk.root, phone.root]).size).toBe(1);
    expect(laptop.tree()).toEqual({ a: shown('late'), b: shown('two') });
    expect(laptop.ears.told.at(-1)).toMatch(/^revoked/);
  });

  test('waits for a listing that lags behind, and finds what entries tell of', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk, phone] = [world.enrol('laptop'), world.enrol('desk'), world.enrol('phone')];
    await laptop.write([makeFile('a', 'one')]);
    await settle(phone);
    world.clock.advance(60_000);
    await laptop.write([makeFile('b', 'two')]);
    phone.store.faults.staleListMs = 30_000;
    expect((await phone.catchUp()).arrived).toBe(0);
    await settle(desk);
    await desk.write([makeFile('c', 'three')]);
    world.clock.advance(60_000);
    await settle(phone);
    expect(phone.tree()).toEqual(desk.tree());
  });

  test('asks again for an object that is only half there', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    laptop.store.faults.halfVisible = 1;
    laptop.store.faults.halfVisibleMs = 4_000;
    const writing = laptop.write([makeFile('a', 'one')]);
    await writing;
    await settle(desk);
    expect(desk.tree()).toEqual({ a: shown('one') });
  });

  test('skips an entry that was given up, also where it turns up later', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    laptop.store.faults.lateDelivery = 1;
    await expect(laptop.write([edit(laptop.at('a'), 'given up')])).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    laptop.store.faults.lateDelivery = 0;
    await laptop.journal.giveUpPending();
    await laptop.write([makeFile('b', 'two')]);
    await settle(desk);
    expect(desk.tree()).toEqual({ a: shown('one'), b: shown('two') });
    const names = journalNames(world);
    world.clock.advance(3_600_000);
    expect(journalNames(world)).toHaveLength(names.length + 1);
    const phone = world.enrol('phone');
    await settle(desk, laptop, phone);
    await laptop.write([makeFile('c', 'three')]);
    await settle(desk, phone);
    for (const device of [laptop, desk, phone]) expect(device.tree()).toEqual({ a: shown('one'), b: shown('two'), c: shown('three') });
    expect(new Set([laptop.root, desk.root, phone.root]).size).toBe(1);
  });

  test('takes an entry for its own again that turns up before anything said it was given up', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    laptop.store.faults.lateDelivery = 1;
    await expect(laptop.write([makeFile('a', 'one')])).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    laptop.store.faults.lateDelivery = 0;
    await laptop.journal.giveUpPending();
    world.clock.advance(3_600_000);
    await laptop.write([makeFile('b', 'two')]);
    await settle(desk);
    expect(laptop.tree()).toEqual({ a: shown('one'), b: shown('two') });
    expect(laptop.ears.base.size).toBe(2);
    expect(desk.root).toBe(laptop.root);
  });

  test('writes skip after skip while the store takes nothing', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    for (let round = 0; round < 3; round += 1) {
      laptop.store.faults.lateDelivery = 1;
      laptop.store.faults.lateMs = 3_600_000 * (3 - round);
      await expect(laptop.write([makeFile('a', `try ${round}`)])).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
      await laptop.journal.giveUpPending();
    }
    laptop.store.faults.lateDelivery = 0;
    await laptop.write([makeFile('a', 'at last')]);
    for (let hour = 0; hour < 4; hour += 1) {
      await settle(desk, laptop);
      expect(desk.tree()).toEqual({ a: shown('at last') });
      expect(desk.root).toBe(laptop.root);
      world.clock.advance(3_600_000);
    }
    expect(journalNames(world)).toHaveLength(4);
    const fresh = world.enrol('fresh');
    await settle(fresh);
    expect(fresh.root).toBe(laptop.root);
  });

  test('keeps a full store from nothing but writing', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    desk.store.faults.capacityBytes = 100;
    await expect(desk.write([makeFile('b', 'two')])).rejects.toMatchObject({ code: 'E_STORE_FULL' });
    await laptop.write([makeFile('c', 'three')]);
    await settle(desk);
    expect(Object.keys(desk.tree())).toEqual(['a', 'c']);
    desk.store.faults.capacityBytes = Infinity;
    await desk.write([makeFile('d', 'four')]);
    await settle(laptop);
    expect(Object.keys(laptop.tree()).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(laptop.root).toBe(desk.root);
  });

  test('tells others by the hint, and stays quiet about its own', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    expect(await laptop.journal.changedSince(signal)).toBe(false);
    expect(await desk.journal.changedSince(signal)).toBe(true);
    expect(await desk.journal.changedSince(signal)).toBe(false);
    const first = toHex(world.medium.readHint() ?? new Uint8Array());
    await laptop.write([makeFile('b', 'two')]);
    const second = toHex(world.medium.readHint() ?? new Uint8Array());
    expect(second).not.toBe(first);
    expect(second).toHaveLength(first.length);
    expect(await desk.journal.changedSince(signal)).toBe(true);
  });

  test('throws what recording failed with, whatever became of the hint, and ends the entry later', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    const applied = vi.spyOn(laptop.ears, 'applied').mockImplementation(() => {
      throw new Failure('E_DISK', 'no room for the index');
    });
    const putHint = vi.spyOn(laptop.store, 'putHint').mockRejectedValue(new TypeError('of the hint'));
    await expect(laptop.write([makeFile('a', 'one')])).rejects.toMatchObject({ code: 'E_DISK' });
    putHint.mockRestore();
    applied.mockRestore();
    await settle(laptop);
    await settle(desk);
    expect([laptop, desk].map((device) => Object.keys(device.tree()))).toEqual([['a'], ['a']]);
  });

  test('says by a heartbeat what it has seen', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    await settle(desk);
    await desk.journal.heartbeat(signal);
    await settle(laptop);
    expect(laptop.journal.devices().find(({ device }) => device === desk.id)).toMatchObject({ counter: 1, arrivedMs: world.clock.nowMs() });
    expect(laptop.root).toBe(desk.root);
  });

  test('ignores names that are no entry, and counts them', async () => {
    const world = new JournalWorld(kind);
    const laptop = world.enrol('laptop');
    await laptop.write([makeFile('a', 'one')]);
    for (const name of ['journal/readme', 'journal/000000000000-0123456789abcdef', 'journal/1-0123456789abcdef'])
      world.medium.write(name, new Uint8Array(10));
    const desk = world.enrol('desk');
    expect(await desk.catchUp()).toMatchObject({ arrived: 1, foreignNames: 3 });
  });

  test('delivers packs and contents of every entry once, void or not', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    await settle(desk);
    await laptop.journal.commit({ groups: [[edit(laptop.at('a'), 'by laptop')]], packs: [] }, signal);
    await desk.journal.commit({ groups: [[edit(desk.at('a'), 'by desk')]], packs: [] }, signal);
    await settle(laptop, desk, laptop, desk);
    for (const device of [laptop, desk]) {
      expect(device.deliveries.map(({ mine, contents }) => [mine, contents.length])).toHaveLength(3);
      expect(device.deliveries.filter(({ mine }) => mine)).toHaveLength(device === laptop ? 2 : 1);
    }
  });

  test('shows content that stayed void, until its author or another device brought it in', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    await settle(desk);
    await laptop.journal.commit({ groups: [[edit(laptop.at('a'), 'by laptop')]], packs: [] }, signal);
    await desk.journal.commit({ groups: [[edit(desk.at('a'), 'by desk')]], packs: [] }, signal);
    await settle(laptop, desk);
    const [winner, loser] = laptop.tree()['a'] === shown('by laptop') ? [laptop, desk] : [desk, laptop];
    expect(winner.journal.voidPuts(86_400_000)).toEqual([]);
    world.clock.advance(86_400_001);
    expect(loser.journal.voidPuts(86_400_000)).toEqual([]);
    expect(winner.journal.voidPuts(86_400_000).map(({ device }) => device)).toEqual([loser.id]);
    await loser.write([makeFile('a (conflict)', loser === desk ? 'by desk' : 'by laptop')]);
    await settle(winner);
    expect(winner.journal.voidPuts(86_400_000)).toEqual([]);
  });

  test('does not mourn void content whose author has seen why and let it be', async () => {
    const world = new JournalWorld(kind);
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    await settle(desk);
    await laptop.journal.commit({ groups: [[edit(laptop.at('a'), 'by laptop')]], packs: [] }, signal);
    await desk.journal.commit({ groups: [[remove(desk.at('a'))]], packs: [] }, signal);
    await settle(laptop, desk);
    await laptop.journal.heartbeat(signal);
    await settle(desk);
    world.clock.advance(86_400_001);
    expect(desk.journal.voidPuts(86_400_000)).toEqual([]);
  });
});
