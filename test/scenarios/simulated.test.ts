/**
 * Every scenario on simulated devices. Each in as many ways as it can end; with CACHETTE_SCENARIOS=all in every way it can
 * go: either device first, begun by either.
 */
import { describe, expect, test } from 'vitest';
import { allScenarios } from './all-scenarios.ts';
import type { Run } from './scenario.ts';
import { playSimulated } from './sim-world.ts';

const isWhole = process.env['CACHETTE_SCENARIOS'] === 'all';

/** One for each outcome; where there is one for all, now this, now that. */
function choose(runs: readonly Run[], at: number): readonly Run[] {
  const outcomes = new Map(runs.map((run) => [run.meeting?.wanted, run]));
  return isWhole ? runs : outcomes.size > 1 ? [...outcomes.values()] : runs.slice(at % runs.length).slice(0, 1);
}

function isHuge(runs: readonly Run[]): boolean {
  return runs.some(({ base }) => Object.keys(base).length > 1000);
}

for (const [topic, scenarios] of Object.entries(allScenarios)) {
  describe(topic, () => {
    scenarios.forEach(({ title, runs, only }, at) => {
      if (only?.world === 'real folders' || (isHuge(runs) && !isWhole)) return;
      test(title, async () => {
        const chosen = choose(runs, at);
        for (const run of chosen) {
          try {
            await playSimulated(run);
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
