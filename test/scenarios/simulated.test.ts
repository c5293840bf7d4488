/**
 * Every scenario on simulated devices. Each in as many ways as it can end; with CACHETTE_SCENARIOS=all in every way it can
 * go: either device first, begun by either.
 */
import { describe, expect, test } from 'vitest';
import { allScenarios } from './all-scenarios.ts';
import { chooseRuns, isHuge } from './choose-runs.ts';
import { askingAt, playSimulated } from './sim-world.ts';

const isWhole = process.env['CACHETTE_SCENARIOS'] === 'all';

for (const [topic, scenarios] of Object.entries(allScenarios)) {
  describe(topic, () => {
    scenarios.forEach(({ title, runs, only }, at) => {
      if (only?.world === 'real folders' || (isHuge(runs) && !isWhole)) return;
      test(title, async () => {
        const chosen = isWhole ? runs : chooseRuns(runs, at);
        for (const [number, run] of chosen.entries()) {
          try {
            await playSimulated(run, undefined, askingAt(at + number));
          } catch (error) {
            throw new Error(`${run.title}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
          }
        }
        expect(chosen).not.toEqual([]);
      });
    });
  });
}

test('there are at least two hundred of them, each with a name of its own', () => {
  const titles = Object.entries(allScenarios).flatMap(([topic, scenarios]) => scenarios.map(({ title }) => `${topic}: ${title}`));
  expect(titles.length).toBeGreaterThanOrEqual(200);
  expect(new Set(titles).size).toBe(titles.length);
});
