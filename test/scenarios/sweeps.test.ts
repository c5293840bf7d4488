/**
 * Every scenario again, with one thing going wrong: killed, without power, a call that fails, a person who is faster, an
 * answer that is lost. A few of each by chance, in one of the ways that it can go; with CACHETTE_SWEEP=all at every call of
 * every engine, in all of them.
 */
import { describe, expect, test } from 'vitest';
import { SeededChoice } from '../world/seeded-choice.ts';
import { seedFor } from '../world/seeded-random.ts';
import { allScenarios } from './all-scenarios.ts';
import type { Run } from './scenario.ts';
import { askingAt, playSimulated, type Asking, type Fault, type Played } from './sim-world.ts';
import { describeFault, faultsOf, sampleOf, sweepKinds, type SweepKind } from './sweep.ts';

const hour = 3_600_000;
const wish = process.env['CACHETTE_SWEEP'];
/** Of each kind and scenario. */
const perScenario = wish === 'all' ? Infinity : Number(wish ?? 1);
const seed = Number(process.env['CACHETTE_SEED'] ?? 1);
/** Without a wish, every so many scenarios, so that all have their turn as seeds change. */
const stride = wish === undefined ? 6 : 1;

/** Their devices end with different trees where a person disturbs them: each keeps its own ignored things. */
const notRaced = 'what .cachetteignore says';

interface Case {
  readonly topic: string;
  readonly name: string;
  readonly runs: readonly Run[];
}

const cases: readonly Case[] = Object.entries(allScenarios)
  .flatMap(([topic, scenarios]) => scenarios.map((scenario) => ({ topic, scenario })))
  .filter(({ scenario }) => scenario.only?.world !== 'real folders' && scenario.isLarge !== true)
  .map(({ topic, scenario: { title, runs } }) => ({ topic, name: `${topic}: ${title}`, runs }));

interface Report {
  readonly tried: number;
  /** What went wrong where it should not have. */
  readonly found: readonly string[];
}

/** Some faults in one way that the scenario can go; with CACHETTE_SWEEP=all in each. */
async function sweep({ name, runs }: Case, kind: SweepKind): Promise<Report> {
  const choice = new SeededChoice(seedFor(seed, `${kind} ${name}`));
  const reports: Report[] = [];
  for (const run of sampleOf(runs, wish === 'all' ? Infinity : 1, choice)) reports.push(await sweepRun(run, { name, kind, choice }));
  return { tried: reports.reduce((sum, { tried }) => sum + tried, 0), found: reports.flatMap(({ found }) => found) };
}

interface Sweep {
  readonly name: string;
  readonly kind: SweepKind;
  readonly choice: SeededChoice;
}

async function sweepRun(run: Run, { name, kind, choice }: Sweep): Promise<Report> {
  const asking = askingAt(choice.below(2));
  const { calls, open } = await playSimulated(run, undefined, asking);
  const faults = sampleOf(faultsOf(kind, calls), perScenario, choice);
  const found: string[] = [];
  for (const fault of faults) {
    const problem = await tryFault(run, { fault, asking }, kind === 'race' ? undefined : open);
    if (problem !== undefined) found.push(`${name}, ${run.title}, ${asking}: ${describeFault(fault)}: ${problem}`);
  }
  return { tried: faults.length, found };
}

/** `open`: conflicts that stay open without the fault, where it may change nothing of that. */
async function tryFault(
  run: Run,
  { fault, asking }: { readonly fault: Fault; readonly asking: Asking },
  open: Played['open'] | undefined,
): Promise<string | undefined> {
  try {
    const played = await playSimulated(run, fault, asking);
    if (open !== undefined) expect({ open: played.open }).toEqual({ open });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('one thing goes wrong, and the outcome is the same', () => {
  for (const [turn, kind] of sweepKinds.entries()) {
    test(kind, { timeout: 12 * hour }, async () => {
      const fit = cases.filter(({ topic }) => kind !== 'race' || topic !== notRaced);
      const chosen = fit.filter((_, at) => (at + turn + seed) % stride === 0);
      let tried = 0;
      const found: string[] = [];
      for (const each of chosen) {
        const report = await sweep(each, kind);
        tried += report.tried;
        found.push(...report.found);
        if (wish !== undefined && report.found.length > 0) console.log(report.found.join('\n'));
      }
      if (wish !== undefined) console.log(`${kind}: ${tried} runs`);
      expect(found).toEqual([]);
      expect(tried).toBeGreaterThan(chosen.length / 2);
    });
  }
});
