/** Two devices that agree on a tree, act apart, and sync one after the other: what they show in the reference's words. */
import { rootId, type NodeId, type Version } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import type { LocalNode, VersionedNode } from '../../src/model/node.ts';
import { SeededChoice } from '../world/seeded-choice.ts';
import { perform, type Act } from './person.ts';
import { contentRef, PlannerDevice } from './planner-device.ts';
import type { Inode } from './planner-disk.ts';
import { PlannerVault } from './planner-vault.ts';
import { line, plainName, type ReferenceTree } from './reference-merge.ts';

export interface TwoDevices {
  readonly base: ReferenceTree;
  readonly first: readonly Act[];
  readonly second: readonly Act[];
  /** Decides how it is batched. */
  readonly seed: number;
  /** Whether both sync at the same time, and hear of each other as they go; else the second waits for the first. */
  readonly areTogether?: boolean;
}

/** Runs it; the outcome as `referenceMerge` words it. Throws where the devices do not come to agree. */
export function runTwoDevices({ base, first, second, seed, areTogether }: TwoDevices): string {
  const choice = new SeededChoice(seed);
  const vault = new PlannerVault();
  const devices = ['first', 'second'].map((name) => new PlannerDevice(name, vault, choice));
  settleOn(base, vault, devices);
  for (const [at, acts] of [first, second].entries()) {
    for (const act of acts) if (devices[at] === undefined || !perform(devices[at].disk, act)) throw new Error('an act that can not be');
  }
  // That a new file is one that is gone can be told only where both are looked at together.
  if ([...first, ...second].some((act) => act.do === 'carry')) for (const device of devices) device.isWhole = true;
  if (areTogether === true) syncTogether(devices, choice);
  for (let round = 0; round < 2; round += 1) for (const device of devices) device.sync();
  const shown = devices.map((device) => describe(device));
  const { groups } = vault;
  for (const device of devices) device.sync();
  if (vault.groups !== groups) throw new Error('more was published after both had synced');
  if (shown[0] !== shown[1]) throw new Error(`they differ:\n${shown.join('\n--\n')}`);
  return shown[0] ?? '';
}

function syncTogether(devices: readonly PlannerDevice[], choice: SeededChoice): void {
  for (const device of devices) {
    device.isWhole = true;
    device.observe();
  }
  const busy = new Set(devices);
  while (busy.size > 0) {
    const device = choice.of([...busy]);
    device?.catchUp();
    if (device?.syncABit() === false) busy.delete(device);
  }
}

/** As if all had synced this tree before. */
function settleOn(base: ReferenceTree, vault: PlannerVault, devices: readonly PlannerDevice[]): void {
  for (const { id, parent, name, kind, text } of base.values()) {
    const place = { parent: (parent === '' ? rootId : parent) as NodeId, name: name as NodeName };
    const content = contentRef(text, 1);
    const state = kind === 'folder' ? { kind, ...place } : { kind, ...place, content, mtimeUs: 0, executable: false, fromOutside: false };
    const node: VersionedNode = { id: id as NodeId, version: `v ${id}` as Version, state };
    vault.tree.write(node);
    if (kind === 'file') {
      vault.stored.add(content.id);
      vault.past.set(`${id} ${content.id}`, 0);
    }
    const localState = state.kind === 'file' ? { ...state, sizeBytes: text.length } : state;
    const row: LocalNode = { id: node.id, state: localState, identity: id, fingerprint: kind === 'folder' ? '' : '0' };
    for (const device of devices) {
      device.remote.write(node);
      device.base.write(node);
      device.local.write(row);
      device.disk.items.set(id as Inode, {
        inode: id as Inode,
        ...place,
        kind,
        text,
        mtimeUs: 0,
        executable: false,
        fromOutside: false,
        stamp: 0,
      });
    }
  }
}

function describe({ local }: PlannerDevice): string {
  const path = ({ state }: LocalNode): string => {
    const above = local.find(state.parent);
    return above === undefined ? plainName(state.name) : `${path(above)}/${plainName(state.name)}`;
  };
  const text = ({ state }: LocalNode): string => (state.kind === 'file' ? (state.content?.id.slice(2) ?? '?') : 'folder');
  return [...local.nodes.values()]
    .map((node) => line(path(node), text(node), node.id))
    .toSorted()
    .join('\n');
}
