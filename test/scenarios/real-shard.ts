/** One of several test files that share the scenarios on real folders, so that they run side by side. */
import { describe, expect, test } from 'vitest';
import { allScenarios } from './all-scenarios.ts';
import { playReal } from './real-world.ts';
import type { Scenario } from './scenario.ts';
import { gather, tableRun } from './together.ts';

/** All of them with this set to `all`; else the core. */
const isWhole = process.env['CACHETTE_SCENARIOS'] === 'all';
const limitMs = 600_000;

interface Titled extends Scenario {
  readonly name: string;
}

function playable(): readonly Titled[] {
  return Object.entries(allScenarios)
    .flatMap(([topic, scenarios]) => scenarios.map((scenario) => ({ ...scenario, name: `${topic}: ${scenario.title}` })))
    .filter(({ only }) => only?.world !== 'simulator');
}

export function describeShard(shard: number, of: number): void {
  const scenarios = playable();
  const alone = scenarios.filter(({ runs, isCore }) => isCore === true || (isWhole && runs[0]?.meeting === undefined));
  describe('each in a vault of its own', () => {
    for (const { name, runs } of alone.filter((_, at) => at % of === shard)) {
      test(name, { timeout: limitMs }, async () => {
        for (const run of runs.slice(0, 1)) await playReal(run);
        expect(runs).not.toEqual([]);
      });
    }
  });
  describe('many meetings in one vault, each in a folder of its own', () => {
    for (const first of ['there', 'here'] as const) {
      gather(scenarios, first).forEach((guests, at) => {
        if (at % of !== shard || !(isWhole || (first === 'there' && at < of))) return;
        test(`${guests.length} of them, ${first} syncs first, table ${at + 1}`, { timeout: limitMs }, async () => {
          await playReal(tableRun(guests, first));
          expect(guests).not.toEqual([]);
        });
      });
    }
  });
}
