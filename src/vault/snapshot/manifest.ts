/** The list of a snapshot's parts (FORMAT.md, section 8.1). */
import { toHex, utf8 } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import { padClass } from '../../crypto/padding.ts';
import { readSealedHeader } from '../../crypto/seal.ts';
import type { Purpose } from '../../crypto/seal.ts';
import type { StateRoot, VaultId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { decodeStrict, encode, readArray, readBytes, readInt, readText, readTuple } from '../cbor.ts';
import type { CborValue } from '../cbor.ts';
import { recordNumbers } from '../entry/node-record.ts';
import { bytesOfId, readId, readLamport, readOptional } from '../entry/wire-ids.ts';
import { wireLimits } from '../entry/wire-limits.ts';
import type { Sealing } from '../sealing.ts';
import type { SnapshotKind } from './snapshot-item.ts';
import { snapshotName, snapshotTag } from './snapshot-name.ts';

/** One part: some records of one kind. */
export interface SnapshotPart {
  /** Object name. */
  readonly name: string;
  readonly kind: SnapshotKind;
  /** BLAKE2b-256 of the object, hex. */
  readonly objectHash: string;
  /** BLAKE2b-256 of what is sealed in it, hex: tells a later writer that this part can stay. */
  readonly plainHash: string;
  readonly sizeBytes: number;
  readonly items: number;
  /** Keys of the first and the last record. */
  readonly first: string;
  readonly last: string;
}

/** A snapshot: the state after all entries of the checkpoint that names it. */
export interface SnapshotManifest {
  /** The checkpoint's Lamport number. */
  readonly lamport: number;
  readonly root: StateRoot;
  /** undefined where the vault never said. */
  readonly retentionDays: number | undefined;
  /** By kind, then by key; ranges don't overlap. */
  readonly parts: readonly SnapshotPart[];
}

/** Kinds in the order in which they stand. */
const kinds = ['node', 'conflict', 'pack', 'plan'] as const satisfies readonly SnapshotKind[];

/** Plaintext that fits into an object of `snapshotPartMaxBytes`: the padded size is then at most 7 MiB. */
export const partPlainMaxBytes = 7 * 1024 * 1024 - 4;

const partsMax = 50_000;
const keyMaxBytes = 64;
const hashBytes = 32;
const tagBytes = 8;

export function sealManifest(sealing: Sealing, keys: EpochKeys, name: string, manifest: SnapshotManifest): Uint8Array {
  const { lamport, root, retentionDays, parts } = manifest;
  const plain = encode([1, lamport, bytesOfId(root), retentionDays ?? null, parts.map(wirePart)]);
  if (plain.byteLength > partPlainMaxBytes) throw new Failure('E_LIMIT', 'a snapshot of too many parts');
  return sealing.seals.seal(keys, snapshotPurpose('snapshot-manifest', sealing.vaultId, keys.epoch, name), plain, {
    paddedBytes: padClass(plain.byteLength),
  });
}

/**
 * The manifest in this object. Throws E_TAMPER where it does not open, E_EPOCH where its keys are not known here, E_LIMIT
 * or E_FORMAT where it is no manifest. Its root still has to be compared with the checkpoint's.
 */
export function openManifest(
  sealing: Sealing,
  keysOf: (epoch: number) => EpochKeys | undefined,
  name: string,
  bytes: Uint8Array,
): SnapshotManifest {
  const plain = openSnapshotObject(sealing, keysOf, { type: 'snapshot-manifest', name }, bytes);
  const [version, lamport, root, retention, parts] = readTuple(decodeStrict(plain, partPlainMaxBytes), 5);
  if (version !== 1) throw new Failure('E_FORMAT', 'a snapshot that this version of Cachette does not know', { subject: name });
  return {
    lamport: readLamport(lamport),
    root: readId('StateRoot', root),
    retentionDays: readOptional(retention, (days) => readInt(days, { min: 0, max: wireLimits.countMax })),
    parts: readParts(parts),
  };
}

/** Opens a manifest or a part: an object of at most 8 MiB under the keys of the epoch that it names. */
export function openSnapshotObject(
  sealing: Sealing,
  keysOf: (epoch: number) => EpochKeys | undefined,
  { type, name }: { readonly type: 'snapshot-manifest' | 'snapshot-part'; readonly name: string },
  bytes: Uint8Array,
): Uint8Array {
  if (bytes.byteLength > limits.snapshotPartMaxBytes)
    throw new Failure('E_LIMIT', `part of a snapshot of ${bytes.byteLength} bytes`, { subject: name });
  const { epoch } = readSealedHeader(bytes);
  const keys = keysOf(epoch);
  if (keys === undefined) throw new Failure('E_EPOCH', `no keys for epoch ${epoch} on this device`, { subject: name });
  return sealing.seals.open(keys, snapshotPurpose(type, sealing.vaultId, epoch, name), bytes, name);
}

export function snapshotPurpose(type: 'snapshot-manifest' | 'snapshot-part', vaultId: VaultId, epoch: number, name: string): Purpose {
  return { type, vaultId, epoch, context: utf8(name) };
}

function wirePart({ name, kind, objectHash, plainHash, sizeBytes, items, first, last }: SnapshotPart): CborValue {
  return [bytesOfId(snapshotTag(name)), recordNumbers[kind], bytesOfId(objectHash), bytesOfId(plainHash), sizeBytes, items, first, last];
}

function readParts(value: unknown): SnapshotPart[] {
  const parts = readArray(value, partsMax).map(readPart);
  const names = new Set(parts.map(({ name }) => name));
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1];
    const isInOrder =
      before === undefined ||
      recordNumbers[before.kind] < recordNumbers[part.kind] ||
      (before.kind === part.kind && before.last < part.first);
    if (!isInOrder || part.first > part.last) throw new Failure('E_FORMAT', 'parts of a snapshot that are not in order');
  }
  if (names.size !== parts.length) throw new Failure('E_FORMAT', 'a part of a snapshot that is there twice');
  return parts;
}

function readPart(value: unknown): SnapshotPart {
  const [tag, number, objectHash, plainHash, size, items, first, last] = readTuple(value, 8);
  const kind = kinds.find((known) => recordNumbers[known] === number);
  if (kind === undefined) throw new Failure('E_FORMAT', 'a part of a snapshot that this version of Cachette does not know');
  return {
    name: snapshotName(toHex(readBytes(tag, tagBytes))),
    kind,
    objectHash: toHex(readBytes(objectHash, hashBytes)),
    plainHash: toHex(readBytes(plainHash, hashBytes)),
    sizeBytes: readInt(size, { min: 1, max: limits.snapshotPartMaxBytes }),
    items: readInt(items, { min: 1, max: partPlainMaxBytes }),
    first: readText(first, keyMaxBytes),
    last: readText(last, keyMaxBytes),
  };
}
