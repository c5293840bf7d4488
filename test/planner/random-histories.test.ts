import { describe, expect, test } from 'vitest';
import { SeededChoice } from '../world/seeded-choice.ts';
import { Ledger } from './ledger.ts';
import { chooseAct, describeAct, perform } from './person.ts';
import { PlannerDevice } from './planner-device.ts';
import { PlannerVault } from './planner-vault.ts';

const histories = Number(process.env['CACHETTE_PLANNER_HISTORIES'] ?? 4_000);
/** As many as `npm run exhaustive` asks for take longer than a test has by itself. */
const limitMs = 600 * 60_000;

class History {
  readonly log: string[] = [];
  readonly vault = new PlannerVault();
  readonly ledger = new Ledger();
  readonly devices: readonly PlannerDevice[];
  readonly choice: SeededChoice;

  constructor(seed: number) {
    this.choice = new SeededChoice(seed);
    this.devices = ['ann', 'bob', 'eve'].slice(0, 2 + this.choice.below(2)).map((name) => new PlannerDevice(name, this.vault, this.choice));
  }

  run(): void {
    for (let phase = 0; phase < 3; phase += 1) {
      for (const device of this.devices) for (let count = this.choice.below(6); count > 0; count -= 1) this.act(device);
      for (const device of this.devices) if (this.choice.below(4) > 0) this.sync(device);
    }
    // Each device hears of the others' last words; conflict copies travel once more.
    for (let round = 0; round < 3; round += 1) for (const device of this.devices) this.sync(device);
    this.check();
  }

  act(device: PlannerDevice): void {
    const act = chooseAct(device.disk, this.choice, this.ledger);
    if (perform(device.disk, act, this.ledger)) this.log.push(`${device.name}: ${describeAct(act)}`);
  }

  sync(device: PlannerDevice): void {
    device.sync();
    this.log.push(`${device.name} syncs: ${JSON.stringify(device.disk.tree())}`);
  }

  check(): void {
    const [first, ...others] = this.devices.map(({ disk }) => disk.tree());
    for (const other of others) expect(other).toEqual(first);
    const live = new Set(this.devices.flatMap(({ disk }) => [...disk.items.values()].map(({ text }) => text)));
    for (const content of this.ledger.mustLive) expect(live, `lost: ${content}`).toContain(content);
    expect(Object.keys(first ?? {}).filter((path) => path.includes('(conflict moving'))).toEqual([]);
    const steps = this.devices.map((device) => device.steps);
    for (const device of this.devices) device.sync();
    expect(
      this.devices.map((device) => device.steps),
      'more was done after all had synced',
    ).toEqual(steps);
    expect(this.vault.needlessCopies).toBe(0);
  }
}

/** Groups planned in vain. */
function runHistory(seed: number): number {
  const history = new History(seed);
  try {
    history.run();
    return history.devices.reduce((sum, { voids }) => sum + voids, 0);
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n  ${history.log.join('\n  ')}`, {
      cause: error,
    });
  }
}

describe('the planner, in histories of two or three devices', () => {
  test(`comes to rest with equal trees and nothing lost, ${histories} times`, { timeout: limitMs }, () => {
    let voids = 0;
    for (let seed = 1; seed <= histories; seed += 1) voids += runHistory(seed);
    expect(voids).toBeLessThan(histories / 100);
  });
});
