import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { hearLater } from '../../src/base/hear-later.ts';

const reason = new Error('stop');

test('an act that began comes to its end, and its caller hears of the stop then', async () => {
  const stopping = new AbortController();
  let hasEnded = false;
  const running = hearLater({ clock: systemClock, signal: stopping.signal }, 60_000, async (signal) => {
    stopping.abort(reason);
    await setImmediate();
    expect(signal.aborted).toBe(false);
    hasEnded = true;
  });
  await expect(running).rejects.toBe(reason);
  expect(hasEnded).toBe(true);
});

test('an act that does not end hears of the stop when its time is over', async () => {
  const stopping = new AbortController();
  const waits: number[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep: async (delayMs) => {
      waits.push(delayMs);
      await Promise.resolve();
    },
  };
  const running = hearLater({ clock, signal: stopping.signal }, 60_000, (signal) => {
    stopping.abort(reason);
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  });
  await expect(running).rejects.toBe(reason);
  expect(waits).toEqual([60_000]);
});

test('an act is not begun after the stop, and gives its result where there is none', async () => {
  await expect(hearLater({ clock: systemClock, signal: AbortSignal.abort(reason) }, 60_000, () => Promise.resolve())).rejects.toBe(reason);
  expect(await hearLater({ clock: systemClock }, 60_000, () => Promise.resolve('done'))).toBe('done');
});
