import { describe, expect, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { probeStore } from '../../src/store/probe.ts';
import { seededRandom } from '../crypto/fixed-random.ts';
import { MemoryStore } from '../world/memory-store.ts';
import type { StoreFaults } from '../world/store-faults.ts';
import { LeapingClock } from './leaping-clock.ts';

function newStore(faults: Partial<StoreFaults> = {}): MemoryStore {
  return new MemoryStore({ clock: new LeapingClock(), random: seededRandom('probe'), faults });
}
const probe = (store: MemoryStore): ReturnType<typeof probeStore> => probeStore(store, seededRandom('probe names'));

describe('the probe of a store', () => {
  test('finds nothing to say about a good one, and leaves nothing in it', async () => {
    const store = newStore();
    expect(await probe(store)).toEqual({ refusesExisting: true, canDelete: true, listsAtOnce: true, notes: [] });
    expect(store.medium.names()).toEqual([]);
  });

  test('does not touch the hint of a vault in use', async () => {
    const store = newStore();
    await store.putHint(utf8('000000000042'));
    await probe(store);
    expect((await store.getHint(undefined))?.bytes).toEqual(utf8('000000000042'));
  });

  test('takes a store without preconditions as it is', async () => {
    for (const onExisting of ['keep', 'overwrite'] as const) {
      expect(await probe(newStore({ onExisting }))).toMatchObject({ refusesExisting: false, notes: [] });
    }
  });

  test('notes what is late or not allowed', async () => {
    const appendOnly = await probe(newStore({ denied: ['delete'] }));
    expect(appendOnly.canDelete).toBe(false);
    expect(appendOnly.notes).toHaveLength(1);
    const late = await probe(newStore({ staleListMs: 1000 }));
    expect(late.listsAtOnce).toBe(false);
    expect(late.notes).toHaveLength(1);
  });

  test('says in words what a bad one does, and cleans up all the same', async () => {
    const bad: readonly (readonly [Partial<StoreFaults>, string])[] = [
      [{ dropWrite: 1 }, 'says that an object is stored and then does not have it'],
      [{ corrupt: 1 }, 'gives back other bytes'],
      [{ halfVisible: 1 }, 'gives back other bytes'],
      [{ staleGetMs: 1000 }, 'does not have it'],
    ];
    for (const [faults, words] of bad) {
      const store = newStore(faults);
      await expect(probe(store)).rejects.toMatchObject({ code: 'E_STORE_BEHAVIOUR', message: expect.stringContaining(words) as string });
      expect(store.medium.names()).toEqual([]);
    }
  });

  test('passes on that a store is away, full or closed to us', async () => {
    await expect(probe(newStore({ away: true }))).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    await expect(probe(newStore({ loseRequest: 1 }))).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    await expect(probe(newStore({ capacityBytes: 10 }))).rejects.toMatchObject({ code: 'E_STORE_FULL' });
    await expect(probe(newStore({ denied: ['putNew'] }))).rejects.toMatchObject({ code: 'E_STORE_DENIED' });
  });
});
