/** A pack's own directory, read without the journal: for verifying and for rescue. */
import { Failure } from '../../base/failure.ts';
import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import { readObjectHeader } from '../../crypto/object-header.ts';
import { packTypeByte } from '../../crypto/sealed-types.ts';
import type { PackDirectory } from '../../model/change.ts';
import type { PackId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { Sealing } from '../sealing.ts';
import { firstChunkOffset, trailerBytes } from './pack-layout.ts';
import { packName } from './pack-name.ts';
import { openDirectory, openTrailer } from './pack-seals.ts';
import type { PackTrailer } from './pack-seals.ts';

/** The bytes of a pack from `start` on; exactly so many, or it throws. */
export type ReadPackBytes = (start: number, length: number) => Promise<Uint8Array>;

/** Keys of an epoch; undefined where this device has none for it. */
export type KeysOf = (epoch: number) => EpochKeys | undefined;

/** A pack whose size is known, and how to get at its bytes. */
export interface PackSource {
  readonly pack: PackId;
  readonly sizeBytes: number;
  readonly read: ReadPackBytes;
}

/**
 * The directory of a pack in the store, by reading its header, its trailer and its directory alone (as bytes: the caller
 * rounds to blocks). Throws E_TAMPER where it is not this pack or was changed, shortened or extended, E_FORMAT where it is
 * no pack, E_LIMIT for too large a one, E_EPOCH where its keys are not known here.
 */
export async function fetchPackDirectory(sealing: Sealing, keysOf: KeysOf, source: PackSource): Promise<PackDirectory> {
  const { pack, sizeBytes, read } = source;
  checkPackSize(pack, sizeBytes);
  const keys = keysOfPack(keysOf, pack, await read(0, firstChunkOffset));
  const trailer = openTrailer(sealing, keys, pack, await read(sizeBytes - trailerBytes, trailerBytes));
  checkTrailer(pack, sizeBytes, trailer);
  const sealed = await read(trailer.directoryOffset, trailer.directoryBytes);
  return checkedDirectory(source, keys.epoch, { trailer, chunks: openDirectory(sealing, keys, pack, sealed) });
}

/** The same of a pack that is in memory. */
export function parsePackDirectory(sealing: Sealing, keysOf: KeysOf, pack: PackId, bytes: Uint8Array): PackDirectory {
  const sizeBytes = bytes.byteLength;
  checkPackSize(pack, sizeBytes);
  const keys = keysOfPack(keysOf, pack, bytes);
  const trailer = openTrailer(sealing, keys, pack, bytes.subarray(sizeBytes - trailerBytes));
  checkTrailer(pack, sizeBytes, trailer);
  const sealed = bytes.subarray(trailer.directoryOffset, trailer.directoryOffset + trailer.directoryBytes);
  return checkedDirectory({ pack, sizeBytes }, keys.epoch, { trailer, chunks: openDirectory(sealing, keys, pack, sealed) });
}

function checkPackSize(pack: PackId, sizeBytes: number): void {
  const subject = packName(pack);
  if (sizeBytes > limits.packMaxBytes) throw new Failure('E_LIMIT', `a pack of ${sizeBytes} bytes`, { subject });
  if (sizeBytes < limits.packMinBytes) throw new Failure('E_FORMAT', `a pack of ${sizeBytes} bytes`, { subject });
}

function keysOfPack(keysOf: KeysOf, pack: PackId, start: Uint8Array): EpochKeys {
  const subject = packName(pack);
  const { typeByte, epoch } = readObjectHeader(start, subject);
  if (typeByte !== packTypeByte) throw new Failure('E_FORMAT', 'not a pack', { subject });
  const keys = keysOf(epoch);
  if (keys === undefined) throw new Failure('E_EPOCH', `no keys for epoch ${epoch} on this device`, { subject });
  return keys;
}

/** The directory ends where the trailer begins: nothing can be put between or behind them. */
function checkTrailer(pack: PackId, sizeBytes: number, { directoryOffset, directoryBytes }: PackTrailer): void {
  if (directoryOffset < firstChunkOffset || directoryOffset + directoryBytes + trailerBytes !== sizeBytes) {
    throw new Failure('E_TAMPER', 'a pack of another size than it was written with', { subject: packName(pack) });
  }
}

function checkedDirectory(
  { pack, sizeBytes }: Omit<PackSource, 'read'>,
  epoch: number,
  { trailer, chunks }: { readonly trailer: PackTrailer; readonly chunks: PackDirectory['chunks'] },
): PackDirectory {
  const last = chunks.at(-1);
  const chunksEnd = last === undefined ? firstChunkOffset : last.offset + last.sealedBytes;
  if (chunks.length !== trailer.chunkCount || chunksEnd !== trailer.directoryOffset) {
    throw new Failure('E_FORMAT', 'a pack whose directory does not fit its chunks', { subject: packName(pack) });
  }
  return { pack, epoch, sizeBytes, chunks };
}
