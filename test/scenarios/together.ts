/** Many meetings in one vault, each in a folder of its own: so they share runs of the program, and what one needs is done beside what others do. */
import { furnish, withFolders, type Person } from './person.ts';
import type { Encounter, Run, Scenario, Tree, World } from './scenario.ts';

/** A folder of more is asked about where much of it goes. */
const baseFilesMax = 90;

/** A meeting among others. */
interface Guest {
  readonly title: string;
  readonly base: Tree;
  readonly meeting: Encounter;
}

type Party = 'here' | 'there' | 'late';

/** All meetings among the scenarios, a tableful at a time. */
export function gather(
  scenarios: readonly (Scenario & { readonly name: string })[],
  first: 'here' | 'there',
): readonly (readonly Guest[])[] {
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

/** Meetings with the same order of syncs. */
export function tableRun(guests: readonly Guest[], first: 'here' | 'there'): Run {
  return { title: `${first} syncs first`, devices: ['here', 'there'], base: {}, play: (world) => playTable(world, guests, first) };
}

async function playTable(world: World, guests: readonly Guest[], first: 'here' | 'there'): Promise<void> {
  const seats = guests.map((guest, at) => ({
    ...guest,
    folder: `${at}`,
    person: (name: Party): Person => world.device(name).person.inFolder(`${at}`),
  }));
  for (const { folder, base, person } of seats) {
    world.device('here').person.makeFolder(folder);
    furnish(person('here'), base);
  }
  for (const name of ['here', 'there']) await world.device(name).sync();
  for (const { meeting, person } of seats) {
    for (const act of meeting.here) act(person('here'));
    for (const act of meeting.there) act(person('there'));
  }
  await world.settle(first);
  world.device('late');
  await world.settle();
  const copies = (await world.device('there').conflicts()).map(({ copy }) => copy);
  const openIn = (folder: string): string[] =>
    copies.filter((copy) => copy.startsWith(`${folder}/`)).map((copy) => copy.slice(folder.length + 1));
  const came = seats.map(({ title, folder, meeting: { open }, person }) => {
    return [title, { tree: person('late').tree(), open: open === undefined ? undefined : openIn(folder).toSorted() }] as const;
  });
  const wanted = guests.map(({ title, meeting }) => [title, { tree: withFolders(meeting.wanted), open: meeting.open }] as const);
  world.expect('what each came to', Object.fromEntries(came), Object.fromEntries(wanted));
}
