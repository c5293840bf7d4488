import { describe, expect, test } from 'vitest';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import type { Place } from '../../src/model/node.ts';
import { SeededChoice } from '../world/seeded-choice.ts';
import { nodeName, PlannerDevice, PlannerVault } from './planner-world.ts';

const histories = Number(process.env['CACHETTE_PLANNER_HISTORIES'] ?? 4_000);
const names = ['a', 'b', 'c', 'd.txt', 'e.txt'];

/** Contents that nobody overwrote or deleted while seeing them: each must be in the tree in the end. */
class Ledger {
  readonly mustLive = new Set<string>();
  #count = 0;

  fresh(): string {
    this.#count += 1;
    const content = `content ${this.#count}`;
    this.mustLive.add(content);
    return content;
  }

  /** A person saw this content and replaced or deleted it. */
  ended(content: string | undefined): void {
    if (content !== undefined) this.mustLive.delete(content);
  }
}

function actRandomly(device: PlannerDevice, choice: SeededChoice, ledger: Ledger): string {
  const nodes = [...device.local.nodes.values()];
  const folders: NodeId[] = [rootId, ...nodes.filter(({ state }) => state.kind === 'folder').map(({ id }) => id)];
  const place: Place = { parent: choice.of(folders) ?? rootId, name: nodeName(choice.of(names) ?? 'a') };
  const node = choice.of(nodes);
  const there = device.local.childNamed(place.parent, place.name);
  const below = (id: NodeId): NodeId[] => [id, ...device.local.childrenOf(id, undefined, 1e9).flatMap((child) => below(child.id))];
  const deleteAll = (id: NodeId): void => {
    for (const each of below(id)) ledger.ended(device.contentOf(each)?.id);
    device.remove(id);
  };
  const act = choice.below(10);
  if (act < 3 || node === undefined) {
    if (there !== undefined) return 'nothing';
    const id = choice.id() as NodeId;
    if (act === 0) device.makeFolder(id, place);
    else device.write(id, place, ledger.fresh());
    return `make ${place.name}${act === 0 ? '/' : ` = ${device.contentOf(id)?.id}`}`;
  }
  if (act < 5) {
    if (node.state.kind !== 'file') return 'nothing';
    ledger.ended(device.contentOf(node.id)?.id);
    device.write(node.id, node.state, ledger.fresh());
    return `edit ${node.state.name} = ${device.contentOf(node.id)?.id}`;
  }
  if (act < 7) {
    deleteAll(node.id);
    return `delete ${node.state.name}`;
  }
  if (below(node.id).includes(place.parent)) return 'nothing';
  if (there === undefined) {
    device.move(node.id, place);
    return `move ${node.state.name} to ${place.name}`;
  }
  if (there.id === node.id || below(there.id).includes(node.id)) return 'nothing';
  if (act === 9 && !below(there.id).includes(place.parent) && !below(there.id).includes(node.state.parent)) {
    const old = { parent: node.state.parent, name: node.state.name };
    device.move(there.id, { parent: place.parent, name: nodeName('swap') });
    device.move(node.id, place);
    device.move(there.id, old);
    return `swap ${node.state.name} and ${place.name}`;
  }
  deleteAll(there.id);
  device.move(node.id, place);
  return `move ${node.state.name} over ${place.name}`;
}

/** Groups planned in vain. */
function runHistory(seed: number): number {
  const choice = new SeededChoice(seed);
  const vault = new PlannerVault();
  const ledger = new Ledger();
  const devices = ['ann', 'bob', 'eve'].slice(0, 2 + choice.below(2)).map((name) => new PlannerDevice(name, vault, choice));
  const log: string[] = [];
  try {
    for (let phase = 0; phase < 3; phase += 1) {
      for (const device of devices) {
        for (let count = choice.below(6); count > 0; count -= 1) log.push(`${device.name}: ${actRandomly(device, choice, ledger)}`);
      }
      for (const device of devices) {
        if (choice.below(4) === 0) continue;
        log.push(`${device.name} syncs`);
        device.sync();
        log.push(`  ${JSON.stringify([...device.files()])}`);
      }
    }
    // Each device hears of the others' last words; conflict copies travel once more.
    for (let round = 0; round < 3; round += 1) for (const device of devices) device.sync();
    const [first, ...others] = devices.map((device) => device.files());
    for (const other of others) expect(other).toEqual(first);
    for (const device of devices) expect(device.dirty()).toEqual([]);
    const live = new Set(first?.values());
    for (const content of ledger.mustLive) expect(live, `lost: ${content}`).toContain(content);
    const steps = devices.map((device) => device.steps);
    for (const device of devices) device.sync();
    expect(devices.map((device) => device.steps)).toEqual(steps);
    return devices.reduce((sum, { voids }) => sum + voids, 0);
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n  ${log.join('\n  ')}`, { cause: error });
  }
}

describe('the planner, in histories of two or three devices', () => {
  test(`comes to rest with equal trees and nothing lost, ${histories} times`, () => {
    let voids = 0;
    for (let seed = 1; seed <= histories; seed += 1) voids += runHistory(seed);
    expect(voids).toBeLessThan(histories / 100);
  });
});
