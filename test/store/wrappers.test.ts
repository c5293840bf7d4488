import { describe, expect, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { Failure } from '../../src/base/failure.ts';
import type { PutOutcome, Store } from '../../src/store/store.ts';
import { StoreBusy } from '../../src/store/store-busy.ts';
import { withBandwidthLimit } from '../../src/store/with-bandwidth-limit.ts';
import { newStoreMetrics, withMetrics } from '../../src/store/with-metrics.ts';
import { defaultRetryPolicy, withRetry } from '../../src/store/with-retry.ts';
import { seededRandom } from '../crypto/fixed-random.ts';
import { MemoryStore } from '../world/memory-store.ts';
import { LeapingClock } from './leaping-clock.ts';

const some = { maxBytes: 1_000_000 };

function newWorld(): { clock: LeapingClock; memory: MemoryStore; store: Store } {
  const clock = new LeapingClock();
  const random = seededRandom('wrappers');
  const memory = new MemoryStore({ clock, random });
  return { clock, memory, store: withRetry(memory, { clock, random }) };
}

describe('retry', () => {
  test('goes on until the store is back, with growing delays below their ceilings', async () => {
    const { clock, memory, store } = newWorld();
    await memory.putNew('a', [utf8('x')]);
    memory.faults.outages = [{ fromMs: clock.nowMs(), toMs: clock.nowMs() + 1000 }];
    expect(await store.get('a', some)).toEqual(utf8('x'));
    const ceilingsMs = [500, 1000, 2000, 4000];
    clock.sleptMs.forEach((delayMs, index) => expect(delayMs).toBeLessThanOrEqual(ceilingsMs[index]!));
    expect(clock.sleptMs.length).toBeGreaterThan(0);
  });

  test("gives up after its tries, with the store's own failure", async () => {
    const { memory, store } = newWorld();
    memory.faults.away = true;
    await expect(store.list('', { limit: 1 })).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(memory.counters.requests.list).toBe(defaultRetryPolicy.tries);
  });

  test('of a store that is away asks one at a time, once, and the others fail with it', async () => {
    const { memory, store } = newWorld();
    memory.faults.away = true;
    await expect(store.list('', { limit: 1 })).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(memory.counters.requests.list).toBe(defaultRetryPolicy.tries);
    const asked = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => store.get(`a${index}`, some)));
    expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 'rejected'));
    expect(memory.counters.requests.get).toBe(1);
  });

  test('once a store is back lets all go ahead after the first', async () => {
    const { memory, store } = newWorld();
    await memory.putNew('a', [utf8('x')]);
    memory.faults.away = true;
    await expect(store.get('a', some)).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    memory.faults.away = false;
    const log: string[] = [];
    const get = memory.get.bind(memory);
    memory.get = async (name, options) => {
      log.push('asked');
      const bytes = await get(name, options);
      log.push('answered');
      return bytes;
    };
    const asked = Array.from({ length: 10 }, () => store.get('a', some));
    expect(await Promise.all(asked)).toEqual(asked.map(() => utf8('x')));
    expect(log.slice(0, 4)).toEqual(['asked', 'answered', 'asked', 'asked']);
    expect(log).toHaveLength(20);
  });

  test('whoever waits for another to ask can give up, and a probe that gives up is taken over', async () => {
    const { memory, store } = newWorld();
    memory.faults.away = true;
    await expect(store.get('a', some)).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    const [stopFirst, stopSecond] = [new AbortController(), new AbortController()];
    let wake: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (wake = resolve));
    const get = memory.get.bind(memory);
    memory.get = async (name, options) => {
      if (options.signal === stopFirst.signal) await held;
      options.signal?.throwIfAborted();
      return get(name, options);
    };
    const first = store.get('a', { ...some, signal: stopFirst.signal });
    const second = store.get('a', { ...some, signal: stopSecond.signal });
    const third = store.get('a', some);
    stopSecond.abort(new Error('second gave up'));
    await expect(second).rejects.toThrow('second gave up');
    memory.faults.away = false;
    stopFirst.abort(new Error('first gave up'));
    wake();
    await expect(first).rejects.toThrow('first gave up');
    expect(await third).toBeUndefined();
  });

  test('a store that asked to be left alone is, by everybody, a little longer than it asked', async () => {
    const { clock, memory, store } = newWorld();
    let asked = 0;
    memory.get = () => {
      asked += 1;
      return Promise.reject(new StoreBusy('come back later', 120_000));
    };
    await expect(store.get('a', some)).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    clock.advance(119_999);
    await expect(store.get('a', some)).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(asked).toBe(1);
    clock.advance(60_001);
    await expect(store.get('a', some)).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(asked).toBe(2);
  });

  test('asks only once where asking again cannot help', async () => {
    const { memory, store } = newWorld();
    memory.faults.denied = ['get', 'delete'];
    await expect(store.get('a', some)).rejects.toMatchObject({ code: 'E_STORE_DENIED' });
    await expect(store.delete('a')).rejects.toMatchObject({ code: 'E_STORE_DENIED' });
    memory.faults.capacityBytes = 0;
    await expect(store.putNew('a', [utf8('x')])).rejects.toMatchObject({ code: 'E_STORE_FULL' });
    expect(memory.counters.requests).toMatchObject({ get: 1, delete: 1, putNew: 1 });
  });

  test('puts the same bytes again after an unknown outcome, and passes on what it then finds', async () => {
    const { memory, store } = newWorld();
    memory.faults.loseResponse = 1;
    memory.hooks.before = ({ ordinal }) => {
      if (ordinal === 3) memory.faults.loseResponse = 0;
    };
    expect(await store.putNew('a', [utf8('x')])).toBe('exists');
    expect(memory.counters.requests.putNew).toBe(3);
  });

  test('an outcome once unknown stays unknown, whatever later tries meet', async () => {
    for (const later of ['away', 'full']) {
      const { memory, store } = newWorld();
      memory.faults.loseRequest = 1;
      memory.hooks.before = ({ ordinal }) => {
        if (ordinal === 1) return;
        memory.faults.loseRequest = 0;
        if (later === 'away') memory.faults.away = true;
        else memory.faults.capacityBytes = 0;
      };
      expect(await store.putNew('a', [utf8('x')])).toBe('unknown');
    }
  });

  test('is unknown when the store never says', async () => {
    const { memory, store } = newWorld();
    memory.faults.loseRequest = 1;
    expect(await store.putNew('a', [utf8('x')])).toBe('unknown');
    expect(memory.counters.requests.putNew).toBe(defaultRetryPolicy.tries);
  });

  test('waits as long as the store asks, and not at all for longer than it has', async () => {
    const { clock, memory } = newWorld();
    let askedMs = 7000;
    let refusals = 1;
    const busy: Store = {
      ...boundStore(memory),
      list: (prefix, options) => {
        if (refusals === 0) return memory.list(prefix, options);
        refusals -= 1;
        return Promise.reject(new StoreBusy('later', askedMs));
      },
    };
    const store = withRetry(busy, { clock, random: seededRandom('busy') });
    expect(await store.list('', { limit: 1 })).toEqual({ names: [], more: false });
    const [sleptMs = 0] = clock.sleptMs;
    expect(sleptMs).toBeGreaterThanOrEqual(7000);
    expect(sleptMs).toBeLessThan(10_500);
    askedMs = 60_000;
    refusals = 1;
    await expect(store.list('', { limit: 1 })).rejects.toMatchObject({ retryAfterMs: 60_000 });
    expect(clock.sleptMs).toHaveLength(1);
  });

  test('an abort ends the waiting', async () => {
    const { clock, memory } = newWorld();
    memory.faults.away = true;
    const stop = new AbortController();
    const stopping = {
      ...clockOf(clock),
      sleep: (): Promise<void> => {
        stop.abort(new Error('enough'));
        return Promise.reject(stop.signal.reason as Error);
      },
    };
    const store = withRetry(memory, { clock: stopping, random: seededRandom('abort') });
    await expect(store.get('a', { ...some, signal: stop.signal })).rejects.toThrow('enough');
    expect(memory.counters.requests.get).toBe(1);
  });
});

describe('bandwidth limit', () => {
  test('keeps uploads and downloads to their own rate in the long run', async () => {
    const { clock, memory } = newWorld();
    const store = withBandwidthLimit(pacing(memory), { upBytesPerSecond: 1000, downBytesPerSecond: 10_000 }, clock);
    const startMs = clock.monotonicMs();
    for (const name of ['a', 'b', 'c', 'd']) expect(await store.putNew(name, [new Uint8Array(10_000)])).toBe('stored');
    const upMs = clock.monotonicMs() - startMs;
    // The last piece is let go once everything before it is paid for.
    expect(upMs).toBeGreaterThanOrEqual(38_000);
    expect(upMs).toBeLessThanOrEqual(40_000);
    for (const name of ['a', 'b', 'c', 'd']) await store.get(name, some);
    expect(clock.monotonicMs() - startMs - upMs).toBeGreaterThanOrEqual(2_500);
  });

  test('charges what an adapter did not pace to the requests that follow', async () => {
    const { clock, memory } = newWorld();
    let adapter: Store = memory;
    const changing: Store = { ...boundStore(memory), putNew: (name, parts, options) => adapter.putNew(name, parts, options) };
    const store = withBandwidthLimit(changing, { upBytesPerSecond: 1000, downBytesPerSecond: undefined }, clock);
    await store.putNew('a', [new Uint8Array(10_000)]);
    expect(clock.sleptMs).toEqual([]);
    adapter = pacing(memory);
    await store.putNew('b', [new Uint8Array(100)]);
    expect(clock.sleptMs).toEqual([9_750]);
  });

  test('without a limit nothing is paced', async () => {
    const { clock, memory } = newWorld();
    const store = withBandwidthLimit(pacing(memory), { upBytesPerSecond: undefined, downBytesPerSecond: 0 }, clock);
    await store.putNew('a', [new Uint8Array(1_000_000)]);
    await store.get('a', some);
    expect(clock.sleptMs).toEqual([]);
  });
});

describe('metrics', () => {
  test('count every request, the bytes that arrived, and what went wrong', async () => {
    const { memory } = newWorld();
    const metrics = newStoreMetrics();
    const store = withMetrics(memory, metrics);
    await store.putNew('a', [new Uint8Array(10), new Uint8Array(5)]);
    await store.putNew('a', [new Uint8Array(15)]);
    await store.get('a', some);
    await store.get('none', some);
    await store.putHint(utf8('hint'));
    await store.getHint(undefined);
    memory.faults.loseRequest = 1;
    await store.putNew('b', []);
    await expect(store.list('', { limit: 1 })).rejects.toBeInstanceOf(Failure);
    expect(metrics).toEqual({
      requests: { get: 2, putNew: 3, list: 1, delete: 0, putHint: 1, getHint: 1, watch: 0 },
      failures: 1,
      unknownPuts: 1,
      bytesUp: 19,
      bytesDown: 19,
    });
  });
});

function clockOf(clock: LeapingClock): { nowMs: () => number; monotonicMs: () => number } {
  return { nowMs: () => clock.nowMs(), monotonicMs: () => clock.monotonicMs() };
}

function boundStore(store: Store): Store {
  return {
    label: store.label,
    get: (name, options) => store.get(name, options),
    putNew: (name, parts, options) => store.putNew(name, parts, options),
    list: (prefix, options) => store.list(prefix, options),
    delete: (name, options) => store.delete(name, options),
    putHint: (bytes, options) => store.putHint(bytes, options),
    getHint: (tag, options) => store.getHint(tag, options),
    close: () => store.close(),
  };
}

/** As the HTTP adapter does it: every kilobyte is announced. */
function pacing(store: Store): Store {
  const paceAll = async (bytes: number, pace: ((bytes: number) => Promise<void>) | undefined): Promise<void> => {
    for (let left = bytes; left > 0; left -= 1000) await pace?.(Math.min(left, 1000));
  };
  return {
    ...boundStore(store),
    get: async (name, options) => {
      const bytes = await store.get(name, options);
      await paceAll(bytes?.byteLength ?? 0, options.pace);
      return bytes;
    },
    putNew: async (name, parts, options): Promise<PutOutcome> => {
      await paceAll(
        parts.reduce((sum, part) => sum + part.byteLength, 0),
        options?.pace,
      );
      return store.putNew(name, parts, options);
    },
  };
}
