/** What must hold in every world, whatever the scenario: agreement of all devices, and rest. */
import { expect } from 'vitest';
import { withFolders, withoutDate, type Person, type SeenItem } from './person.ts';
import type { Ending, Tree } from './scenario.ts';

/** More rounds than any meeting of a few devices needs. */
const roundsMax = 8;

interface Party {
  readonly name: string;
  readonly person: Person;
  sync(): Promise<Ending>;
}

/** Syncs all, round after round, until a round changes nothing (`snapshot` says what there is). How each device's last run ended. */
export async function syncUntilRest(parties: readonly Party[], snapshot: () => string): Promise<Record<string, Ending>> {
  const endings: Record<string, Ending> = {};
  for (let round = 0; round < roundsMax; round += 1) {
    const before = snapshot();
    for (const party of parties) endings[party.name] = await party.sync();
    if (snapshot() === before) return endings;
  }
  throw new Error(`no rest after ${roundsMax} rounds: ${JSON.stringify(parties.map(({ person }) => person.tree()))}`);
}

export function expectTreeOn(parties: readonly Party[], tree: Tree): void {
  const wanted = Object.fromEntries(parties.map(({ name }) => [name, withFolders(tree)]));
  expect(Object.fromEntries(parties.map(({ name, person }) => [name, person.tree()]))).toEqual(wanted);
}

/** All show the same: names, kinds, contents, execute bits, and the times of files and links. Nothing half-made is left. */
export function expectAgreement(parties: readonly Party[]): void {
  const [first, ...others] = parties;
  if (first === undefined) return;
  for (const other of others) {
    expect({ [other.name]: describeAll(other.person) }).toEqual({ [other.name]: describeAll(first.person) });
  }
  for (const { name, person } of parties) {
    expect({ [name]: [...person.hands.tree('.cachette/staged').keys()] }).toEqual({ [name]: [] });
    expect([...person.hands.tree().keys()].filter((path) => path.includes('.cachette-'))).toEqual([]);
  }
}

function describeAll(person: Person): Record<string, SeenItem | 'folder'> {
  const entries = [...person.hands.tree()].filter(([, { kind }]) => kind !== 'other');
  return Object.fromEntries(entries.map(([path, seen]) => [withoutDate(path), seen.kind === 'folder' ? 'folder' : seen]));
}
