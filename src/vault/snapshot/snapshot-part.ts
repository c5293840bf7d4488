/** One part of a snapshot: `u8 version ‖ u8 kind ‖ u32 count ‖ records`, sealed and padded (FORMAT.md, section 8.2). */
import { concatBytes, toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import { padClass } from '../../crypto/padding.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { readU32, u32 } from '../../crypto/u32.ts';
import { recordNumbers } from '../entry/node-record.ts';
import type { Sealing } from '../sealing.ts';
import { openSnapshotObject, snapshotPurpose } from './manifest.ts';
import type { SnapshotPart } from './manifest.ts';
import { keyOf, readItem } from './snapshot-item.ts';
import type { ReadItem, SnapshotKind } from './snapshot-item.ts';

const partVersion = 1;

/** Bytes before the first record. */
export const partHeadBytes = 6;

/** The records of a part, joined. */
export function joinPart(kind: SnapshotKind, items: readonly Uint8Array[]): Uint8Array {
  return concatBytes([Uint8Array.of(partVersion, recordNumbers[kind]), u32(items.length), ...items]);
}

export function sealPart(sealing: Sealing, keys: EpochKeys, name: string, plain: Uint8Array): Uint8Array {
  return sealing.seals.seal(keys, snapshotPurpose('snapshot-part', sealing.vaultId, keys.epoch, name), plain, {
    paddedBytes: padClass(plain.byteLength),
  });
}

/** BLAKE2b-256, hex. */
export function partHash(primitives: Primitives, bytes: Uint8Array): string {
  return toHex(primitives.blake2b(32, [bytes]));
}

/** Whether these are the bytes of that part: if not, asking the store again may help. */
export function isPart(primitives: Primitives, part: SnapshotPart, bytes: Uint8Array): boolean {
  return bytes.byteLength === part.sizeBytes && partHash(primitives, bytes) === part.objectHash;
}

/**
 * The records of a part, one by one. Throws E_TAMPER where the bytes are not those that the manifest names or don't open,
 * E_FORMAT or E_LIMIT where they hold something else than the manifest says or keys don't ascend.
 */
export function* openPart(
  sealing: Sealing,
  keysOf: (epoch: number) => EpochKeys | undefined,
  part: SnapshotPart,
  bytes: Uint8Array,
): Generator<ReadItem, void> {
  const subject = part.name;
  if (!isPart(sealing.primitives, part, bytes)) throw new Failure('E_TAMPER', 'not the part that the snapshot names', { subject });
  const plain = openSnapshotObject(sealing, keysOf, { type: 'snapshot-part', name: part.name }, bytes);
  const isAsSaid =
    plain.byteLength >= partHeadBytes &&
    plain[0] === partVersion &&
    plain[1] === recordNumbers[part.kind] &&
    readU32(plain, 2) === part.items;
  if (!isAsSaid) throw new Failure('E_FORMAT', 'a part of a snapshot that is not as its list says', { subject });
  let at = partHeadBytes;
  let key: string | undefined;
  for (let index = 0; index < part.items; index += 1) {
    const read = readItem(part.kind, plain, at);
    const next = keyOf(read.item);
    if (key === undefined ? next !== part.first : next <= key)
      throw new Failure('E_FORMAT', 'records of a snapshot that are not in order', { subject });
    key = next;
    at = read.end;
    yield read;
  }
  if (at !== plain.byteLength || key !== part.last)
    throw new Failure('E_FORMAT', 'a part of a snapshot that is not as its list says', { subject });
}
