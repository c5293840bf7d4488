import { beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/base/failure.ts';
import { packName } from '../../../src/vault/pack/pack-name.ts';
import { PackStore } from '../../../src/vault/pack/pack-store.ts';
import type { ReadRange } from '../../../src/vault/pack/plan-reads.ts';
import { MemoryStore } from '../../world/memory-store.ts';
import { SeededRandom } from '../../world/seeded-random.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { streamBytes } from '../chunk/stream-bytes.ts';
import { testVault } from '../chunk/test-vault.ts';
import { packId } from '../entry/sample-entry.ts';
import { buildPack } from './build-pack.ts';

const delaysMs = [100, 1_000];
const { signal } = new AbortController();
const pack = packId('pack');
const built = buildPack(testVault('packs'), pack, [streamBytes('a', 50_000)]);
const range: ReadRange = { start: 0, length: 262_144, bytes: built.bytes.length };
const pass = (bytes: Uint8Array): Promise<number> => Promise.resolve(bytes.length);

let clock: VirtualClock;
let store: MemoryStore;
let packs: PackStore;

beforeEach(() => {
  clock = new VirtualClock();
  store = new MemoryStore({ clock, random: new SeededRandom(1) });
  packs = new PackStore(store, { clock, delaysMs });
});

function waitedMs(startMs: number): number {
  return clock.monotonicMs() - startMs;
}

describe('a pack that a store shows late', () => {
  test('is read without waiting where it is whole', async () => {
    await packs.put(built, signal);
    const startMs = clock.monotonicMs();
    expect(await packs.read({ pack, range, signal }, pass)).toBe(built.bytes.length);
    expect(waitedMs(startMs)).toBe(0);
  });

  test('is asked for again while only half of it is there', async () => {
    store.faults.halfVisible = 1;
    store.faults.halfVisibleMs = 1_000;
    store.medium.write(packName(pack), built.bytes, 1_000);
    const startMs = clock.monotonicMs();
    expect(await packs.read({ pack, range, signal }, pass)).toBe(built.bytes.length);
    expect(waitedMs(startMs)).toBe(1_100);
  });

  test('is asked for again while its chunks do not open, and while it is not there', async () => {
    const seen: string[] = [];
    store.hooks.after = () => {
      if (store.counters.requests.get === 1) store.medium.write(packName(pack), new Uint8Array(built.bytes.length));
      if (store.counters.requests.get === 2) store.medium.write(packName(pack), built.bytes);
    };
    const length = await packs.read({ pack, range, signal }, (bytes) => {
      seen.push(bytes[0] === 0 ? 'zeros' : 'whole');
      if (bytes[0] === 0) throw new Failure('E_TAMPER', 'does not open');
      return pass(bytes);
    });
    expect(length).toBe(built.bytes.length);
    expect(seen).toEqual(['zeros', 'whole']);
  });
});

describe('a pack that a store says it has', () => {
  const name = packName(pack);

  test('and has not is put again, and in the end called by its name', async () => {
    store.hooks.after = ({ verb }) => {
      if (verb === 'putNew') store.medium.write(name, undefined);
    };
    await expect(packs.put(built, signal)).rejects.toMatchObject({ code: 'E_STORE_BEHAVIOUR', subject: name });
    expect(store.counters.requests.putNew).toBe(3);
    store.hooks.after = undefined;
    await packs.put(built, signal);
  });

  test.each([
    ['less of it', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['another end', (bytes: Uint8Array) => bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte))],
  ])('and has %s', async (_, change) => {
    store.hooks.after = ({ verb }) => {
      if (verb === 'putNew') store.medium.write(name, change(built.bytes));
    };
    await expect(packs.put(built, signal)).rejects.toMatchObject({ code: 'E_STORE_BEHAVIOUR', subject: name });
  });

  test('is asked for its last block only', async () => {
    const large = buildPack(testVault('packs'), pack, [streamBytes('b', 700_000)]);
    await packs.put(large, signal);
    expect(store.counters.bytesDown).toBe(large.bytes.length - 524_288);
  });
});

describe('a pack that stays wrong', () => {
  test('is missing or tampered with after a bounded time', async () => {
    const startMs = clock.monotonicMs();
    await expect(packs.read({ pack, range, signal }, pass)).rejects.toMatchObject({ code: 'E_MISSING' });
    expect(waitedMs(startMs)).toBe(1_100);
    expect(store.counters.requests.get).toBe(3);
  });

  test('tells that the store is damaged: the next ones are not waited for, for a minute', async () => {
    store.medium.write(packName(pack), built.bytes.subarray(1));
    await expect(packs.read({ pack, range, signal }, pass)).rejects.toMatchObject({ code: 'E_TAMPER' });
    const startMs = clock.monotonicMs();
    const other = packId('other');
    await expect(packs.read({ pack: other, range, signal }, pass)).rejects.toMatchObject({ code: 'E_MISSING' });
    expect(waitedMs(startMs)).toBe(0);
    clock.advance(60_000);
    await expect(packs.read({ pack: other, range, signal }, pass)).rejects.toMatchObject({ code: 'E_MISSING' });
    expect(waitedMs(startMs)).toBe(61_100);
  });

  test('is not waited for where the store is away: that is said at once', async () => {
    store.faults.away = true;
    const startMs = clock.monotonicMs();
    await expect(packs.read({ pack, range, signal }, pass)).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(waitedMs(startMs)).toBe(0);
  });
});
