/** A tree of any size, written as a snapshot into a map of objects. */
import { toHex } from '../../../src/base/bytes.ts';
import type { Random } from '../../../src/base/random.ts';
import { StateSum } from '../../../src/crypto/state-root.ts';
import { type ChunkId, entryName, parseId, type StateRoot, versionOf } from '../../../src/model/ids.ts';
import type { Content, ContentRef, VersionedNode } from '../../../src/model/node.ts';
import type { NodeName } from '../../../src/model/name.ts';
import { conflictRecord, nodeRecord, type ConflictRecord } from '../../../src/vault/entry/node-record.ts';
import type { SnapshotPart } from '../../../src/vault/snapshot/manifest.ts';
import { readSnapshot, fetchManifest, type SnapshotAccess, type SnapshotClaim } from '../../../src/vault/snapshot/read-snapshot.ts';
import type { PackPlanRecord, SnapshotItem } from '../../../src/vault/snapshot/snapshot-item.ts';
import { type SnapshotSource, writeSnapshot, type WrittenSnapshot } from '../../../src/vault/snapshot/write-snapshot.ts';
import type { PackDirectory } from '../../../src/model/change.ts';
import { bytesOf, seededRandom } from '../../crypto/fixed-random.ts';
import { sodium } from '../../crypto/providers.ts';
import { type TestVault, testVault } from '../chunk/test-vault.ts';
import { chunkId, contentId, deviceId, nodeId, packId } from '../entry/sample-entry.ts';

const version = versionOf(entryName(9, '0011223344556677'), 2);

/** The `index`th of many nodes: mostly files, some folders and links; every hundredth file has two chunks. */
export function nodeAt(index: number, { seed = 'node', nameBytes = 50 } = {}): VersionedNode {
  const id = parseId('NodeId', toHex(bytesOf(`${seed} ${index}`, 16)));
  const place = { parent: nodeId('top'), name: `file number ${index}.txt`.padEnd(nameBytes, 'x') as NodeName };
  if (index % 10 === 8) return { id, version, state: { kind: 'folder', ...place } };
  if (index % 10 === 9) return { id, version, state: { kind: 'link', ...place, target: '../somewhere', mtimeUs: index } };
  const content = {
    epoch: 3,
    id: contentId(`content ${index}`),
    sizeBytes: index % 100 === 0 ? 700_000 : index % 1000 === 1 ? 2 ** 31 : index % 7,
  };
  return {
    id,
    version,
    state: { kind: 'file', ...place, content, mtimeUs: index * 1_000_000, executable: index % 2 === 0, fromOutside: index % 3 === 0 },
  };
}

export function contentOfRef(ref: ContentRef): Content {
  if (ref.sizeBytes === 2 ** 31) return { ...ref, chunks: [], listChunks: [chunkId('list')] };
  if (ref.sizeBytes === 700_000) return { ...ref, chunks: [chunkId('a'), chunkId('b')], listChunks: [] };
  return { ...ref, chunks: ref.sizeBytes === 0 ? [] : [ref.id as string as ChunkId], listChunks: [] };
}

export const byId = (a: VersionedNode, b: VersionedNode): number => (a.id < b.id ? -1 : 1);

export interface Tree {
  readonly nodes: readonly VersionedNode[];
  readonly conflicts: readonly ConflictRecord[];
  readonly packs: readonly PackDirectory[];
  readonly plans: readonly PackPlanRecord[];
}

export function treeOf(count: number): Tree {
  const copies = [nodeId('copy one'), nodeId('copy two')].toSorted();
  return {
    nodes: Array.from({ length: count }, (_, index) => nodeAt(index)).toSorted(byId),
    conflicts: copies.map((copy, index) => ({
      copy,
      of: nodeId('of'),
      madeBy: deviceId('desk'),
      ancestor: index === 0 ? undefined : { epoch: 3, id: contentId('was'), sizeBytes: 12 },
      settled: index === 0 ? 'both' : undefined,
    })),
    packs: [packId('one'), packId('two')].toSorted().map((pack) => ({
      pack,
      epoch: 3,
      sizeBytes: 16_384,
      chunks: [{ chunk: chunkId('a'), offset: 10, sealedBytes: 500, plainBytes: 1000 }],
    })),
    plans: [{ version, packs: [packId('dead')], notBeforeMs: 1_800_000_000_000 }],
  };
}

export function rootOf({ nodes, conflicts }: Pick<Tree, 'nodes' | 'conflicts'>): StateRoot {
  const sum = StateSum.empty(sodium);
  for (const node of nodes) sum.add(nodeRecord(node));
  for (const conflict of conflicts) sum.add(conflictRecord(conflict));
  return parseId('StateRoot', sum.root());
}

export function sourceOf(tree: Tree): SnapshotSource {
  return { ...tree, lamport: 77, root: rootOf(tree), retentionDays: 30, contentOf: contentOfRef };
}

/** Everything written, and what is needed to read it. */
export interface World {
  readonly vault: TestVault;
  readonly objects: Map<string, Uint8Array>;
  readonly random: Random;
  readonly access: SnapshotAccess;
}

export function snapshotWorld(seed = 'snapshots', vault = testVault(seed)): World {
  const objects = new Map<string, Uint8Array>();
  const access: SnapshotAccess = {
    sealing: vault.sealing,
    keysOf: (epoch) => (epoch <= 4 ? vault.keys(epoch) : undefined),
    fetch: (name) => Promise.resolve(objects.get(name)),
  };
  return { vault, objects, random: seededRandom(`${seed}/names`), access };
}

export function write(world: World, source: SnapshotSource, reusable: readonly SnapshotPart[] = [], epoch = 3): WrittenSnapshot {
  const run = writeSnapshot({ sealing: world.vault.sealing, keys: world.vault.keys(epoch), random: world.random, reusable }, source);
  for (;;) {
    const step = run.next();
    if (step.done === true) return step.value;
    if (world.objects.has(step.value.name)) throw new Error('a name was used twice');
    world.objects.set(step.value.name, step.value.bytes);
  }
}

export async function readAll(world: World, claim: SnapshotClaim): Promise<SnapshotItem[]> {
  const manifest = await fetchManifest(world.access, claim);
  const items: SnapshotItem[] = [];
  for await (const part of readSnapshot(world.access, claim, manifest)) items.push(...part);
  return items;
}

export const claimOf = ({ name, manifest: { lamport, root } }: WrittenSnapshot): SnapshotClaim => ({ name, lamport, root });
