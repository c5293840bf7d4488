import { describe, expect, test } from 'vitest';
import { JournalWorld, makeFile, signal, type JournalDevice } from './journal-world.ts';

const minutes = 60_000;

interface Removed {
  readonly world: JournalWorld;
  readonly laptop: JournalDevice;
  readonly desk: JournalDevice;
  /** Written by the laptop under the list without the phone. */
  readonly name: string;
}

/** The laptop removed the phone and wrote on; the desk knows neither. */
async function removed(): Promise<Removed> {
  const world = new JournalWorld('index');
  const [laptop, desk, phone] = ['laptop', 'desk', 'phone'].map((name) => world.enrol(name)) as [
    JournalDevice,
    JournalDevice,
    JournalDevice,
  ];
  for (const device of [laptop, desk, phone]) device.learnLists();
  await laptop.write([makeFile('one', '1')]);
  await desk.catchUp();
  world.remove(phone);
  laptop.learnLists();
  await laptop.write([makeFile('two', '2')]);
  return { world, laptop, desk, name: world.medium.names('journal/').at(-1) ?? '' };
}

describe('an entry of a new epoch, listed before the list of devices that begins it', () => {
  test('is waited for within the run, where the list comes at once', async () => {
    const { world, laptop, desk } = await removed();
    desk.listsLateUntilMs = world.clock.nowMs() + 3_000;
    expect(await desk.journal.catchUp(signal)).toMatchObject({ arrived: 1, setAside: [] });
    expect(desk.root).toBe(laptop.root);
  });

  test('is not there yet, for some minutes: nothing is refused, and nobody writes what the removed device could read', async () => {
    const { world, laptop, desk, name } = await removed();
    desk.listsLateUntilMs = world.clock.nowMs() + 4 * minutes;
    const count = world.medium.names().length;
    for (let run = 0; run < 3; run += 1) {
      await expect(desk.write([makeFile('three', '3')])).rejects.toMatchObject({ code: 'E_STORE_LATE', exitCode: 4, subject: name });
      await world.clock.sleep(minutes);
    }
    expect(world.medium.names()).toHaveLength(count);
    await world.clock.sleep(minutes);
    await desk.write([makeFile('three', '3')]);
    expect(await laptop.journal.catchUp(signal)).toMatchObject({ arrived: 1, setAside: [] });
    expect(desk.root).toBe(laptop.root);
  });

  test('is a hidden list where it stays away: refused for as long as any object, then set aside, and taken in once the list is shown', async () => {
    const { world, laptop, desk, name } = await removed();
    desk.listsLateUntilMs = world.clock.nowMs() + 1_000 * minutes;
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_STORE_LATE' });
    await world.clock.sleep(5 * minutes);
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_EPOCH', exitCode: 5, subject: name });
    await world.clock.sleep(14 * minutes);
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_EPOCH' });
    await world.clock.sleep(minutes);
    expect(await desk.journal.catchUp(signal)).toMatchObject({ arrived: 0, setAside: [{ name, code: 'E_EPOCH' }] });
    desk.listsLateUntilMs = 0;
    await world.clock.sleep(60 * minutes);
    expect(await desk.journal.catchUp(signal)).toMatchObject({ arrived: 1, setAside: [] });
    expect(desk.root).toBe(laptop.root);
  });

  test('is no list that is late where it says to be of an epoch that nobody can have begun', async () => {
    const { world, desk, name } = await removed();
    desk.listsLateUntilMs = world.clock.nowMs() + 1_000 * minutes;
    const bytes = world.medium.read(name)?.slice() ?? new Uint8Array();
    // Length, magic, version and type stand before the epoch.
    new DataView(bytes.buffer).setUint32(10, 40);
    world.medium.write(name, bytes);
    await expect(desk.catchUp()).rejects.toMatchObject({ code: 'E_EPOCH', exitCode: 5, subject: name });
  });
});
