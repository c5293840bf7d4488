/** Scenarios played on real folders by the built program. */
import fs from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { Program } from '../cli/program.ts';
import { expectAgreement, expectTreeOn, syncUntilRest } from './check-world.ts';
import { furnish } from './person.ts';
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
