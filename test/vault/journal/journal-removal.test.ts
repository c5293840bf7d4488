import { afterAll, expect, test } from 'vitest';
import { SeededChoice } from '../../world/seeded-choice.ts';
import { JournalWorld, makeFile, signal, type JournalDevice } from './journal-world.ts';

const seeds = Array.from({ length: 12 }, (_, seed) => seed + 1);
const stepsBefore = 20;
const stepsAfter = 40;

/** How often what the removed device wrote was kept, as somebody knew it, and how often not: both have to come about. */
const fates = { kept: 0, leftOut: 0 };

afterAll(() => {
  expect(fates.kept).toBeGreaterThan(5);
  expect(fates.leftOut).toBeGreaterThan(5);
});

class History {
  readonly world: JournalWorld;
  readonly remaining: readonly JournalDevice[];
  readonly removed: JournalDevice;
  /** By who made them. */
  readonly files = new Map<string, JournalDevice>();
  readonly choice: SeededChoice;

  constructor(seed: number) {
    this.choice = new SeededChoice(seed);
    this.world = new JournalWorld('memory', seed);
    const [first, second, third] = ['a', 'b', 'c'].map((name) => this.world.enrol(name)) as [JournalDevice, JournalDevice, JournalDevice];
    for (const device of [first, second, third]) device.learnLists();
    this.remaining = [first, second];
    this.removed = third;
  }

  async step(devices: readonly JournalDevice[]): Promise<void> {
    const device = this.choice.of(devices);
    if (device === undefined) return;
    // Whoever was removed hears of it with the first entry of the new epoch: a hostile one does not listen.
    const hears = this.world.lists.at(-1)?.active.has(device.id) === true;
    if (hears && this.choice.fraction() < 0.5) await device.catchUp();
    else await this.#write(device);
  }

  async #write(device: JournalDevice): Promise<void> {
    const name = `${device.name} ${this.files.size}`;
    this.files.set(name, device);
    await device.journal.commit({ groups: [[makeFile(name, name)]], packs: [] }, signal);
  }

  /** What some remaining device knows of the removed one. */
  known(): string[] {
    return this.of(this.removed).filter((name) => this.remaining.some((device) => Object.hasOwn(device.tree(), name)));
  }

  of(author: JournalDevice): string[] {
    return [...this.files].filter(([, by]) => by === author).map(([name]) => name);
  }

  /** As a sync does: reads, and vouches for what it knows of a removed device. */
  async settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      for (const device of this.remaining) {
        device.learnLists();
        await device.catchUp();
        if (device.journal.owesVouching) await device.journal.heartbeat(signal);
      }
    }
  }
}

test.each(seeds)('a device is removed while all write: the others agree, and keep what one of them knew (seed %i)', async (seed) => {
  const history = new History(seed);
  const { world, remaining, removed } = history;
  for (let step = 0; step < stepsBefore; step += 1) await history.step([...remaining, removed]);
  const known = history.known();
  world.remove(removed);
  for (let step = 0; step < stepsAfter; step += 1) await history.step([...remaining, removed]);
  await history.settle();
  const fresh = world.enrol('fresh');
  await fresh.catchUp();
  const tree = fresh.tree();
  for (const device of remaining) expect(device.tree()).toEqual(tree);
  expect(new Set([...remaining, fresh].map(({ root }) => root)).size).toBe(1);
  for (const name of [...remaining.flatMap((device) => history.of(device)), ...known]) expect(tree).toHaveProperty([name]);
  for (const name of history.of(removed)) fates[Object.hasOwn(tree, name) ? 'kept' : 'leftOut'] += 1;
});
