/** Identities, versions, names and vectors as they stand in CBOR (FORMAT.md, section 1). */
import { compareBytes, toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { SeenVector } from '../../model/change.ts';
import { entryName, findEntryNameParts, parseId, versionOf } from '../../model/ids.ts';
import type { ChunkId, DeviceId, EntryHash, EntryName, PackId, Version } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { nameFromBytes, nameToBytes } from '../../model/name.ts';
import type { NodeName } from '../../model/name.ts';
import { readArray, readBytes, readInt, readTuple } from '../cbor.ts';
import type { CborValue } from '../cbor.ts';
import { wireLimits } from './wire-limits.ts';

type IdKind = Parameters<typeof parseId>[0];
type IdOf<Kind extends IdKind> = ReturnType<typeof parseId<Kind>>;

const idBytes = {
  NodeId: 16,
  DeviceId: 16,
  SlotId: 16,
  PackId: 16,
  VaultId: 32,
  ChunkId: 32,
  ContentId: 32,
  EntryHash: 32,
  KeyListHash: 32,
  StateRoot: 32,
} as const satisfies Record<IdKind, number>;

const tagBytes = 8;
const versionIndexMax = 65_535;

/** The raw bytes of any identity, or of several joined. Throws E_FAILED where it is not hex: our own mistake. */
export function bytesOfId(hex: string): Uint8Array {
  const bytes = Buffer.from(hex, 'hex');
  // Reading hex stops where it is none.
  if (2 * bytes.length !== hex.length) throw new Failure('E_FAILED', 'an identity that is not hexadecimal');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An identity of that kind, from its raw bytes. Throws E_FORMAT. */
export function readId<Kind extends IdKind>(kind: Kind, value: unknown): IdOf<Kind> {
  return parseId(kind, toHex(readBytes(value, idBytes[kind])));
}

/** What `read` gives; undefined for null. */
export function readOptional<Value>(value: unknown, read: (value: unknown) => Value): Value | undefined {
  return value === null ? undefined : read(value);
}

/** `[lamport, tag]`. */
export function wireEntryName(name: EntryName): CborValue {
  const parts = findEntryNameParts(name);
  if (parts === undefined) throw new Failure('E_FAILED', 'not the name of an entry');
  return [parts.lamport, bytesOfId(parts.tag)];
}

export function readEntryName(value: unknown): EntryName {
  const [lamport, tag] = readTuple(value, 2);
  return entryName(readLamport(lamport), toHex(readBytes(tag, tagBytes)));
}

export function readLamport(value: unknown): number {
  return readInt(value, { min: 1, max: limits.lamportMax });
}

export function readEpoch(value: unknown): number {
  return readInt(value, { min: 1, max: limits.epochMax });
}

/** `[lamport, tag, index]`. A version has fixed places (once for every node of a snapshot: no patterns here). */
export function wireVersion(version: Version): CborValue {
  const lamport = Number(version.slice(0, 12));
  const index = Number(version.slice(30));
  const isOne = version[12] === '-' && version[29] === ':' && lamport >= 1 && index <= versionIndexMax;
  if (!isOne) throw new Failure('E_FAILED', 'not a version');
  return [lamport, bytesOfId(version.slice(13, 29)), index];
}

export function readVersion(value: unknown): Version {
  const [lamport, tag, index] = readTuple(value, 3);
  const entry = entryName(readLamport(lamport), toHex(readBytes(tag, tagBytes)));
  return versionOf(entry, readInt(index, { min: 0, max: versionIndexMax }));
}

/** The bytes of a name or link text. Throws E_LIMIT where no entry could carry it. */
export function wireText(text: string): Uint8Array {
  const bytes = nameToBytes(text);
  if (bytes.byteLength > wireLimits.textMaxBytes) throw new Failure('E_LIMIT', `a name longer than ${wireLimits.textMaxBytes} bytes`);
  return bytes;
}

/** A name or link text: any bytes, unsafe ones too. Judging it is for those who would write it to a disk. */
export function readName(value: unknown): NodeName {
  return nameFromBytes(readBytes(value, { max: wireLimits.textMaxBytes }));
}

/** Devices in ascending order: `[[device, counter, hash], …]`. */
export function wireVector(vector: SeenVector): CborValue {
  if (vector.size > wireLimits.vectorMax) throw new Failure('E_LIMIT', `a vector of ${vector.size} devices`);
  return [...vector]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([device, { counter, hash }]) => [bytesOfId(device), counter, bytesOfId(hash)]);
}

export function readVector(value: unknown): SeenVector {
  const vector = new Map<DeviceId, { readonly counter: number; readonly hash: EntryHash }>();
  let last: Uint8Array | undefined;
  for (const item of readArray(value, wireLimits.vectorMax)) {
    const [device, counter, hash] = readTuple(item, 3);
    const raw = readBytes(device, idBytes.DeviceId);
    if (last !== undefined && compareBytes(last, raw) >= 0) throw new Failure('E_FORMAT', 'devices of a vector are not in order');
    last = raw;
    vector.set(readId('DeviceId', raw), {
      counter: readInt(counter, { min: 1, max: wireLimits.countMax }),
      hash: readId('EntryHash', hash),
    });
  }
  return vector;
}

/** Chunk ids, one after the other. */
export function wireChunkIds(ids: readonly ChunkId[]): Uint8Array {
  return bytesOfId(ids.join(''));
}

/** Throws E_LIMIT above `max` ids, E_FORMAT where the bytes don't come out even. */
export function readChunkIds(value: unknown, max: number): ChunkId[] {
  return readIds(value, { bytes: idBytes.ChunkId, max }) as ChunkId[];
}

/** Pack ids, one after the other. */
export function wirePackIds(ids: readonly PackId[]): Uint8Array {
  return bytesOfId(ids.join(''));
}

/** Throws E_LIMIT above `max` ids, E_FORMAT where the bytes don't come out even. */
export function readPackIds(value: unknown, max: number): PackId[] {
  return readIds(value, { bytes: idBytes.PackId, max }) as PackId[];
}

function readIds(value: unknown, { bytes, max }: { readonly bytes: number; readonly max: number }): string[] {
  const hex = toHex(readBytes(value, { max: max * bytes }));
  const digits = 2 * bytes;
  if (hex.length % digits !== 0) throw new Failure('E_FORMAT', 'a list of identities that ends in the middle of one');
  const ids: string[] = [];
  for (let at = 0; at < hex.length; at += digits) ids.push(hex.slice(at, at + digits));
  return ids;
}

/** Milliseconds since 1970, as far as a Date reaches. */
export function readTimeMs(value: unknown): number {
  return readInt(value, { min: -wireLimits.timeMaxMs, max: wireLimits.timeMaxMs });
}
