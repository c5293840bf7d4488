import { describe, expect, test } from 'vitest';
import { SeededChoice } from '../world/seeded-choice.ts';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import { Ledger } from './ledger.ts';
import { chooseAct, describeAct, perform } from './person.ts';
import { PlannerDevice } from './planner-device.ts';
import { PlannerVault } from './planner-vault.ts';

const histories = Number(process.env['CACHETTE_PLANNER_HISTORIES'] ?? 1_000);
/** As many as `npm run exhaustive` asks for take longer than a test has by itself. */
const limitMs = 600 * 60_000;

/** Devices that leave folders out and take them back in while they act, move and sync. */
class History {
  readonly log: string[] = [];
  readonly vault = new PlannerVault();
  readonly ledger = new Ledger();
  readonly devices: readonly PlannerDevice[];
  readonly choice: SeededChoice;
  /** Whether steps now and then do not come about, as after a crash, and people act between plan and execution. */
  readonly #isTroubled: boolean;
  readonly #leftOut = new Map<PlannerDevice, Set<NodeId>>();

  constructor(seed: number) {
    this.#isTroubled = seed % 2 === 0;
    this.choice = new SeededChoice(seed);
    this.devices = ['ann', 'bob', 'eve'].slice(0, 2 + this.choice.below(2)).map((name) => new PlannerDevice(name, this.vault, this.choice));
    for (const device of this.devices) {
      this.#leftOut.set(device, new Set());
      if (this.#isTroubled)
        device.trouble = {
          isStepLost: () => this.choice.below(20) === 0,
          isGroupLost: () => this.choice.below(20) === 0,
          meanwhile: () => this.#meanwhile(device),
        };
    }
  }

  run(): void {
    for (let phase = 0; phase < 4; phase += 1) {
      for (const device of this.devices) {
        for (let count = this.choice.below(5); count > 0; count -= 1) this.#act(device, '');
        if (this.choice.below(2) === 0) this.#choose(device);
      }
      for (const device of this.devices) if (this.choice.below(4) > 0) this.#sync(device);
    }
    for (const device of this.devices) device.trouble = { isStepLost: () => false, isGroupLost: () => false, meanwhile: () => false };
    for (let round = 0; round < 4; round += 1) for (const device of this.devices) this.#sync(device);
    this.#check();
    // All of it comes back.
    for (const device of this.devices) for (const folder of this.#leftOut.get(device) ?? []) device.choose(folder, 'included');
    for (const each of this.#leftOut.values()) each.clear();
    for (let round = 0; round < 2; round += 1) for (const device of this.devices) this.#sync(device);
    this.#check();
  }

  #meanwhile(device: PlannerDevice): boolean {
    if (this.choice.below(12) > 0) return false;
    this.#act(device, ' meanwhile');
    return true;
  }

  #act(device: PlannerDevice, when: string): void {
    const act = chooseAct(device.disk, this.choice, this.ledger);
    if (perform(device.disk, act, this.ledger)) this.log.push(`${device.name}${when}: ${describeAct(act)}`);
  }

  #choose(device: PlannerDevice): void {
    const chosen = this.#leftOut.get(device) ?? new Set();
    const back = this.choice.of([...chosen]);
    if (back !== undefined && this.choice.below(2) === 0) {
      chosen.delete(back);
      device.choose(back, 'included');
      this.log.push(`${device.name} includes ${this.#pathOf(back)}`);
      return;
    }
    const folder = this.choice.of([...device.remote.nodes.values()].filter(({ state }) => state.kind === 'folder'));
    if (folder === undefined) return;
    chosen.add(folder.id);
    device.choose(folder.id, 'left-out');
    this.log.push(`${device.name} leaves out ${this.#pathOf(folder.id)}`);
  }

  #pathOf(id: NodeId): string {
    const names: string[] = [];
    for (let at = this.vault.tree.find(id); at !== undefined; at = this.vault.tree.find(at.state.parent)) names.unshift(at.state.name);
    return names.join('/');
  }

  #sync(device: PlannerDevice): void {
    device.sync();
    this.log.push(`${device.name} syncs: ${JSON.stringify(device.disk.tree())}`);
  }

  #check(): void {
    for (const device of this.devices) {
      const whole = this.#vaultTree(device);
      expect({ [device.name]: device.disk.tree() }).toEqual({ [device.name]: whole });
    }
    const live = new Set(
      [...this.vault.tree.nodes.values()].map(({ state }) =>
        state.kind === 'file' ? state.content.id.slice(2) : state.kind === 'link' ? state.target : '',
      ),
    );
    for (const content of this.ledger.mustLive) expect(live, `lost: ${content}`).toContain(content);
    const steps = this.devices.map((device) => device.steps);
    for (const device of this.devices) device.sync();
    expect(
      this.devices.map((device) => device.steps),
      'more was done after all had synced',
    ).toEqual(steps);
    if (!this.#isTroubled) expect(this.vault.needlessCopies).toBe(0);
  }

  /** What the device has to show: the vault's tree without what it leaves out. */
  #vaultTree(device: PlannerDevice): Record<string, string> {
    const found: Record<string, string> = {};
    const visit = (folder: NodeId, prefix: string): void => {
      for (const { id, state } of this.vault.tree.childrenOf(folder, undefined, 1e9)) {
        if (this.#leftOut.get(device)?.has(id) === true) continue;
        const path = prefix + state.name;
        if (state.kind === 'folder') {
          found[path] = 'folder';
          visit(id, `${path}/`);
        } else if (state.kind === 'link') found[path] = `-> ${state.target}`;
        else found[path] = `${state.content.id.slice(2)}${state.executable ? '*' : ''}${state.fromOutside ? '!' : ''}`;
      }
    };
    visit(rootId, '');
    return Object.fromEntries(Object.entries(found).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function runHistory(seed: number): void {
  const history = new History(seed);
  try {
    history.run();
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n  ${history.log.join('\n  ')}`, {
      cause: error,
    });
  }
}

describe('the planner, in histories of devices that leave folders out', () => {
  test(`comes to rest with the vault's tree less what is left out, and nothing lost, ${histories} times`, { timeout: limitMs }, () => {
    for (let seed = 1; seed <= histories; seed += 1) runHistory(seed);
    expect(histories).toBeGreaterThan(0);
  });
});
