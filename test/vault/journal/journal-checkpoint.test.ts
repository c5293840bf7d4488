import { describe, expect, test } from 'vitest';
import { floorFromBytes } from '../../../src/vault/journal/checkpoint/floor.ts';
import { traceFromText } from '../../../src/vault/journal/fold/fold-state.ts';
import { SeededChoice } from '../../world/seeded-choice.ts';
import {
  edit,
  freshNode,
  JournalWorld,
  makeFile,
  makeFolder,
  remove,
  shown,
  signal,
  type BookKind,
  type JournalDevice,
} from './journal-world.ts';

const dayMs = 86_400_000;

function floorOf(device: JournalDevice): number {
  return floorFromBytes(device.book.readFact('floor')).lamport;
}

/** Entries of the journal, as far as this device folded them, that a checkpoint made void. */
function voidByCheckpoint(device: JournalDevice): string[] {
  return device.book
    .marksAfter({ lamport: floorOf(device), hash: 'f'.repeat(64) as never }, 1000)
    .filter(({ name }) => traceFromText(device.book.findTrace(name) ?? '[]') === 'checkpoint')
    .map(({ name }) => name);
}

/** Two devices that wrote so much that a checkpoint is worth it. */
async function worldWithHistory(kind: BookKind): Promise<{ world: JournalWorld; laptop: JournalDevice; desk: JournalDevice }> {
  const world = new JournalWorld(kind);
  const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
  laptop.learnLists();
  const folder = makeFolder('folder');
  await laptop.write([folder], [makeFile('kept', 'kept')]);
  for (let at = 0; at < 6; at += 1) await desk.write([makeFile(`file ${at}`, `text ${at}`, folder.node)]);
  await laptop.write([edit(laptop.at('kept'), 'kept, edited')]);
  const copy = makeFile('kept (conflict)', 'other');
  await desk.write([
    copy,
    { do: 'conflict', copy: copy.do === 'put' ? copy.node : freshNode(), of: desk.at('kept').id, madeBy: laptop.id, ancestor: undefined },
  ]);
  await desk.write([{ do: 'retention', days: 90 }], [remove(desk.at('folder/file 0'))]);
  await laptop.write([makeFile('last', 'last')]);
  return { world, laptop, desk };
}

describe.each(['memory', 'index'] as const)('checkpoints, with a book in the %s', (kind) => {
  test('let a new device begin at the snapshot, with the same tree and root', async () => {
    const { world, laptop, desk } = await worldWithHistory(kind);
    await desk.catchUp();
    expect(await desk.journal.maybeCheckpoint(signal)).toBe(false);
    expect(await laptop.journal.maybeCheckpoint(signal)).toBe(true);
    expect(await laptop.journal.maybeCheckpoint(signal)).toBe(false);
    await desk.write([makeFile('after', 'after')]);
    const fresh = world.enrol('fresh');
    await fresh.catchUp();
    await laptop.catchUp();
    expect(fresh.tree()).toEqual(laptop.tree());
    expect(fresh.root).toBe(laptop.root);
    expect(floorOf(fresh)).toBeGreaterThan(0);
    expect(fresh.book.sizeAfter(0).entries).toBeLessThan(5);
    expect(fresh.journal.conflicts()).toEqual(laptop.journal.conflicts());
    expect(fresh.journal.conflicts()).toHaveLength(1);
    expect(fresh.journal.retentionDays).toBe(90);
    expect(fresh.deliveries.flatMap(({ contents }) => contents.map(({ content }) => content.id.slice(0, 4)))).toContain(
      shown('kept, edited'),
    );
    expect(fresh.journal.vector()).toEqual(laptop.journal.vector());
    await fresh.write([edit(fresh.at('kept'), 'by fresh')]);
    for (const device of [laptop, desk]) {
      device.learnLists();
      await device.catchUp();
      expect(device.tree()).toEqual(fresh.tree());
      expect(device.root).toBe(fresh.root);
    }
  });

  test('are a floor once everybody has seen them: bodies below go, the tree stays', async () => {
    const { laptop, desk } = await worldWithHistory(kind);
    await laptop.journal.maybeCheckpoint(signal);
    expect(floorOf(laptop)).toBe(0);
    await desk.write([makeFile('seen', 'seen')]);
    expect(floorOf(desk)).toBeGreaterThan(0);
    await laptop.catchUp();
    expect(floorOf(laptop)).toBe(floorOf(desk));
    const [first] = laptop.book.namesFrom(1);
    expect(() => laptop.book.readBody(first ?? ('' as never))).toThrow();
    expect(laptop.book.readHeader(first ?? ('' as never)).byteLength).toBeGreaterThan(0);
    await laptop.write([makeFile('more', 'more')]);
    await desk.catchUp();
    expect(desk.root).toBe(laptop.root);
  });

  test('make void what a silent device wrote long ago and the store held back; its author hears of it', async () => {
    const { world, laptop, desk } = await worldWithHistory(kind);
    const phone = world.enrol('phone');
    for (const device of [laptop, desk, phone]) device.learnLists();
    await phone.write([makeFile('by phone', 'one')]);
    await laptop.catchUp();
    phone.store.faults.lateDelivery = 1;
    phone.store.faults.lateMs = 40 * dayMs;
    await expect(phone.write([edit(phone.at('kept'), 'held back')])).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    world.clock.advance(31 * dayMs);
    await desk.catchUp();
    await desk.write([edit(desk.at('last'), 'newer')]);
    for (let at = 0; at < 9; at += 1) await laptop.write([makeFile(`late ${at}`, 'x')]);
    await desk.write([makeFile('desk', 'x')]);
    await laptop.write([makeFile('laptop', 'x')]);
    expect(await laptop.journal.maybeCheckpoint(signal)).toBe(true);
    await desk.write([makeFile('desk 2', 'x')]);
    await laptop.catchUp();
    const fresh = world.enrol('fresh');
    for (const device of [laptop, desk, phone, fresh]) device.learnLists();
    await fresh.catchUp();
    world.clock.advance(10 * dayMs);
    phone.store.faults.lateDelivery = 0;
    await phone.catchUp();
    expect(phone.tree()['kept']).toBe(shown('kept, edited'));
    expect(phone.tree()).toEqual(fresh.tree());
    // The next entry of the phone follows the void one: everybody has to find it, also who began at the snapshot.
    await phone.write([makeFile('back again', 'x')]);
    for (const device of [laptop, desk, fresh]) {
      await device.catchUp();
      expect(device.tree()).toEqual(phone.tree());
      expect(device.root).toBe(phone.root);
    }
    for (const device of [laptop, desk, fresh, phone]) await device.write([makeFile(`by ${device.name}`, 'x')]);
    for (const device of [laptop, desk, fresh]) {
      await device.catchUp();
      expect(device.root).toBe(phone.root);
    }
  });

  test('a second one uses the parts of the first that did not change', async () => {
    const { world, laptop, desk } = await worldWithHistory(kind);
    await laptop.journal.maybeCheckpoint(signal);
    for (let at = 0; at < 10; at += 1) {
      await desk.write([makeFile(`more ${at}`, 'x')]);
      await laptop.write([edit(laptop.at('kept'), `edit ${at}`)]);
    }
    expect(await laptop.journal.maybeCheckpoint(signal)).toBe(true);
    const fresh = world.enrol('fresh');
    await fresh.catchUp();
    expect(fresh.root).toBe(laptop.root);
    expect(fresh.book.sizeAfter(0).entries).toBeLessThan(5);
  });
});

describe('a checkpoint', () => {
  test.each([1, 2, 3, 4])('never makes void what an active device wrote (seed %i)', async (seed) => {
    const world = new JournalWorld('memory', seed);
    const choice = new SeededChoice(seed);
    const devices = ['a', 'b', 'c'].map((name) => world.enrol(name));
    for (const device of devices) {
      device.learnLists();
      await device.write([makeFile(`hello ${device.name}`, 'x')]);
    }
    let checkpoints = 0;
    for (let step = 0; step < 100; step += 1) {
      const device = choice.of(devices) ?? devices[0];
      if (device === undefined) break;
      if (choice.fraction() < 0.5) await device.catchUp();
      await device.journal.commit({ groups: [[makeFile(`file ${step}`, 'x')]], packs: [] }, signal);
      if (await device.journal.maybeCheckpoint(signal)) checkpoints += 1;
      expect(voidByCheckpoint(device)).toEqual([]);
    }
    expect(checkpoints).toBeGreaterThan(3);
    const fresh = world.enrol('fresh');
    for (const device of [...devices, fresh]) {
      device.learnLists();
      await device.catchUp();
      expect(voidByCheckpoint(device)).toEqual([]);
      expect(Object.keys(device.tree())).toHaveLength(103);
    }
    expect(new Set([...devices, fresh].map(({ root }) => root)).size).toBe(1);
    expect(fresh.book.sizeAfter(0).entries).toBeLessThan(100);
  });

  test('with a snapshot that lost a part is passed over, and one with a changed part is refused', async () => {
    const { world, laptop } = await worldWithHistory('memory');
    await laptop.journal.maybeCheckpoint(signal);
    const parts = world.medium.names('snapshots/');
    expect(parts.length).toBeGreaterThan(1);
    const mark = world.medium.snapshot();
    for (const part of parts) {
      world.medium.write(part, undefined);
      const fresh = world.enrol(`without ${part}`);
      await fresh.catchUp();
      expect(fresh.root).toBe(laptop.root);
      expect(floorOf(fresh)).toBe(0);
      world.medium.rollback(mark);
      const bytes = world.medium.read(part)?.slice() ?? new Uint8Array();
      bytes[200] = (bytes[200] ?? 0) ^ 1;
      world.medium.write(part, bytes);
      const other = world.enrol(`changed ${part}`);
      await expect(other.catchUp()).rejects.toMatchObject({ code: 'E_TAMPER', subject: part });
      expect(other.tree()).toEqual({});
      world.medium.rollback(mark);
      await other.catchUp();
      expect(other.root).toBe(laptop.root);
    }
  });

  test('does not hide from a new device that the tail was cut, where it was told how far the journal goes', async () => {
    const { world, laptop, desk } = await worldWithHistory('memory');
    await laptop.journal.maybeCheckpoint(signal);
    const mark = world.medium.snapshot();
    await desk.write([makeFile('newest', 'x')]);
    await laptop.catchUp();
    world.medium.rollback(mark);
    const fresh = world.enrol('fresh');
    fresh.pin = laptop.journal.vector();
    await expect(fresh.catchUp()).rejects.toMatchObject({ code: 'E_ROLLBACK' });
    expect(fresh.tree()).toEqual({});
  });
});
