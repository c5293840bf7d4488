import { expect, test } from 'vitest';
import { watchStore } from '../../src/agent/store/store-news.ts';
import { LeapingClock } from '../store/leaping-clock.ts';
import { SeededRandom } from '../world/seeded-random.ts';

/** How often a device is told of news by a store that says at every look that there are some, in so much time. */
async function newsWithin(limitMs: number): Promise<number> {
  const clock = new LeapingClock();
  const endMs = clock.monotonicMs() + limitMs;
  const ended = new AbortController();
  let news = 0;
  await watchStore(
    {
      store: { watch: () => Promise.resolve() },
      hasChanged: async () => {
        if (clock.monotonicMs() >= endMs) ended.abort();
        return true;
      },
      clock,
      random: new SeededRandom(1),
      pollMs: 30_000,
      onNews: () => {
        news += 1;
      },
    },
    ended.signal,
  );
  return news;
}

test('A44: a store that has news all the time wears nobody out, and a few in a row are told at once', async () => {
  expect(await newsWithin(4_000)).toBeGreaterThan(35);
  expect(await newsWithin(600_000)).toBeLessThan(680);
});
