/** Two devices that have the same, act apart, and meet: in either order, whoever began. */
import type { Act } from './acts.ts';
import type { Encounter, Run, Scenario, Tree, World } from './scenario.ts';

interface Meeting {
  readonly base?: Tree;
  readonly here: readonly Act[];
  readonly there?: readonly Act[];
  /** What all show in the end, whoever syncs first… */
  readonly either?: Tree;
  /** …or where `there` does… */
  readonly thereFirst?: Tree;
  /** …and where `here` does. */
  readonly hereFirst?: Tree;
  /** Conflict copies that `conflicts` lists (of those that the tree shows). Not said: nothing is asked. */
  readonly open?: readonly string[];
  readonly only?: Scenario['only'];
  readonly isCore?: boolean;
}

/** Both orders, and begun on either device: the roles are the same, the outcome has to be. */
export function meeting(title: string, told: Meeting): Scenario {
  const { base = {}, only, isCore } = told;
  const encounters = (['there', 'here'] as const).map((first) => encounter(told, first)).filter((each) => each !== undefined);
  // Both orders, then both again with the other one as the first of the vault.
  const runs = ['here', 'there'].flatMap((begun) => encounters.map((each) => toRun(base, begun, each)));
  return { title, runs, only, isCore };
}

function encounter({ here, there = [], either, thereFirst, hereFirst, open }: Meeting, first: 'here' | 'there'): Encounter | undefined {
  const wanted = either ?? (first === 'here' ? hereFirst : thereFirst);
  if (wanted === undefined) return undefined;
  return { here, there, first, wanted, open: open?.filter((path) => path in wanted).toSorted() };
}

function toRun(base: Tree, begun: string, met: Encounter): Run {
  const isWatched = begun === 'here' && met.first === 'there';
  return {
    title: `${met.first} syncs first, begun ${begun}`,
    devices: begun === 'here' ? ['here', 'there'] : ['there', 'here'],
    base,
    play: (world) => play(world, met, isWatched),
    meeting: met,
  };
}

async function play(world: World, { here, there, first, wanted, open }: Encounter, isWatched: boolean): Promise<void> {
  for (const act of here) act(world.device('here').person);
  for (const act of there) act(world.device('there').person);
  await world.settle(first);
  world.expectTree(wanted);
  for (const name of open === undefined ? [] : ['here', 'there']) {
    const listed = await world.device(name).conflicts();
    world.expect(`conflicts that ${name} lists`, listed.map(({ copy }) => copy).toSorted(), open);
  }
  if (!isWatched) return;
  // One that saw nothing of it all.
  world.device('late');
  await world.settle();
  world.expectTree(wanted);
}
