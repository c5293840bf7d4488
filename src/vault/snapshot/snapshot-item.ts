/** The records that a snapshot holds, as bytes (FORMAT.md, section 8.2). */
import { concatBytes } from '../../base/bytes.ts';
import { Failure, unreachable } from '../../base/failure.ts';
import { readU32, u32 } from '../../crypto/u32.ts';
import type { PackDirectory, PackPlanChange } from '../../model/change.ts';
import type { Version } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { Content, VersionedNode } from '../../model/node.ts';
import { decodeStrict, encode, readTuple } from '../cbor.ts';
import { conflictRecord, nodeRecord, readConflictRecord, readNodeRecord, recordNumbers } from '../entry/node-record.ts';
import type { ConflictRecord } from '../entry/node-record.ts';
import { contentOf, inlineChunksOf } from '../entry/state-wire.ts';
import { readChunkIds, readPackIds, readTimeMs, readVersion, wireChunkIds, wirePackIds, wireVersion } from '../entry/wire-ids.ts';
import { wireLimits } from '../entry/wire-limits.ts';
import { readPackDirectory, wirePackDirectory } from '../pack/directory-wire.ts';

/** A pack plan as the vault's state holds it, named by the version of the change that published it. */
export interface PackPlanRecord extends Omit<PackPlanChange, 'do'> {
  readonly version: Version;
}

/** One record. A file's content comes with its chunks; folders and links have none. */
export type SnapshotItem =
  | { readonly kind: 'node'; readonly node: VersionedNode; readonly content: Content | undefined }
  | { readonly kind: 'conflict'; readonly conflict: ConflictRecord }
  | { readonly kind: 'pack'; readonly directory: PackDirectory }
  | { readonly kind: 'plan'; readonly plan: PackPlanRecord };

export type SnapshotKind = SnapshotItem['kind'];

/** More than any record can have: the largest is a pack plan. */
const recordMaxBytes = 2 * 1024 * 1024;
const chunkIdBytes = 32;

/** Records of one kind stand in ascending order of their keys, each key once. */
export function keyOf(item: SnapshotItem): string {
  switch (item.kind) {
    case 'node':
      return item.node.id;
    case 'conflict':
      return item.conflict.copy;
    case 'pack':
      return item.directory.pack;
    case 'plan':
      return item.plan.version;
    default:
      return unreachable(item);
  }
}

/** A record in its one encoding; a node's and a conflict's is what the state root sums up. */
export function recordOf(item: SnapshotItem): Uint8Array {
  switch (item.kind) {
    case 'node':
      return nodeRecord(item.node);
    case 'conflict':
      return conflictRecord(item.conflict);
    case 'pack':
      return encode([recordNumbers.pack, ...wirePackDirectory(item.directory)]);
    case 'plan':
      return encode([recordNumbers.plan, wireVersion(item.plan.version), wirePackIds(item.plan.packs), item.plan.notBeforeMs]);
    default:
      return unreachable(item);
  }
}

/** `u32 length ‖ record ‖ u8 chunks ‖ u8 list chunks ‖ their ids`: chunks as in a change, beside the record of the root. */
export function encodeItem(item: SnapshotItem, record: Uint8Array): Uint8Array {
  const content = item.kind === 'node' ? item.content : undefined;
  const inline = content === undefined ? [] : inlineChunksOf(content);
  const lists = content?.listChunks ?? [];
  return concatBytes([
    u32(record.byteLength),
    record,
    Uint8Array.of(inline.length, lists.length),
    wireChunkIds(inline),
    wireChunkIds(lists),
  ]);
}

/** An item that was read, its record as it stood there, and where it ends. */
export interface ReadItem {
  readonly item: SnapshotItem;
  readonly record: Uint8Array;
  readonly end: number;
}

/** The item of that kind that begins at `at`. Throws E_FORMAT or E_LIMIT where there is no proper one. */
export function readItem(kind: SnapshotKind, bytes: Uint8Array, at: number): ReadItem {
  const start = at + 4;
  const length = start <= bytes.byteLength ? readU32(bytes, at) : 0;
  if (length > recordMaxBytes) throw new Failure('E_LIMIT', `a record of ${length} bytes`);
  const [inlineCount = 0, listCount = 0] = bytes.subarray(start + length, start + length + 2);
  const inlineAt = start + length + 2;
  const listsAt = inlineAt + inlineCount * chunkIdBytes;
  const end = listsAt + listCount * chunkIdBytes;
  if (length === 0 || end > bytes.byteLength) throw new Failure('E_FORMAT', 'a snapshot that ends in the middle of a record');
  if (kind !== 'node' && inlineCount + listCount > 0) throw new Failure('E_FORMAT', 'chunks where there is no file');
  const record = bytes.subarray(start, start + length);
  const fields = decodeStrict(record, recordMaxBytes);
  const item =
    kind === 'node' ? readNode(fields, bytes.subarray(inlineAt, listsAt), bytes.subarray(listsAt, end)) : readOther(kind, fields);
  return { item, record, end };
}

function readNode(fields: unknown, inline: Uint8Array, lists: Uint8Array): SnapshotItem {
  checkNumber(fields, 'node');
  const node = readNodeRecord(fields);
  const inlineChunks = readChunkIds(inline, limits.inlineChunksMax);
  const listChunks = readChunkIds(lists, limits.listChunksMax);
  if (node.state.kind === 'file') return { kind: 'node', node, content: contentOf(node.state.content, inlineChunks, listChunks) };
  if (inlineChunks.length + listChunks.length > 0) throw new Failure('E_FORMAT', 'chunks where there is no file');
  return { kind: 'node', node, content: undefined };
}

function readOther(kind: Exclude<SnapshotKind, 'node'>, fields: unknown): SnapshotItem {
  checkNumber(fields, kind);
  switch (kind) {
    case 'conflict':
      return { kind, conflict: readConflictRecord(fields) };
    case 'pack':
      return { kind, directory: readPackDirectory(readTuple(fields, 5).slice(1)) };
    case 'plan': {
      const [, version, packs, notBefore] = readTuple(fields, 4);
      return {
        kind,
        plan: { version: readVersion(version), packs: readPackIds(packs, wireLimits.planPacksMax), notBeforeMs: readTimeMs(notBefore) },
      };
    }
    default:
      return unreachable(kind);
  }
}

function checkNumber(fields: unknown, kind: SnapshotKind): void {
  if (!Array.isArray(fields) || fields[0] !== recordNumbers[kind]) throw new Failure('E_FORMAT', 'a record of another kind than its part');
}
