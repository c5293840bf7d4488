/** One of several test files that share the scenarios on real folders, so that they run side by side. */
import { describe, expect, test } from 'vitest';
import { allScenarios } from './all-scenarios.ts';
import { playReal, playTogether, wantedTogether, type Guest } from './real-world.ts';
import type { Scenario } from './scenario.ts';

/** All of them with this set to `all`; else the core. */
const isWhole = process.env['CACHETTE_SCENARIOS'] === 'all';
const limitMs = 600_000;
/** A folder of more is asked about where much of it goes. */
const baseFilesMax = 90;

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
          expect(await playTogether(guests, first)).toEqual(wantedTogether(guests));
        });
      });
    }
  });
}

function gather(scenarios: readonly Titled[], first: 'here' | 'there'): readonly (readonly Guest[])[] {
  const tables: Guest[][] = [[]];
  let files = 0;
  for (const { name, runs } of scenarios) {
    const run = runs.find(({ meeting }) => meeting?.first === first);
    if (run?.meeting === undefined) continue;
    const count = Object.keys(run.base).length + run.meeting.here.length;
    if (files + count > baseFilesMax) {
      tables.push([]);
      files = 0;
    }
    files += count;
    tables.at(-1)?.push({ title: name, base: run.base, meeting: run.meeting });
  }
  return tables;
}
