import { expect, test } from 'vitest';
import { searchHistories } from './search-histories.ts';

test('who wants a search to stop is heard between two histories, and weak references let go by then', async () => {
  let isStopped = false;
  setImmediate(() => {
    isStopped = true;
  });
  const histories = await searchHistories({
    kinds: ['calm'],
    firstSeed: 1,
    seedStep: 1,
    goesOn: (done) => !isStopped && done < 20,
    found: () => undefined,
  });
  expect(histories).toBeGreaterThan(0);
  expect(histories).toBeLessThan(20);
});
