import { expect, test } from 'vitest';
import { rootId, type NodeId } from '../../src/model/ids.ts';
import type { NodeName } from '../../src/model/name.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';

/** Two devices; with each further one that is removed, an epoch begins. */
class EpochWorld {
  readonly #vault = new SimVault(61);
  readonly ann = new SimDevice(this.#vault, 'ann');
  readonly bob = new SimDevice(this.#vault, 'bob');
  #removed = 0;

  /** Packs in the store. */
  packs(): number {
    return this.#vault.medium.names('packs/').length;
  }

  async settle(): Promise<void> {
    for (const device of [this.ann, this.bob, this.ann, this.bob]) await device.sync();
  }

  async beginEpoch(): Promise<void> {
    this.#removed += 1;
    const other = new SimDevice(this.#vault, `other ${this.#removed}`);
    await other.sync();
    await this.ann.remove(other);
  }

  /** Ann writes them one after the other, each in an epoch of its own; bob has the first one only. */
  async history(path: string, texts: readonly string[]): Promise<void> {
    for (const [at, text] of texts.entries()) {
      if (at > 0) await this.beginEpoch();
      this.ann.user.writeFile(path, text);
      await (at === 0 ? this.settle() : this.ann.sync());
    }
  }
}

function inVault({ index }: SimDevice, ...names: readonly string[]): { readonly id: NodeId; readonly epoch: number } {
  let found: { readonly id: NodeId; readonly epoch: number } = { id: rootId, epoch: 0 };
  for (const name of names) {
    const node = index.remote.childNamed(found.id, name as NodeName);
    if (node === undefined) throw new Error(`no ${name}`);
    found = { id: node.id, epoch: node.state.kind === 'file' ? node.state.content.epoch : 0 };
  }
  return found;
}

test('many files that are only touched in a new epoch are neither a mass change nor stored again', async () => {
  const world = new EpochWorld();
  const { ann, bob } = world;
  const names = Array.from({ length: 120 }, (_, at) => String(at));
  ann.user.makeFolder('many');
  for (const name of names) ann.user.writeFile(`many/${name}`, `file number ${name}`);
  await world.settle();
  await world.beginEpoch();
  for (const name of names) ann.user.setTime(`many/${name}`, 5_000_000);
  await world.settle();
  expect(ann.index.massChange.countHeld() + bob.index.massChange.countHeld()).toBe(0);
  expect(new Set(names.map((name) => inVault(bob, 'many', name).epoch))).toEqual(new Set([1]));
  for (const name of names) ann.user.writeFile(`many/${name}`, `FILE NUMBER ${name}`);
  await world.settle();
  expect(ann.index.massChange.countHeld()).toBe(120);
});

test('files of two epochs and one size that are copied elsewhere and deleted are moved, and no mass change', async () => {
  const world = new EpochWorld();
  const { ann, bob } = world;
  const names = Array.from({ length: 120 }, (_, at) => String(1000 + at));
  const half = names.length / 2;
  ann.user.makeFolder('many');
  for (const name of names.slice(0, half)) ann.user.writeFile(`many/${name}`, `file number ${name}`);
  await world.settle();
  await world.beginEpoch();
  for (const name of names.slice(half)) ann.user.writeFile(`many/${name}`, `file number ${name}`);
  await world.settle();
  const were = names.map((name) => inVault(bob, 'many', name));
  ann.user.makeFolder('elsewhere');
  for (const name of names) ann.user.writeFile(`elsewhere/${name}`, `file number ${name}`);
  ann.user.removeTree('many');
  await world.settle();
  expect(ann.index.massChange.countHeld()).toBe(0);
  expect(names.map((name) => inVault(bob, 'elsewhere', name))).toEqual(were);
});

test('few files of several epochs and one size that are copied elsewhere and deleted are moved, and not stored again', async () => {
  const world = new EpochWorld();
  const { ann, bob } = world;
  const names = ['1', '2', '3', '4', '5', '6'];
  for (const [at, name] of names.entries()) {
    if (at > 0 && at % 2 === 0) await world.beginEpoch();
    ann.user.writeFile(name, `file number ${name}`);
    await world.settle();
  }
  const were = names.map((name) => inVault(bob, name));
  expect(new Set(were.map(({ epoch }) => epoch))).toEqual(new Set([1, 2, 3]));
  ann.user.makeFolder('elsewhere');
  for (const name of names) {
    ann.user.writeFile(`elsewhere/${name}`, `file number ${name}`);
    ann.user.remove(name);
  }
  const packs = world.packs();
  await world.settle();
  expect(names.map((name) => inVault(bob, 'elsewhere', name))).toEqual(were);
  expect(world.packs()).toBe(packs);
});

test.each([
  ['a lost index', (bob: SimDevice) => bob.loseIndex()],
  ['a device that joins afresh', (bob: SimDevice) => bob.joinAfresh()],
])('a file that is old in the terms of an earlier epoch makes no conflict copy after %s', async (_, befall) => {
  for (const texts of [
    ['v1', 'v2'],
    ['v1', 'v2', 'v3'],
    ['v1', 'longer'],
    ['v1', 'v1'],
    ['v1', 'v2', 'v1'],
  ]) {
    const world = new EpochWorld();
    await world.history('a', texts);
    befall(world.bob);
    await world.settle();
    expect(world.bob.user.texts()).toEqual({ a: texts.at(-1) });
    expect(world.ann.user.texts()).toEqual({ a: texts.at(-1) });
  }
});

test('a file that never was what it holds makes one conflict copy, however many epochs it might be from', async () => {
  const world = new EpochWorld();
  const { ann, bob } = world;
  await world.history('a', ['v1', 'v2', 'v3']);
  // And back: what the vault has now is of the first epoch.
  ann.user.rename('a', '.cachette/aside');
  ann.user.writeFile('a', 'v1');
  await ann.sync();
  bob.loseIndex();
  bob.user.writeFile('a', 'xx');
  await world.settle();
  expect(Object.values(bob.user.texts()).toSorted()).toEqual(['v1', 'xx']);
  expect(ann.user.texts()).toEqual(bob.user.texts());
});

test('a file that is copied and deleted in a new epoch stays the same file', async () => {
  const world = new EpochWorld();
  const { ann, bob } = world;
  ann.user.writeFile('a', 'some text');
  await world.settle();
  const was = inVault(ann, 'a');
  await world.beginEpoch();
  ann.user.remove('a');
  ann.user.writeFile('b', 'some text');
  ann.user.writeFile('c', 'some more');
  await world.settle();
  expect(inVault(bob, 'b')).toEqual(was);
  expect(inVault(bob, 'c').epoch).toBe(2);
  expect(bob.user.texts()).toEqual({ b: 'some text', c: 'some more' });
});
