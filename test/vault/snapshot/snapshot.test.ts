import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/base/bytes.ts';
import { Failure } from '../../../src/base/failure.ts';
import type { VersionedNode } from '../../../src/model/node.ts';
import { type SnapshotManifest, type SnapshotPart, sealManifest } from '../../../src/vault/snapshot/manifest.ts';
import { encodeItem, keyOf, recordOf, type SnapshotItem } from '../../../src/vault/snapshot/snapshot-item.ts';
import { findSnapshotTag, snapshotName } from '../../../src/vault/snapshot/snapshot-name.ts';
import { joinPart, partHash, sealPart } from '../../../src/vault/snapshot/snapshot-part.ts';
import { writeSnapshot, type WrittenSnapshot } from '../../../src/vault/snapshot/write-snapshot.ts';
import { failureCode } from '../../crypto/failure-code.ts';
import { providers, sodium } from '../../crypto/providers.ts';
import { flipped, testVault } from '../chunk/test-vault.ts';
import {
  byId,
  claimOf,
  contentOfRef,
  nodeAt,
  readAll,
  rootOf,
  snapshotWorld,
  sourceOf,
  treeOf,
  type Tree,
  type World,
  write,
} from './snapshot-world.ts';

const kib = 1024;
const mib = 1024 * kib;

const itemsOf = ({ nodes, conflicts, packs, plans }: Tree): SnapshotItem[] => [
  ...nodes.map((node): SnapshotItem => ({
    kind: 'node',
    node,
    content: node.state.kind === 'file' ? contentOfRef(node.state.content) : undefined,
  })),
  ...conflicts.map((conflict): SnapshotItem => ({ kind: 'conflict', conflict })),
  ...packs.map((directory): SnapshotItem => ({ kind: 'pack', directory })),
  ...plans.map((plan): SnapshotItem => ({ kind: 'plan', plan })),
];

const codeOf = async (reading: Promise<unknown>): Promise<unknown> =>
  reading.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Failure ? error.code : error),
  );

describe.each(providers)('a snapshot, with %s', (_, primitives) => {
  test('gives back the whole state', async () => {
    const world = snapshotWorld('both', testVault('both', primitives));
    const tree = treeOf(40);
    const written = write(world, sourceOf(tree));
    expect(written.manifest).toMatchObject({ lamport: 77, retentionDays: 30, root: rootOf(tree) });
    expect(await readAll(world, claimOf(written))).toEqual(itemsOf(tree));
  });
});

describe('a snapshot', () => {
  test('of an empty vault is a manifest alone', async () => {
    const world = snapshotWorld();
    const source = { ...sourceOf({ nodes: [], conflicts: [], packs: [], plans: [] }), retentionDays: undefined };
    const written = write(world, source);
    expect(written.manifest.parts).toEqual([]);
    expect(world.objects.size).toBe(1);
    expect(await readAll(world, claimOf(written))).toEqual([]);
  });

  test('of many nodes is made of parts of at most 8 MiB in padded sizes, one in memory at a time', async () => {
    const world = snapshotWorld();
    const count = 12_000;
    const nodes = Array.from({ length: count }, (_, index) => nodeAt(index, { nameBytes: 1000 })).toSorted(byId);
    const root = rootOf({ nodes, conflicts: [] });
    let pulled = 0;
    const counted = function* (): Generator<VersionedNode, void> {
      for (const node of nodes) {
        pulled += 1;
        yield node;
      }
    };
    const source = { ...sourceOf({ nodes: [], conflicts: [], packs: [], plans: [] }), nodes: counted(), root };
    const run = writeSnapshot({ sealing: world.vault.sealing, keys: world.vault.keys(3), random: world.random, reusable: [] }, source);
    const pulledAtObject: number[] = [];
    let step = run.next();
    for (; step.done !== true; step = run.next()) {
      pulledAtObject.push(pulled);
      world.objects.set(step.value.name, step.value.bytes);
    }
    const { parts } = step.value.manifest;
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.reduce((sum, { items }) => sum + items, 0)).toBe(count);
    // Never further in the tree than the part just given, but for the one node that did not fit into it.
    let given = 0;
    for (const [index, { items, sizeBytes }] of parts.entries()) {
      given += items;
      expect(pulledAtObject[index]).toBeLessThanOrEqual(given + 1);
      expect(sizeBytes).toBeLessThanOrEqual(8 * mib);
      expect([1, 4, 16, 64, 256].map((size) => size * kib).includes(sizeBytes - 82) || (sizeBytes - 82) % mib === 0).toBe(true);
    }
    const names = (await readAll(world, claimOf(step.value))).map(keyOf);
    expect(names.join() === nodes.map(({ id }) => id).join()).toBe(true);
  });

  test('uses again the parts in whose range nothing changed', async () => {
    const world = snapshotWorld();
    const nodes = Array.from({ length: 12_000 }, (_, index) => nodeAt(index, { nameBytes: 1000 })).toSorted(byId);
    const tree = { ...treeOf(0), nodes };
    const first = write(world, sourceOf(tree));
    const before = world.objects.size;
    const same = write(world, sourceOf(tree), first.manifest.parts);
    expect(world.objects.size).toBe(before + 1);
    expect(same.manifest.parts).toEqual(first.manifest.parts);

    const changed = { ...tree, nodes: [...nodes.filter((_, index) => index !== 6000), nodeAt(1, { seed: 'new' })].toSorted(byId) };
    const second = write(world, sourceOf(changed), first.manifest.parts, 4);
    const known = new Set(first.manifest.parts.map(({ name }) => name));
    const fresh = second.manifest.parts.filter(({ name }) => !known.has(name));
    expect(fresh.length).toBeGreaterThan(0);
    expect(fresh.length).toBeLessThanOrEqual(4);
    expect(await codeOf(readAll(world, claimOf(second)))).toBe('no failure');
  });

  test('is not published where the records do not give the root', () => {
    const world = snapshotWorld();
    const source = { ...sourceOf(treeOf(5)), root: rootOf(treeOf(6)) };
    expect(failureCode(() => write(world, source))).toBe('E_FAILED');
    expect(failureCode(() => write(world, { ...sourceOf(treeOf(5)), nodes: treeOf(5).nodes.toReversed() }))).toBe('E_FAILED');
  });
});

describe('a snapshot is refused', () => {
  const tree = treeOf(30);

  /** A snapshot whose parts and manifest are sealed by someone who has all keys. */
  function forged(
    world: World,
    groups: readonly (readonly SnapshotItem[])[],
    change: (part: SnapshotPart) => SnapshotPart = (part) => part,
  ): WrittenSnapshot {
    const { sealing } = world.vault;
    const keys = world.vault.keys(3);
    const fresh = (): string => snapshotName(Buffer.from(world.random.bytes(8)).toString('hex'));
    const parts = groups.map((items): SnapshotPart => {
      const name = fresh();
      const kind = items[0]?.kind ?? 'node';
      const plain = joinPart(
        kind,
        items.map((item) => encodeItem(item, recordOf(item))),
      );
      const bytes = sealPart(sealing, keys, name, plain);
      world.objects.set(name, bytes);
      const ends = { first: keyOf(items[0] as SnapshotItem), last: keyOf(items.at(-1) as SnapshotItem) };
      return change({
        name,
        kind,
        objectHash: partHash(sodium, bytes),
        plainHash: partHash(sodium, plain),
        sizeBytes: bytes.length,
        items: items.length,
        ...ends,
      });
    });
    const manifest: SnapshotManifest = { lamport: 77, root: rootOf(tree), retentionDays: undefined, parts };
    const name = fresh();
    world.objects.set(name, sealManifest(sealing, keys, name, manifest));
    return { name, manifest };
  }
  const nodes = itemsOf(tree).filter(({ kind }) => kind === 'node');
  const conflicts = itemsOf(tree).filter(({ kind }) => kind === 'conflict');
  const judge = async (groups: readonly (readonly SnapshotItem[])[], change?: (part: SnapshotPart) => SnapshotPart): Promise<unknown> => {
    const world = snapshotWorld();
    return codeOf(readAll(world, claimOf(forged(world, groups, change))));
  };

  test('nowhere where it is right: the forger writes what honest devices read', async () => {
    expect(await judge([nodes, conflicts])).toBe('no failure');
    expect(await judge([nodes.slice(0, 9), nodes.slice(9), conflicts])).toBe('no failure');
  });

  test('where a file is missing, added, or another one than was signed for', async () => {
    expect(await judge([nodes.slice(1), conflicts])).toBe('E_TAMPER');
    expect(await judge([nodes])).toBe('E_TAMPER');
    const [first, ...others] = nodes;
    if (first?.kind !== 'node') throw new Error('no node');
    const renamed: SnapshotItem = { ...first, node: { ...first.node, state: { ...first.node.state, name: 'other' as never } } };
    expect(await judge([[renamed, ...others], conflicts])).toBe('E_TAMPER');
  });

  test('where a record is there twice or out of order', async () => {
    const [first, second, ...others] = nodes as [SnapshotItem, SnapshotItem, ...SnapshotItem[]];
    expect(await judge([[second, first, ...others], conflicts])).toBe('E_FORMAT');
    expect(await judge([[first, first, second, ...others], conflicts])).toBe('E_FORMAT');
    expect(await judge([nodes.slice(9), nodes.slice(0, 9), conflicts])).toBe('E_FORMAT');
    expect(await judge([nodes.slice(0, 10), nodes.slice(9), conflicts])).toBe('E_FORMAT');
    expect(await judge([conflicts, nodes])).toBe('E_FORMAT');
  });

  test.each<readonly [string, (part: SnapshotPart) => SnapshotPart, string]>([
    ['another count', (part) => ({ ...part, items: part.items - 1 }), 'E_FORMAT'],
    ['another first key', (part) => ({ ...part, first: '0' }), 'E_FORMAT'],
    ['another last key', (part) => ({ ...part, last: 'f'.repeat(40) }), 'E_FORMAT'],
    ['another hash', (part) => ({ ...part, objectHash: part.plainHash }), 'E_TAMPER'],
    ['another size', (part) => ({ ...part, sizeBytes: part.sizeBytes + 1 }), 'E_TAMPER'],
    ['another kind', (part) => ({ ...part, kind: 'pack' }), 'E_FORMAT'],
  ])('where its list says %s than the part has', async (_, change, code) => {
    expect(await judge([nodes], change)).toBe(code);
  });

  test('where its list names a part twice', async () => {
    const world = snapshotWorld();
    let name: string | undefined;
    const written = forged(world, [nodes.slice(0, 9), nodes.slice(9)], (part) => ({ ...part, name: (name ??= part.name) }));
    expect(await codeOf(readAll(world, claimOf(written)))).toBe('E_FORMAT');
  });

  test('where the store changed, exchanged, shortened or lost any object of it', async () => {
    const world = snapshotWorld();
    const written = write(world, sourceOf(tree));
    const objects = new Map(world.objects);
    for (const [name, bytes] of objects) {
      for (const bad of [
        flipped(bytes, 4),
        flipped(bytes, 5),
        flipped(bytes, 20),
        flipped(bytes, -1),
        bytes.subarray(0, -1),
        concatBytes([bytes, bytes]),
        new Uint8Array(),
      ]) {
        world.objects.set(name, bad);
        expect(await codeOf(readAll(world, claimOf(written)))).toMatch(/^E_(TAMPER|FORMAT|DOWNGRADE)$/);
      }
      world.objects.delete(name);
      expect(await codeOf(readAll(world, claimOf(written)))).toBe('E_MISSING');
      world.objects.set(name, new Uint8Array(8 * mib + 1));
      expect(await codeOf(readAll(world, claimOf(written)))).toMatch(/^E_(LIMIT|TAMPER)$/);
      world.objects.set(name, bytes);
    }
    expect(await codeOf(readAll(world, claimOf(written)))).toBe('no failure');
    const [a, b] = written.manifest.parts;
    if (a === undefined || b === undefined) throw new Error('no two parts');
    const swap = world.objects.get(a.name) ?? new Uint8Array();
    world.objects.set(a.name, world.objects.get(b.name) ?? new Uint8Array()).set(b.name, swap);
    expect(await codeOf(readAll(world, claimOf(written)))).toBe('E_TAMPER');
  });

  test('where it is for another checkpoint, under another name, or of keys that this device has not', async () => {
    const world = snapshotWorld();
    const written = write(world, sourceOf(tree));
    const claim = claimOf(written);
    expect(await codeOf(readAll(world, { ...claim, lamport: 78 }))).toBe('E_TAMPER');
    expect(await codeOf(readAll(world, { ...claim, root: rootOf(treeOf(31)) }))).toBe('E_TAMPER');
    world.objects.set(snapshotName('0'.repeat(16)), world.objects.get(claim.name) ?? new Uint8Array());
    expect(await codeOf(readAll(world, { ...claim, name: snapshotName('0'.repeat(16)) }))).toBe('E_TAMPER');
    expect(await codeOf(readAll({ ...world, access: { ...world.access, keysOf: () => undefined } }, claim))).toBe('E_EPOCH');
  });
});

describe('the names of snapshots', () => {
  test('are small and lead back to their tag', () => {
    expect(snapshotName('00112233445566ff')).toBe('snapshots/00112233445566ff');
    expect(findSnapshotTag('snapshots/00112233445566ff')).toBe('00112233445566ff');
    for (const bad of ['snapshots/', 'snapshots/00112233445566FF', 'snapshots/00112233445566ff0', 'packs/00/x'])
      expect(findSnapshotTag(bad)).toBeUndefined();
    expect(failureCode(() => snapshotName('../x'))).toBe('E_FORMAT');
  });
});
