/** Scenarios played on real folders by the built program: alone in a vault of their own, or many meetings in one vault, each in a folder of its own. */
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { Program } from '../cli/program.ts';
import { expectAgreement, expectTreeOn, syncUntilRest } from './check-world.ts';
import { markedHands } from './folder-hands.ts';
import { furnish, Person, withFolders } from './person.ts';
import { RealDevice, type RealVault } from './real-device.ts';
import type { Encounter, Run, Tree, World } from './scenario.ts';

export async function playReal(run: Run): Promise<void> {
  const world = new RealWorld(await openVault());
  const [first] = run.devices.map((name) => world.device(name));
  if (first === undefined) throw new Error('nobody plays');
  furnish(first.person, run.base);
  for (const device of world.devices) await device.sync();
  if (run.meeting === undefined) await run.play(world);
  else await playMeeting(world, run.meeting);
  await world.settle();
  expectAgreement(world.devices);
}

/** Without the one that comes late: each run of the program costs a good part of a second. */
async function playMeeting(world: RealWorld, { here, there, first, wanted, open }: Encounter): Promise<void> {
  for (const act of here) act(world.device('here').person);
  for (const act of there) act(world.device('there').person);
  await world.settle(first);
  world.expectTree(wanted);
  if (open === undefined) return;
  const listed = await world.device('here').conflicts();
  world.expect('conflicts', listed.map(({ copy }) => copy).toSorted(), open);
}

/** A meeting among others. */
export interface Guest {
  readonly title: string;
  readonly base: Tree;
  readonly meeting: Encounter;
}

const nobody = { wrote: () => {}, ended: () => {}, acted: () => {} };

/** Plays meetings with the same order of syncs in one vault, each in its own folder; what each came to, by title. */
export async function playTogether(guests: readonly Guest[], first: 'here' | 'there'): Promise<Record<string, Record<string, unknown>>> {
  const world = new RealWorld(await openVault());
  const devices = { here: world.device('here'), there: world.device('there') };
  const personAt = (guest: Guest, name: 'here' | 'there' | 'late'): Person => {
    const at = guests.indexOf(guest);
    return new Person(markedHands(world.device(name).hands, `${at}`, ` #${at}#`), nobody, 'stop');
  };
  for (const guest of guests) {
    devices.here.person.makeFolder(`${guests.indexOf(guest)}`);
    furnish(personAt(guest, 'here'), guest.base);
  }
  for (const device of world.devices) await device.sync();
  for (const guest of guests) {
    for (const act of guest.meeting.here) act(personAt(guest, 'here'));
    for (const act of guest.meeting.there) act(personAt(guest, 'there'));
  }
  await world.settle(first);
  world.device('late');
  await world.settle();
  expectAgreement(world.devices);
  const conflicts = await devices.there.conflicts();
  return Object.fromEntries(
    guests.map((guest) => {
      const folder = `${guests.indexOf(guest)}/`;
      const copies = conflicts.filter(({ copy }) => copy.startsWith(folder)).map(({ copy }) => copy.slice(folder.length));
      return [
        guest.title,
        { tree: personAt(guest, 'late').tree(), open: guest.meeting.open === undefined ? undefined : copies.toSorted() },
      ];
    }),
  );
}

/** What `playTogether` has to give. */
export function wantedTogether(guests: readonly Guest[]): Record<string, Record<string, unknown>> {
  return Object.fromEntries(guests.map(({ title, meeting: { wanted, open } }) => [title, { tree: withFolders(wanted), open }]));
}

async function openVault(): Promise<RealVault> {
  const program = await Program.open();
  fs.mkdirSync(program.at('store'));
  return { program, store: program.storeUrl(), recoveryKey: undefined };
}

class RealWorld implements World {
  readonly #vault: RealVault;
  readonly #devices = new Map<string, RealDevice>();
  /** What there was when all had come to rest. */
  #atRest = '';

  constructor(vault: RealVault) {
    this.#vault = vault;
  }

  get devices(): readonly RealDevice[] {
    return [...this.#devices.values()];
  }

  device(name: string): RealDevice {
    const device = this.#devices.get(name) ?? new RealDevice(this.#vault, name);
    this.#devices.set(name, device);
    return device;
  }

  async settle(...first: readonly string[]): Promise<void> {
    if (this.#snapshot() === this.#atRest) return;
    const named = first.map((name) => this.device(name));
    const parties = [...named, ...this.devices.filter((device) => !named.includes(device))];
    const endings = await syncUntilRest(parties, () => this.#snapshot());
    const agreed = Object.fromEntries(parties.map(({ name }) => [name, { code: 0, failure: '' }]));
    this.expect('how the last runs ended', endings, agreed);
    this.#atRest = this.#snapshot();
  }

  expectTree(tree: Tree): void {
    expectTreeOn(this.devices, tree);
  }

  expect(what: string, actual: unknown, wanted: unknown): void {
    expect({ [what]: actual }).toEqual({ [what]: wanted });
  }

  storeBytes(): number {
    return this.#objects().reduce((sum, name) => sum + fs.statSync(path.join(this.#place, name)).size, 0);
  }

  passDays(): void {
    // Real time passes by itself.
  }

  takeStoreAway(): { bringBack: () => void } {
    fs.renameSync(this.#place, `${this.#place}.away`);
    return { bringBack: () => fs.renameSync(`${this.#place}.away`, this.#place) };
  }

  get #place(): string {
    return this.#vault.program.at('store');
  }

  #objects(): string[] {
    const names = fs.readdirSync(this.#place, { recursive: true, encoding: 'utf8' }).toSorted();
    return names.filter((name) => /^(journal|packs|keys|snapshots)\//.test(name) && fs.statSync(path.join(this.#place, name)).isFile());
  }

  #snapshot(): string {
    return JSON.stringify([this.#objects(), this.devices.map(({ hands, hasIndex }) => [hands.snapshot(), hasIndex])]);
  }
}
