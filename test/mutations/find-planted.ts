/**
 * Runs in the copy that a bug was planted in: looks for a scenario, a disturbed scenario or a random history that fails, and
 * says how many it took.
 */
import { allScenarios } from '../scenarios/all-scenarios.ts';
import { chooseRuns, isHuge } from '../scenarios/choose-runs.ts';
import { playSimulated } from '../scenarios/sim-world.ts';
import { searchHistories } from '../simulation/search-histories.ts';
import { signOfFailure } from '../simulation/sign-of-failure.ts';
import { kinds, type Kind } from '../simulation/trouble.ts';
import type { Found } from './found.ts';

/** Each scenario of these topics (none: of all) in as many ways as it can end. */
async function searchScenarios(topics: readonly string[]): Promise<Found> {
  let count = 0;
  const told = Object.entries(allScenarios).flatMap(([topic, scenarios]) => scenarios.map((scenario, at) => ({ topic, scenario, at })));
  for (const { topic, scenario, at } of told) {
    const { title, runs, only } = scenario;
    if (topics.length > 0 && !topics.includes(topic)) continue;
    if (only?.world === 'real folders' || isHuge(runs)) continue;
    count += 1;
    for (const run of chooseRuns(runs, at)) {
      try {
        await playSimulated(run);
      } catch (error) {
        return { count, what: `${topic}: ${title} (${signOf(error)})` };
      }
    }
  }
  return { count };
}

function signOf(error: unknown): string {
  return signOfFailure(error instanceof Error ? error : new Error(String(error)));
}

async function search(wantedKinds: readonly Kind[], histories: number, firstSeed: number): Promise<Found> {
  let found: Omit<Found, 'count'> = {};
  const count = await searchHistories({
    kinds: wantedKinds,
    firstSeed,
    seedStep: 1,
    makesSmall: () => false,
    goesOn: (done) => found.what === undefined && done < histories,
    found: ({ kind, seed, sign }) => {
      found = { what: `${kind}, seed ${seed} (${sign})`, history: { kind, seed } };
    },
  });
  return { count, ...found };
}

const [how = 'scenarios', wanted = '[]', histories = '1', firstSeed = '1'] = process.argv.slice(2);
const named = JSON.parse(wanted) as string[];
const found =
  how === 'scenarios'
    ? await searchScenarios(named)
    : await search(named.length > 0 ? (named as Kind[]) : (Object.keys(kinds) as Kind[]), Number(histories), Number(firstSeed));
process.stdout.write(`${JSON.stringify(found)}\n`);
