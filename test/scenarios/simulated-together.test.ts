/**
 * The meetings among the scenarios on simulated devices, many in one vault: what one of them needs read, brought or published comes between
 * the steps of another. A few tables as the seed says; with CACHETTE_SCENARIOS=all all of them.
 */
import { describe, expect, test } from 'vitest';
import { allScenarios } from './all-scenarios.ts';
import { askingAt, playSimulated } from './sim-world.ts';
import { gather, tableRun } from './together.ts';

const isWhole = process.env['CACHETTE_SCENARIOS'] === 'all';
const seed = Number(process.env['CACHETTE_SEED'] ?? 1);
/** Without a wish, every so many tables, so that all have their turn as seeds change. */
const stride = isWhole ? 1 : 5;
const limitMs = 600_000;
const scenarios = Object.entries(allScenarios)
  .flatMap(([topic, told]) => told.map((scenario) => ({ ...scenario, name: `${topic}: ${scenario.title}` })))
  .filter(({ only }) => only?.world !== 'real folders');

describe('many meetings in one vault', () => {
  for (const first of ['there', 'here'] as const) {
    gather(scenarios, first).forEach((guests, at) => {
      if ((at + seed) % stride !== 0) return;
      test(`${guests.length} of them, ${first} syncs first, table ${at + 1}`, { timeout: limitMs }, async () => {
        await playSimulated(tableRun(guests, first), undefined, askingAt(at));
        expect(guests).not.toEqual([]);
      });
    });
  }
});
