import { afterAll, expect, test } from 'vitest';
import { Failure } from '../../../src/base/failure.ts';
import { SeededChoice } from '../../world/seeded-choice.ts';
import type { StoreFaults } from '../../world/store-faults.ts';
import { noFaults } from '../../world/store-faults.ts';
import { Crash, edit, JournalWorld, makeFile, signal, type JournalDevice } from './journal-world.ts';

/**
 * What may be said while a store misbehaves, halves and flips included. Never that a device has two histories: none has. What
 * would really be wrong is still wrong when the store is well again.
 */
const passing: readonly string[] = ['E_STORE_UNREACHABLE', 'E_STORE_BEHAVIOUR', 'E_MISSING', 'E_ROLLBACK', 'E_TAMPER', 'E_FORMAT'];

function randomFaults(choice: SeededChoice): Partial<StoreFaults> {
  const sometimes = (value: number): number => (choice.fraction() < 0.3 ? value : 0);
  return {
    loseRequest: sometimes(0.3),
    loseResponse: sometimes(0.3),
    lateDelivery: sometimes(0.5),
    duplicate: sometimes(0.5),
    lateMs: 1000 * 10 ** choice.below(6),
    staleListMs: sometimes(60_000),
    staleGetMs: sometimes(20_000),
    halfVisible: sometimes(0.5),
    halfVisibleMs: 4_000,
    corrupt: sometimes(0.02),
    dropWrite: sometimes(0.3),
    listPageMax: choice.fraction() < 0.5 ? 1000 : 1 + choice.below(5),
    onExisting: (['refuse', 'keep', 'overwrite'] as const)[choice.below(3)] ?? 'refuse',
  };
}

/** Runs it; a crash or a store that misbehaves ends it early. */
async function attempt(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof Crash) return;
    if (!(error instanceof Failure) || !passing.includes(error.code)) throw error;
  }
}

class Run {
  readonly world: JournalWorld;
  readonly devices: JournalDevice[];
  /** Files that an entry made which was not given up: they have to be there once. */
  readonly wanted = new Set<string>();
  readonly #choice: SeededChoice;
  readonly #begun = new Map<JournalDevice, string>();
  #files = 0;

  constructor(seed: number) {
    this.#choice = new SeededChoice(seed);
    this.world = new JournalWorld(seed % 4 === 0 ? 'index' : 'memory', seed);
    this.devices = ['a', 'b', 'c'].map((name) => this.world.enrol(name));
    for (const device of this.devices) device.learnLists();
  }

  /** Everybody says hello, as a device does when it joins: from then on it is waited for. */
  async begin(): Promise<void> {
    for (const device of this.devices) {
      await device.catchUp();
      await device.journal.heartbeat(signal);
    }
  }

  async step(): Promise<void> {
    const choice = this.#choice;
    const device = choice.of(this.devices);
    if (device === undefined) return;
    if (choice.fraction() < 0.3) Object.assign(device.store.faults, noFaults, choice.fraction() < 0.5 ? randomFaults(choice) : {});
    const dice = choice.fraction();
    if (dice < 0.4) await attempt(() => device.catchUp());
    else if (dice < 0.8) await this.#write(device);
    else if (dice < 0.85) await attempt(() => device.journal.maybeCheckpoint(signal));
    else if (dice < 0.9 && device.journal.hasPending) await this.#giveUp(device);
    else if (dice < 0.95) this.#crashSoon(device);
    else this.world.clock.advance(10 ** choice.below(8));
  }

  /** All is well again, and everybody has heard of everything. */
  async heal(): Promise<void> {
    this.world.clock.advance(200_000_000);
    for (const device of this.devices) {
      Object.assign(device.store.faults, noFaults);
      device.store.hooks.before = undefined;
      device.restart();
    }
    for (const device of this.devices) await device.journal.resumePending(signal);
    for (const device of [...this.devices, ...this.devices]) await device.catchUp();
    for (const device of this.devices) this.#noteEnd(device);
  }

  async #write(device: JournalDevice): Promise<void> {
    this.#noteEnd(device);
    if (device.journal.hasPending) await attempt(() => device.journal.resumePending(signal));
    if (device.journal.hasPending) return;
    this.#noteEnd(device);
    this.#files += 1;
    const name = `file ${this.#files}`;
    const shared = device.book.tree.childNamed('0'.repeat(32) as never, 'shared' as never);
    this.#begun.set(device, name);
    await attempt(() =>
      device.journal.commit(
        { groups: [[makeFile(name, name)], [shared === undefined ? makeFile('shared', name) : edit(shared, name)]], packs: [] },
        signal,
      ),
    );
    this.#noteEnd(device);
  }

  /** What was begun is in the book now, or it never began. */
  #noteEnd(device: JournalDevice): void {
    const name = this.#begun.get(device);
    if (name === undefined || device.journal.hasPending) return;
    this.#begun.delete(device);
    if (Object.hasOwn(device.tree(), name)) this.wanted.add(name);
  }

  async #giveUp(device: JournalDevice): Promise<void> {
    await device.journal.giveUpPending();
    this.#begun.delete(device);
  }

  #crashSoon(device: JournalDevice): void {
    let left = this.#choice.below(5);
    device.store.hooks.before = () => {
      left -= 1;
      if (left >= 0) return;
      device.store.hooks.before = undefined;
      device.restart();
      throw new Crash();
    };
  }
}

const seeds = Array.from({ length: 16 }, (_, seed) => seed + 1);

let snapshots = 0;

afterAll(() => {
  // The histories are to hold checkpoints, too.
  expect(snapshots).toBeGreaterThan(20);
});

test.each(seeds)('devices agree after any mischief of the store, and every entry counts once (seed %i)', async (seed) => {
  const run = new Run(seed);
  await run.begin();
  for (let step = 0; step < 120; step += 1) await run.step();
  await run.heal();
  const fresh = run.world.enrol('fresh');
  await fresh.catchUp();
  const { devices, wanted } = run;
  snapshots += run.world.medium.names('snapshots/').length;
  const tree = fresh.tree();
  for (const device of devices) expect(device.tree()).toEqual(tree);
  expect(new Set([...devices, fresh].map(({ root }) => root)).size).toBe(1);
  for (const name of wanted) expect(tree).toHaveProperty([name]);
  expect(wanted.size).toBeGreaterThan(5);
  for (const device of devices) expect(device.journal.vector()).toEqual(device.pin);
});
