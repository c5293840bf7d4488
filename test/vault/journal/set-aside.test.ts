import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/base/bytes.ts';
import { entryName } from '../../../src/model/ids.ts';
import { JournalWorld, makeFile, signal, type JournalDevice } from './journal-world.ts';

const minutes = 60_000;
const planted = entryName(3, 'feedfeedfeedfeed');

interface Attacked {
  readonly world: JournalWorld;
  readonly laptop: JournalDevice;
  readonly desk: JournalDevice;
}

/** Two devices that know two entries, and whatever is done to the store then. */
async function attacked(attack: (world: JournalWorld) => void): Promise<Attacked> {
  const world = new JournalWorld('index');
  const [laptop, desk] = [world.enrol('laptop'), world.enrol('desk')];
  await laptop.write([makeFile('one', '1')]);
  await laptop.write([makeFile('two', '2')]);
  await desk.catchUp();
  attack(world);
  return { world, laptop, desk };
}

const plant = (bytes: Uint8Array) => (world: JournalWorld) => {
  world.medium.write(planted, bytes);
};

/** Length, magic, version, type, epoch, and nothing behind them that a key opens. */
function sealedByNobody(epoch: number): Uint8Array {
  const bytes = Uint8Array.from([0, 0, 0, 90, ...utf8('CCH1'), 1, 1, 0, 0, 0, 0, ...new Uint8Array(80)]);
  new DataView(bytes.buffer).setUint32(10, epoch);
  return bytes;
}

describe('an object among the entries that nobody of the vault wrote', () => {
  test.each([
    ['rubbish', utf8('rubbish'), 'E_LIMIT'],
    ['nothing', new Uint8Array(), 'E_FORMAT'],
    ['of a later version', Uint8Array.from([0, 0, 0, 90, ...utf8('CCH1'), 2, ...new Uint8Array(85)]), 'E_DOWNGRADE'],
    ['sealed by nobody', sealedByNobody(1), 'E_TAMPER'],
    ['of an epoch that nobody began', sealedByNobody(2_313), 'E_EPOCH'],
  ])('stops everything at first, and not for ever: %s', async (_, bytes, code) => {
    const { world, laptop, desk } = await attacked(plant(bytes));
    for (const device of [desk, laptop]) await expect(device.catchUp()).rejects.toMatchObject({ code, subject: planted });
    await world.clock.sleep(10 * minutes);
    await expect(desk.catchUp()).rejects.toMatchObject({ code, subject: planted });
    await world.clock.sleep(5 * minutes);
    expect(await desk.journal.catchUp(signal)).toMatchObject({ arrived: 0, setAside: [{ name: planted, code }] });
    await laptop.catchUp();
    await desk.write([makeFile('three', '3')]);
    expect(await laptop.journal.catchUp(signal)).toMatchObject({ arrived: 1, setAside: [{ name: planted, code }] });
    expect(laptop.root).toBe(desk.root);
    world.medium.write(planted, undefined);
    expect(await laptop.journal.catchUp(signal)).toMatchObject({ setAside: [] });
  });

  test('stops a new device in the same way', async () => {
    const { world, desk } = await attacked(plant(utf8('rubbish')));
    const fresh = world.enrol('fresh');
    fresh.learnLists();
    await expect(fresh.catchUp()).rejects.toMatchObject({ code: 'E_LIMIT', subject: planted });
    await world.clock.sleep(15 * minutes);
    expect(await fresh.journal.catchUp(signal)).toMatchObject({ arrived: 2, setAside: [{ name: planted }] });
    expect(fresh.root).toBe(desk.root);
  });

  test('a thousand of them are kept in mind, and cost no more time than one', async () => {
    const { world, desk } = await attacked(({ medium }) => {
      for (let at = 0; at < 1_000; at += 1) medium.write(entryName(3, at.toString(16).padStart(16, '0')), utf8('rubbish'));
    });
    const startMs = world.clock.monotonicMs();
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_LIMIT' });
    expect(world.clock.monotonicMs() - startMs).toBeLessThan(minutes);
    await world.clock.sleep(15 * minutes);
    expect((await desk.journal.catchUp(signal)).setAside).toHaveLength(1_000);
    // One more than is kept in mind, and nobody goes on.
    world.medium.write(planted, utf8('one more'));
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_LIMIT', subject: planted });
    await world.clock.sleep(15 * minutes);
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_LIMIT', subject: planted });
  });
});

describe('an entry that was damaged after it was written', () => {
  async function damaged(): Promise<Attacked & { readonly name: string; readonly honest: Uint8Array }> {
    const { world, laptop, desk } = await attacked(() => {});
    await laptop.write([makeFile('three', '3')]);
    const name = world.medium.names('journal/').at(-1) ?? '';
    const honest = world.medium.read(name)?.slice() ?? new Uint8Array();
    world.medium.write(name, honest.subarray(0, honest.length >> 1));
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_FORMAT', subject: name });
    await world.clock.sleep(15 * minutes);
    expect(await desk.journal.catchUp(signal)).toMatchObject({ arrived: 0, setAside: [{ name }] });
    return { world, laptop, desk, name, honest };
  }

  test('is taken in within the hour after it is whole, whatever was written meanwhile', async () => {
    const { world, laptop, desk, name, honest } = await damaged();
    await desk.write([makeFile('four', '4')]);
    world.medium.write(name, honest);
    await world.clock.sleep(60 * minutes);
    expect(await desk.journal.catchUp(signal)).toMatchObject({ arrived: 1, setAside: [] });
    await laptop.catchUp();
    expect(desk.root).toBe(laptop.root);
  });

  test('is missed by whoever hears of it: nothing is believed then but the whole history', async () => {
    const { world, laptop, desk, name, honest } = await damaged();
    await laptop.write([makeFile('five', '5')]);
    for (let time = 0; time < 3; time += 1) {
      await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_MISSING' });
      await world.clock.sleep(30 * minutes);
    }
    world.medium.write(name, honest);
    expect(await desk.journal.catchUp(signal)).toMatchObject({ arrived: 2, setAside: [] });
    expect(desk.root).toBe(laptop.root);
  });
});
