/** One small tree, what two people did to it, and whether the devices came to what the reference allows. */
import { SeededChoice } from '../world/seeded-choice.ts';
import { describeAct, type Act } from './person.ts';
import { actAll, referenceMerge, type ReferenceTree } from './reference-merge.ts';
import { allActs, pathOf } from './small-trees.ts';
import { runTwoDevices, type TwoDevices } from './two-device-run.ts';

/** How many acts the one who syncs first does, and how many the other. */
export type ActCounts = readonly [first: number, second: number];

/** Throws with the whole story where the devices do not come to rest, or come to something that the reference does not allow. */
export function checkCase(given: TwoDevices): void {
  const { base, first, second, areTogether } = given;
  const allowed = referenceMerge(base, first, second);
  if (areTogether === true) for (const outcome of referenceMerge(base, second, first)) allowed.add(outcome);
  let shown: string;
  try {
    shown = runTwoDevices(given);
  } catch (error) {
    throw new Error(`${describeCase(given)}: ${String(error)}`, { cause: error });
  }
  if (!allowed.has(shown)) throw new Error(`${describeCase(given)}\nshown:\n${shown}\nallowed:\n${[...allowed].join('\n-- or\n')}`);
}

/** A case that the seed decides. */
export function drawCase(seed: number, { trees, counts }: { trees: readonly ReferenceTree[]; counts: ActCounts }): TwoDevices {
  const choice = new SeededChoice(seed);
  const base = choice.of(trees) ?? new Map();
  const [first = [], second = []] = counts.map((count, at) => drawActs(base, choice, { count, name: `${at}` }));
  return { base, first, second, seed };
}

/** So many acts, one after the other, each possible after those before. */
function drawActs(base: ReferenceTree, choice: SeededChoice, { count, name }: { count: number; name: string }): Act[] {
  const acts: Act[] = [];
  for (let at = 0; at < count; at += 1) {
    const act = choice.of(allActs(actAll(base, acts, name), `${name} ${at}`));
    if (act === undefined) return acts;
    acts.push(act);
  }
  return acts;
}

function describeCase({ base, first, second, seed }: TwoDevices): string {
  const items = [...base.values()].map((item) => `${pathOf(base, item)}${item.kind === 'folder' ? '/' : ''}`);
  const acts = (list: readonly Act[]): string => list.map((act) => describeAct(act)).join('; ');
  return `[${items.join(' ')}] first: ${acts(first)} | second: ${acts(second)} | seed ${seed}`;
}
