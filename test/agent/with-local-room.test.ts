import { expect, test } from 'vitest';
import type { DiskSpace } from '../../src/disk/disk-reserve.ts';
import { withLocalRoom } from '../../src/agent/store/with-local-room.ts';
import { MemoryStore } from '../world/memory-store.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { VirtualClock } from '../world/virtual-clock.ts';

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const some = { maxBytes: 20 * mib };

/** A store with large objects, and the disk of the device that asks it. */
async function nearlyFull() {
  const inner = new MemoryStore({ clock: new VirtualClock(), random: new SeededRandom(1) });
  for (const name of ['packs/a', 'packs/b', 'packs/c']) await inner.putNew(name, [new Uint8Array(9 * mib)]);
  const space = { freeBytes: 10 * gib, totalBytes: 100 * gib };
  const clock = new VirtualClock();
  let asked = 0;
  const tell = async (): Promise<DiskSpace> => {
    asked += 1;
    return { ...space };
  };
  return { space, clock, store: withLocalRoom(inner, { clock, space: tell }), asked: () => asked };
}

const refused = { code: 'E_DISK', message: expect.stringContaining('less than 256 MiB are free') as string };

test('A44: nothing is fetched onto a disk that is nearly full, and all goes on when there is room', async () => {
  const { space, clock, store } = await nearlyFull();
  await store.get('packs/a', some);
  space.freeBytes = 255 * mib;
  clock.advance(1000);
  await expect(store.get('packs/a', some)).rejects.toMatchObject(refused);
  space.freeBytes = 257 * mib;
  expect(await store.get('packs/a', some)).toHaveLength(9 * mib);
});

test('A44: a disk that fills up while much is fetched is noticed by what came, not by the clock alone', async () => {
  const { space, store, asked } = await nearlyFull();
  await store.get('packs/a', some);
  space.freeBytes = 1;
  await store.get('packs/b', some);
  expect(asked()).toBe(1);
  await expect(store.get('packs/c', some)).rejects.toMatchObject(refused);
});

test('what is sent goes out all the same, and is looked at there', async () => {
  const { space, store } = await nearlyFull();
  space.freeBytes = 1;
  await store.putNew('journal/new', [new Uint8Array(3)]);
  expect(await store.get('journal/new', some)).toHaveLength(3);
  expect(await store.list('journal/', { limit: 10 })).toMatchObject({ names: ['journal/new'] });
});
