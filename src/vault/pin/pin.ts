/**
 * What a device has seen of its vault, so that no store can show it less (FORMAT.md, section 5). Written before changes
 * from the store are applied.
 */
import type { SeenVector } from '../../model/change.ts';
import type { EntryHash, KeyListHash, VaultId } from '../../model/ids.ts';
import { decodeStrict, encode, readInt, readTuple } from '../cbor.ts';
import { bytesOfId, readEpoch, readId, readLamport, readOptional, readVector, wireVector } from '../entry/wire-ids.ts';
import { keyListLimits } from '../keyring/key-list-limits.ts';

/** The newest checkpoint that a device has folded. */
export interface PinnedCheckpoint {
  /** Up to which Lamport number it is complete. */
  readonly lamport: number;
  /** Hash of the entry that holds it. */
  readonly hash: EntryHash;
}

/** The pin. */
export interface Pin {
  readonly vaultId: VaultId;
  /** Highest format version seen in this vault; never goes down. */
  readonly format: number;
  readonly vector: SeenVector;
  readonly keyListHash: KeyListHash;
  readonly keyListGeneration: number;
  readonly epoch: number;
  readonly checkpoint: PinnedCheckpoint | undefined;
}

/** The format that this program writes. */
export const pinFormat = 1;
/** 1,024 devices take 60 KiB. */
const pinMaxBytes = 128 * 1024;

/** The pin's bytes; the same pin has one encoding. */
export function encodePin(pin: Pin): Uint8Array {
  return encode([
    1,
    bytesOfId(pin.vaultId),
    pin.format,
    wireVector(pin.vector),
    bytesOfId(pin.keyListHash),
    pin.keyListGeneration,
    pin.epoch,
    pin.checkpoint === undefined ? null : [pin.checkpoint.lamport, bytesOfId(pin.checkpoint.hash)],
  ]);
}

/** Throws E_FORMAT or E_LIMIT for anything that `encodePin` does not write. */
export function parsePin(bytes: Uint8Array): Pin {
  const [version, vaultId, format, vector, hash, generation, epoch, checkpoint] = readTuple(decodeStrict(bytes, pinMaxBytes), 8);
  readInt(version, { min: 1, max: 1 });
  return {
    vaultId: readId('VaultId', vaultId),
    format: readInt(format, { min: 1, max: 255 }),
    vector: readVector(vector),
    keyListHash: readId('KeyListHash', hash),
    keyListGeneration: readInt(generation, { min: 1, max: keyListLimits.generationMax }),
    epoch: readEpoch(epoch),
    checkpoint: readOptional(checkpoint, parseCheckpoint),
  };
}

/**
 * The newer of two copies of one device's pin: that which holds all that the other does. Undefined where neither does, or
 * where they are of different vaults: then they were never copies of one another.
 */
export function newerPin(a: Pin, b: Pin): Pin | undefined {
  if (extendsPin(a, b)) return a;
  return extendsPin(b, a) ? b : undefined;
}

function extendsPin(newer: Pin, older: Pin): boolean {
  const grows = (now: number, before: number, isSame: () => boolean): boolean => now > before || (now === before && isSame());
  const vectorGrows = [...older.vector].every(([device, before]) => {
    const now = newer.vector.get(device);
    return now !== undefined && grows(now.counter, before.counter, () => now.hash === before.hash);
  });
  const checkpointGrows =
    older.checkpoint === undefined ||
    (newer.checkpoint !== undefined &&
      grows(newer.checkpoint.lamport, older.checkpoint.lamport, () => newer.checkpoint?.hash === older.checkpoint?.hash));
  return (
    newer.vaultId === older.vaultId &&
    newer.format >= older.format &&
    newer.epoch >= older.epoch &&
    vectorGrows &&
    checkpointGrows &&
    grows(newer.keyListGeneration, older.keyListGeneration, () => newer.keyListHash === older.keyListHash)
  );
}

function parseCheckpoint(value: unknown): PinnedCheckpoint {
  const [lamport, hash] = readTuple(value, 2);
  return { lamport: readLamport(lamport), hash: readId('EntryHash', hash) };
}
