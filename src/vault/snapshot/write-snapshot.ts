import type { Random } from '../../base/random.ts';
import { toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import { StateSum } from '../../crypto/state-root.ts';
import type { PackDirectory } from '../../model/change.ts';
import type { StateRoot } from '../../model/ids.ts';
import type { Content, ContentRef, VersionedNode } from '../../model/node.ts';
import type { ConflictRecord } from '../entry/node-record.ts';
import type { Sealing } from '../sealing.ts';
import { partPlainMaxBytes, sealManifest } from './manifest.ts';
import type { SnapshotManifest, SnapshotPart } from './manifest.ts';
import { PartCutter } from './part-cutter.ts';
import { encodeItem, keyOf, recordOf } from './snapshot-item.ts';
import type { PackPlanRecord, SnapshotItem } from './snapshot-item.ts';
import { snapshotName } from './snapshot-name.ts';
import { joinPart, partHash, sealPart } from './snapshot-part.ts';

/** The state to write. Iterables are run through once, one after the other; each ascends by its key. */
export interface SnapshotSource {
  readonly lamport: number;
  readonly root: StateRoot;
  readonly retentionDays: number | undefined;
  /** By id. */
  readonly nodes: Iterable<VersionedNode>;
  /** By copy; open and settled ones. */
  readonly conflicts: Iterable<ConflictRecord>;
  /** By id: all packs that anything in the tree lies in. */
  readonly packs: Iterable<PackDirectory>;
  /** By version. */
  readonly plans: Iterable<PackPlanRecord>;
  /** How to put a file's content together. Throws where it is not known. */
  contentOf(content: ContentRef): Content;
}

/** What writing takes. */
export interface SnapshotTools {
  readonly sealing: Sealing;
  readonly keys: EpochKeys;
  readonly random: Random;
  /** Parts of earlier snapshots that are still in the store: used again where nothing in their range changed. */
  readonly reusable: readonly SnapshotPart[];
}

/** An object to put into the store. */
export interface SnapshotObject {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a checkpoint names: the manifest's object name. */
export interface WrittenSnapshot {
  readonly name: string;
  readonly manifest: SnapshotManifest;
}

const tagBytes = 8;

/**
 * Gives the objects of a snapshot one by one, the manifest last: put each before asking for the next. Holds one part in
 * memory. Throws E_FAILED, before the manifest, where the records don't give the root: such a snapshot nobody would take.
 */
export function* writeSnapshot(tools: SnapshotTools, source: SnapshotSource): Generator<SnapshotObject, WrittenSnapshot> {
  const { sealing, keys } = tools;
  const sum = StateSum.empty(sealing.primitives);
  const reusable = new Map(tools.reusable.map((part) => [part.plainHash, part]));
  const parts: SnapshotPart[] = [];
  for (const items of [nodeItems(source), conflictItems(source), packItems(source), planItems(source)]) {
    for (const { kind, first, last, pieces } of cutParts(items, sum)) {
      const plain = joinPart(kind, pieces);
      const plainHash = partHash(sealing.primitives, plain);
      const known = reusable.get(plainHash);
      if (known !== undefined) {
        parts.push(known);
        continue;
      }
      const name = freshName(tools.random);
      const bytes = sealPart(sealing, keys, name, plain);
      parts.push({
        name,
        kind,
        objectHash: partHash(sealing.primitives, bytes),
        plainHash,
        sizeBytes: bytes.byteLength,
        items: pieces.length,
        first,
        last,
      });
      yield { name, bytes };
    }
  }
  if (sum.root() !== source.root) throw new Failure('E_FAILED', 'the records of a snapshot do not give the root that it is for');
  const { lamport, root, retentionDays } = source;
  const manifest: SnapshotManifest = { lamport, root, retentionDays, parts };
  const name = freshName(tools.random);
  yield { name, bytes: sealManifest(sealing, keys, name, manifest) };
  return { name, manifest };
}

interface PartPieces {
  readonly kind: SnapshotItem['kind'];
  readonly first: string;
  readonly last: string;
  readonly pieces: readonly Uint8Array[];
}

function* cutParts(items: Iterable<SnapshotItem>, sum: StateSum): Generator<PartPieces, void> {
  const cutter = new PartCutter(partPlainMaxBytes);
  let pieces: Uint8Array[] = [];
  let first = '';
  let last = '';
  let kind: SnapshotItem['kind'] = 'node';
  for (const item of items) {
    const key = keyOf(item);
    if (last !== '' && key <= last) throw new Failure('E_FAILED', 'records of a snapshot that do not ascend');
    const record = recordOf(item);
    if (item.kind === 'node' || item.kind === 'conflict') sum.add(record);
    const piece = encodeItem(item, record);
    if (cutter.endsBefore(piece.byteLength)) {
      yield { kind, first, last, pieces };
      pieces = [];
    }
    if (pieces.length === 0) first = key;
    ({ kind } = item);
    last = key;
    pieces.push(piece);
    if (cutter.endsAfter(key, piece.byteLength)) {
      yield { kind, first, last, pieces };
      pieces = [];
    }
  }
  if (pieces.length > 0) yield { kind, first, last, pieces };
}

function* nodeItems(source: SnapshotSource): Generator<SnapshotItem, void> {
  for (const node of source.nodes) {
    yield { kind: 'node', node, content: node.state.kind === 'file' ? source.contentOf(node.state.content) : undefined };
  }
}

function* conflictItems({ conflicts }: SnapshotSource): Generator<SnapshotItem, void> {
  for (const conflict of conflicts) yield { kind: 'conflict', conflict };
}

function* packItems({ packs }: SnapshotSource): Generator<SnapshotItem, void> {
  for (const directory of packs) yield { kind: 'pack', directory };
}

function* planItems({ plans }: SnapshotSource): Generator<SnapshotItem, void> {
  for (const plan of plans) yield { kind: 'plan', plan };
}

function freshName(random: Random): string {
  return snapshotName(toHex(random.bytes(tagBytes)));
}
