import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/base/failure.ts';
import { entryName, findEntryNameParts } from '../../../src/model/ids.ts';
import { SeededChoice } from '../../world/seeded-choice.ts';
import { MemoryJournalBook } from '../../world/memory-journal-book.ts';
import { edit, JournalWorld, makeFile, remove, type JournalDevice } from './journal-world.ts';

/** What a store does to the journal. */
interface Act {
  readonly title: string;
  readonly run: (world: JournalWorld) => void;
}

const entryCount = 12;

/** Twelve entries by two devices that both know all of them. */
async function journalOfTwelve(): Promise<{ world: JournalWorld; laptop: JournalDevice; desk: JournalDevice; names: string[] }> {
  const world = new JournalWorld('memory');
  const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
  for (let at = 0; at < entryCount; at += 1) {
    const device = at % 3 === 2 ? desk : laptop;
    if (at === 7) await device.write([remove(device.at('file 1'))]);
    else if (at % 4 === 3) await device.write([edit(device.at('file 0'), `edit ${at}`)]);
    else await device.write([makeFile(`file ${at}`, `text ${at}`)]);
  }
  await laptop.catchUp();
  await desk.catchUp();
  return { world, laptop, desk, names: world.medium.names('journal/') };
}

function bytesOf(world: JournalWorld, name: string): Uint8Array {
  return world.medium.read(name)?.slice() ?? new Uint8Array();
}

function removal(name: string, at: number): Act {
  return {
    title: `entry ${at} removed`,
    run: ({ medium }) => {
      medium.write(name, undefined);
    },
  };
}

function flip(name: string, at: number, fraction: number): Act {
  return {
    title: `entry ${at} flipped at ${fraction}`,
    run: (world) => {
      const bytes = bytesOf(world, name);
      const where = Math.min(bytes.length - 1, Math.floor(bytes.length * fraction));
      bytes[where] = (bytes[where] ?? 0) ^ 0x10;
      world.medium.write(name, bytes);
    },
  };
}

function truncation(name: string, at: number, lengthOf: (length: number) => number): Act {
  return {
    title: `entry ${at} cut`,
    run: (world) => {
      const bytes = bytesOf(world, name);
      world.medium.write(name, bytes.subarray(0, lengthOf(bytes.length)));
    },
  };
}

function duplicate(name: string, at: number): Act {
  const lamport = (findEntryNameParts(name)?.lamport ?? 0) + 1;
  return {
    title: `entry ${at} copied`,
    run: (world) => {
      world.medium.write(entryName(lamport, 'feedfeedfeedfeed'), bytesOf(world, name));
    },
  };
}

function swap(a: string, b: string): Act {
  return {
    title: `${a} and ${b} swapped`,
    run: (world) => {
      const [first, second] = [bytesOf(world, a), bytesOf(world, b)];
      world.medium.write(a, second);
      world.medium.write(b, first);
    },
  };
}

const refusals: readonly string[] = ['E_MISSING', 'E_TAMPER', 'E_ROLLBACK', 'E_FORK', 'E_FORMAT', 'E_LIMIT', 'E_DOWNGRADE'];

/** Attacks, then reads: must be refused, leave no trace, name what it is about, and heal when the honest bytes are back. */
async function expectRefused(world: JournalWorld, reader: JournalDevice, acts: readonly Act[]): Promise<void> {
  const mark = world.medium.snapshot();
  const before = (reader.book as MemoryJournalBook).dump();
  const pin = reader.pin;
  for (const act of acts) act.run(world);
  const title = acts.map((act) => act.title).join(', ');
  const failure: unknown = await reader.catchUp().catch((error: unknown) => error);
  const code = failure instanceof Failure && refusals.includes(failure.code) ? 'refused' : failure;
  expect({ title, code }).toEqual({ title, code: 'refused' });
  // The next attack is as new to it as this one was.
  reader.book.transaction(() => {
    reader.book.writeFact('unopened', undefined);
  });
  expect({ title, book: (reader.book as MemoryJournalBook).dump(), pin: reader.pin }).toEqual({ title, book: before, pin });
  world.medium.rollback(mark);
}

describe('a store that cuts a journal up', () => {
  test('is refused by a new device that was told how far the journal goes, whatever single thing it does', async () => {
    const { world, laptop, names } = await journalOfTwelve();
    const fresh = world.enrol('fresh');
    fresh.learnLists();
    fresh.pin = laptop.journal.vector();
    for (const [at, name] of names.entries()) {
      const single = [
        removal(name, at),
        flip(name, at, 0),
        flip(name, at, 0.01),
        flip(name, at, 0.3),
        flip(name, at, 0.7),
        flip(name, at, 1),
        duplicate(name, at),
        truncation(name, at, (length) => length - 1),
        truncation(name, at, (length) => length >> 1),
        truncation(name, at, () => 0),
        truncation(name, at, () => 3),
      ];
      for (const act of single) await expectRefused(world, fresh, [act]);
      for (const other of names.slice(at + 1)) await expectRefused(world, fresh, [swap(name, other)]);
    }
    await fresh.catchUp();
    expect(fresh.root).toBe(laptop.root);
  });

  test('is refused whatever two things it does', async () => {
    const { world, laptop, names } = await journalOfTwelve();
    const fresh = world.enrol('fresh');
    fresh.pin = laptop.journal.vector();
    const acts = names.flatMap((name, at) => [removal(name, at), flip(name, at, 0.3)]);
    for (const [at, first] of acts.entries()) {
      for (const second of acts.slice(at + 1)) await expectRefused(world, fresh, [first, second]);
    }
    const choice = new SeededChoice(3);
    const others = names.flatMap((name, at) => [
      duplicate(name, at),
      truncation(name, at, (length) => length >> 1),
      swap(name, names[(at + 5) % 12] ?? name),
    ]);
    for (let round = 0; round < 120; round += 1) {
      const pair = [choice.of(others), choice.of([...acts, ...others])].filter((act) => act !== undefined);
      if (pair[0] === pair[1]) continue;
      await expectRefused(world, fresh, pair);
    }
    await fresh.catchUp();
    expect(fresh.root).toBe(laptop.root);
  });

  test('is refused by a device that knows half of it', async () => {
    const { world, laptop, names } = await journalOfTwelve();
    const half = world.enrol('half');
    const mark = world.medium.snapshot();
    for (const name of names.slice(6)) world.medium.write(name, undefined);
    await half.catchUp();
    world.medium.rollback(mark);
    half.pin = laptop.journal.vector();
    for (const [at, name] of names.entries()) {
      await expectRefused(world, half, [removal(name, at)]);
      if (at >= 6)
        for (const act of [flip(name, at, 0.3), duplicate(name, at), truncation(name, at, (length) => length - 1)])
          await expectRefused(world, half, [act]);
      await expectRefused(world, half, [removal(name, at), removal(names[(at + 1) % 12] ?? name, at + 1)]);
    }
    await half.catchUp();
    expect(half.root).toBe(laptop.root);
  });

  test('is refused by a device that knows all of it, where anything known is gone', async () => {
    const { world, laptop, desk, names } = await journalOfTwelve();
    for (const [at, name] of names.entries()) await expectRefused(world, desk, [removal(name, at)]);
    await desk.catchUp();
    expect(desk.root).toBe(laptop.root);
  });

  test('finds entries that the listing hides, as long as the store gives them', async () => {
    const { world, laptop, desk } = await journalOfTwelve();
    world.clock.advance(120_000);
    await laptop.write([makeFile('new', 'new')]);
    desk.store.faults.staleListMs = 60_000;
    expect((await desk.catchUp()).arrived).toBe(0);
  });
});

describe('a store that goes back in time', () => {
  test.each([1, 3, 11])(
    'is refused when it lost the last %i entries, by a running device, a restarted one and one with a new book',
    async (count) => {
      const { world, laptop, desk, names } = await journalOfTwelve();
      for (const name of names.slice(-count)) world.medium.write(name, undefined);
      const refusal = { code: 'E_ROLLBACK' };
      await expect(desk.catchUp()).rejects.toMatchObject(refusal);
      desk.restart();
      await expect(desk.catchUp()).rejects.toMatchObject(refusal);
      await expect(desk.write([makeFile('more', 'more')])).rejects.toMatchObject(refusal);
      desk.restart(new MemoryJournalBook());
      await expect(desk.catchUp()).rejects.toMatchObject(refusal);
      expect(laptop.journal.vector().size).toBe(2);
    },
  );

  test('is refused when it is empty', async () => {
    const { world, desk, names } = await journalOfTwelve();
    for (const name of names) world.medium.write(name, undefined);
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_ROLLBACK' });
  });

  test('is refused where only the oldest entry of a silent device is gone', async () => {
    const world = new JournalWorld('memory');
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await desk.write([makeFile('by desk', 'once')]);
    const [old] = world.medium.names('journal/');
    for (let at = 0; at < 70; at += 1) await laptop.write([makeFile(`file ${at}`, 'text')]);
    world.medium.write(old ?? '', undefined);
    await expect(laptop.catchUp()).rejects.toMatchObject({ code: 'E_MISSING', subject: old });
  });
});

describe('two histories of one device', () => {
  test('a profile that was copied is found by the copy, and by everybody else', async () => {
    const world = new JournalWorld('memory');
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    await desk.catchUp();
    const copiedBook = (laptop.book as MemoryJournalBook).copy();
    const copiedPin = laptop.pin;
    await laptop.write([makeFile('b', 'by the original')]);
    // The copy runs with the book and the pin from before.
    laptop.restart(copiedBook);
    laptop.pin = copiedPin;
    await expect(laptop.catchUp()).rejects.toMatchObject({ code: 'E_CLONED_DEVICE' });
    await laptop.journal.commit({ groups: [[makeFile('c', 'by the copy')]], packs: [] }, new AbortController().signal);
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_CLONED_DEVICE' });
    expect(desk.tree()).toHaveProperty('a');
    expect(desk.tree()).not.toHaveProperty('b');
    expect(desk.tree()).not.toHaveProperty('c');
  });

  test('a store that forks is found as soon as one side hears of the other', async () => {
    const world = new JournalWorld('memory');
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    await desk.catchUp();
    const other = world.medium.fork();
    await laptop.write([makeFile('b', 'two')]);
    await desk.catchUp();
    // Desk goes on with what it was shown; laptop is shown a store without it, and its own last entry is gone.
    const forked = laptop.store.view({ medium: other });
    laptop.store = forked;
    laptop.restart();
    await expect(laptop.catchUp()).rejects.toMatchObject({ code: 'E_ROLLBACK' });
  });

  test('an index from a backup goes on where the pin says that this device had been', async () => {
    const world = new JournalWorld('memory');
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    await laptop.write([makeFile('a', 'one')]);
    const backup = (laptop.book as MemoryJournalBook).copy();
    await laptop.write([makeFile('b', 'two')]);
    laptop.restart(backup);
    await laptop.catchUp();
    expect(Object.keys(laptop.tree())).toEqual(['a', 'b']);
    // What came from the store is no change that this book has a base for.
    expect(laptop.ears.told).toHaveLength(2);
    await laptop.write([makeFile('c', 'three')]);
    await desk.catchUp();
    expect(desk.root).toBe(laptop.root);
  });

  test('a lost index is filled from the store, and its own entries go on', async () => {
    const world = new JournalWorld('memory');
    const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
    for (const name of ['a', 'b', 'c']) await laptop.write([makeFile(name, name)]);
    laptop.restart(new MemoryJournalBook());
    await laptop.write([makeFile('d', 'd')]);
    await desk.catchUp();
    expect(Object.keys(desk.tree())).toEqual(['a', 'b', 'c', 'd']);
    expect(desk.root).toBe(laptop.root);
  });
});
