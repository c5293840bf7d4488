import { describe, expect, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { seededRandom } from '../crypto/fixed-random.ts';
import { MemoryStore } from '../world/memory-store.ts';
import type { StoreFaults } from '../world/store-faults.ts';
import { LeapingClock } from './leaping-clock.ts';

const some = { maxBytes: 1000 };
const page = { limit: 1000 };

function newWorld(faults: Partial<StoreFaults> = {}): { clock: LeapingClock; store: MemoryStore } {
  const clock = new LeapingClock();
  return { clock, store: new MemoryStore({ clock, random: seededRandom('faults'), faults }) };
}

describe('faults of the store in memory', () => {
  test('a lost request has no effect, a lost response has', async () => {
    const { store } = newWorld({ loseRequest: 1 });
    expect(await store.putNew('a', [utf8('x')])).toBe('unknown');
    expect(store.medium.names()).toEqual([]);
    await expect(store.get('a', some)).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    Object.assign(store.faults, { loseRequest: 0, loseResponse: 1 });
    expect(await store.putNew('a', [utf8('x')])).toBe('unknown');
    expect(store.medium.names()).toEqual(['a']);
  });

  test('a late delivery arrives after the client gave up, and does not disturb what came meanwhile', async () => {
    const { clock, store } = newWorld({ lateDelivery: 1, lateMs: 5000 });
    expect(await store.putNew('a', [utf8('late')])).toBe('unknown');
    expect(await store.putNew('b', [utf8('late')])).toBe('unknown');
    store.faults.lateDelivery = 0;
    expect(await store.putNew('b', [utf8('early')])).toBe('stored');
    expect(await store.get('a', some)).toBeUndefined();
    clock.advance(5000);
    expect(await store.get('a', some)).toEqual(utf8('late'));
    expect(await store.get('b', some)).toEqual(utf8('early'));
  });

  test('a duplicate brings back what was deleted meanwhile', async () => {
    const { clock, store } = newWorld({ duplicate: 1, lateMs: 5000 });
    await store.putNew('a', [utf8('x')]);
    store.faults.duplicate = 0;
    await store.delete('a');
    expect(await store.get('a', some)).toBeUndefined();
    clock.advance(5000);
    expect(await store.get('a', some)).toEqual(utf8('x'));
  });

  test('stale views show the store as it was', async () => {
    const { clock, store } = newWorld();
    await store.putNew('a', [utf8('x')]);
    clock.advance(1000);
    await store.putNew('b', [utf8('x')]);
    await store.delete('a');
    const stale = store.view({ faults: { staleListMs: 500, staleGetMs: 500 } });
    expect((await stale.list('', page)).names).toEqual(['a']);
    expect(await stale.get('a', some)).toEqual(utf8('x'));
    expect(await stale.get('b', some)).toBeUndefined();
    expect((await store.list('', page)).names).toEqual(['b']);
    clock.advance(500);
    expect((await stale.list('', page)).names).toEqual(['b']);
  });

  test('a new object may show only half of itself for a while', async () => {
    const { clock, store } = newWorld({ halfVisible: 1, halfVisibleMs: 1000 });
    await store.putNew('a', [utf8('12345678')]);
    expect(await store.get('a', some)).toEqual(utf8('1234'));
    clock.advance(1000);
    expect(await store.get('a', some)).toEqual(utf8('12345678'));
  });

  test('bodies may be corrupted or swapped, the stored bytes are not', async () => {
    const { store } = newWorld();
    await store.putNew('a', [utf8('aaaa')]);
    await store.putNew('b', [utf8('bbbb')]);
    store.faults.corrupt = 1;
    expect(await store.get('a', some)).not.toEqual(utf8('aaaa'));
    Object.assign(store.faults, { corrupt: 0, swap: 1 });
    expect(await store.get('a', some)).toEqual(utf8('bbbb'));
    store.faults.swap = 0;
    expect(await store.get('a', some)).toEqual(utf8('aaaa'));
  });

  test('short pages say that there is more', async () => {
    const { store } = newWorld({ listPageMax: 1 });
    await store.putNew('a', []);
    await store.putNew('b', []);
    expect(await store.list('', page)).toEqual({ names: ['a'], more: true });
    expect(await store.list('', { ...page, after: 'a' })).toEqual({ names: ['b'], more: false });
  });

  test('the same seed meets the same faults', async () => {
    const run = async (): Promise<string[]> => {
      const { store } = newWorld({ loseRequest: 0.3, loseResponse: 0.3 });
      const outcomes: string[] = [];
      for (let index = 0; index < 50; index += 1) outcomes.push(await store.putNew(`o/${index}`, []));
      return outcomes;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set(['stored', 'unknown']));
    expect(await run()).toEqual(first);
  });
});

describe('views and moments of the store in memory', () => {
  test('two views share objects and hints but neither faults nor counters', async () => {
    const { store } = newWorld();
    const other = store.view();
    other.faults.away = true;
    await store.putNew('a', [utf8('x')]);
    await expect(other.get('a', some)).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    other.faults.away = false;
    expect(await other.get('a', some)).toEqual(utf8('x'));
    expect(store.counters.requests).toMatchObject({ putNew: 1, get: 0 });
    expect(other.counters).toMatchObject({ bytesDown: 1, bytesUp: 0 });
  });

  test('rollback forgets all that came after the mark, fork goes its own way', async () => {
    const { store } = newWorld();
    await store.putNew('a', [utf8('x')]);
    const mark = store.medium.snapshot();
    await store.putNew('b', [utf8('x')]);
    await store.delete('a');
    const fork = store.fork();
    await fork.putNew('c', [utf8('x')]);
    store.medium.rollback(mark);
    expect((await store.list('', page)).names).toEqual(['a']);
    expect((await fork.list('', page)).names).toEqual(['b', 'c']);
  });

  test('hooks stand before and after the effect and may stop the device there', async () => {
    const { store } = newWorld();
    const crash = new Error('crash');
    store.hooks.after = ({ verb, name }) => {
      if (verb === 'putNew' && name === 'a') throw crash;
    };
    await expect(store.putNew('a', [utf8('x')])).rejects.toBe(crash);
    expect(store.medium.names()).toEqual(['a']);
    store.hooks.before = () => {
      throw crash;
    };
    await expect(store.putNew('b', [utf8('x')])).rejects.toBe(crash);
    expect(store.medium.names()).toEqual(['a']);
  });

  test('a watch wakes for the hint of another view, also one put between two watches', async () => {
    const { store } = newWorld();
    const other = store.view();
    await other.putHint(utf8('1'));
    await expect(store.watch?.({})).resolves.toBeUndefined();
  });
});
