/** The sealed directory and trailer of a pack (FORMAT.md, section 7.3). */
import { concatBytes } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import type { Purpose } from '../../crypto/seal.ts';
import { sealedSize } from '../../crypto/seal.ts';
import { readU32, u32 } from '../../crypto/u32.ts';
import type { ChunkPlace } from '../../model/change.ts';
import type { PackId } from '../../model/ids.ts';
import { bytesOfId } from '../entry/wire-ids.ts';
import type { Sealing } from '../sealing.ts';
import { encodeChunkTable, parseChunkTable } from './chunk-table.ts';
import { trailerBytes } from './pack-layout.ts';
import { packName } from './pack-name.ts';

const trailerPlainBytes = 12;

/** Where the directory lies, as the trailer tells. */
export interface PackTrailer {
  readonly directoryOffset: number;
  readonly directoryBytes: number;
  readonly chunkCount: number;
}

/** Seals the table of chunks into exactly `sealedBytes` bytes: its padding fills the pack. */
export function sealDirectory(
  sealing: Sealing,
  keys: EpochKeys,
  pack: PackId,
  { chunks, sealedBytes }: { readonly chunks: readonly ChunkPlace[]; readonly sealedBytes: number },
): Uint8Array {
  return sealing.seals.sealBare(keys, purposeOf('pack-directory', sealing, keys, pack), encodeChunkTable(chunks), {
    paddedBytes: sealedBytes - sealedSize(0, 'bare'),
  });
}

/** Throws E_TAMPER where it is not this pack's directory, E_FORMAT or E_LIMIT where it is no proper one. */
export function openDirectory(sealing: Sealing, keys: EpochKeys, pack: PackId, sealed: Uint8Array): ChunkPlace[] {
  return parseChunkTable(sealing.seals.openBare(keys, purposeOf('pack-directory', sealing, keys, pack), sealed, packName(pack)));
}

/** Always `trailerBytes` long. */
export function sealTrailer(
  sealing: Sealing,
  keys: EpochKeys,
  pack: PackId,
  { directoryOffset, directoryBytes, chunkCount }: PackTrailer,
): Uint8Array {
  const plain = concatBytes([u32(directoryOffset), u32(directoryBytes), u32(chunkCount)]);
  return sealing.seals.sealBare(keys, purposeOf('pack-trailer', sealing, keys, pack), plain, {
    paddedBytes: trailerBytes - sealedSize(0, 'bare'),
  });
}

/** Throws E_TAMPER where it is not this pack's trailer. */
export function openTrailer(sealing: Sealing, keys: EpochKeys, pack: PackId, sealed: Uint8Array): PackTrailer {
  const plain = sealing.seals.openBare(keys, purposeOf('pack-trailer', sealing, keys, pack), sealed, packName(pack));
  if (plain.byteLength !== trailerPlainBytes) throw new Failure('E_FORMAT', 'not the end of a pack', { subject: packName(pack) });
  return { directoryOffset: readU32(plain, 0), directoryBytes: readU32(plain, 4), chunkCount: readU32(plain, 8) };
}

function purposeOf(type: 'pack-directory' | 'pack-trailer', { vaultId }: Sealing, { epoch }: EpochKeys, pack: PackId): Purpose {
  return { type, vaultId, epoch, context: bytesOfId(pack) };
}
