/** A chunk as bytes: named, coded, sealed (FORMAT.md, section 7.2). */
import { concatBytes, toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import { labels } from '../../crypto/labels.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import type { Purpose } from '../../crypto/seal.ts';
import { readU32, u32 } from '../../crypto/u32.ts';
import type { ChunkId, PackId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { bytesOfId } from '../entry/wire-ids.ts';
import { packName } from '../pack/pack-name.ts';
import type { Sealing } from '../sealing.ts';
import { zstdCompress, zstdExpand } from './zstd.ts';
import { checkZstdFrame } from './zstd-frame.ts';

const rawFlag = 0;
const zstdFlag = 1;
const zstdHeadBytes = 5;
const windowLogMax = 23;
/** Compression is kept where it saves a twentieth; less is not worth expanding it again. */
const worthwhile = 0.95;
const sampleBytes = 32 * 1024;

/** Name of a chunk: a keyed hash of its plaintext. */
export function chunkIdOf(primitives: Primitives, keys: EpochKeys, plain: Uint8Array): ChunkId {
  return toHex(primitives.blake2b(32, [labels.chunkId, plain], keys.chunkIdKey)) as ChunkId;
}

/** The parts of the coded chunk, in order: flag, length where compressed, data. Nothing is copied where it stays raw. */
export function encodeChunk(plain: Uint8Array): readonly Uint8Array[] {
  const packed = compress(plain);
  return packed === undefined ? [Uint8Array.of(rawFlag), plain] : [Uint8Array.of(zstdFlag), u32(plain.byteLength), packed];
}

/**
 * The plaintext of a coded chunk of `plainBytes` bytes. Throws E_LIMIT where it would expand to more or asks for too much
 * memory, E_FORMAT where it is not a coded chunk of that length.
 */
export function decodeChunk(coded: Uint8Array, plainBytes: number): Uint8Array {
  if (plainBytes > limits.chunkMaxBytes) throw new Failure('E_LIMIT', `a chunk of ${plainBytes} bytes`);
  if (coded[0] === rawFlag) {
    if (coded.byteLength !== 1 + plainBytes) throw new Failure('E_FORMAT', 'a chunk of another length than it should have');
    return coded.subarray(1);
  }
  if (coded[0] !== zstdFlag || coded.byteLength < zstdHeadBytes) throw new Failure('E_FORMAT', 'not a chunk');
  const declared = readU32(coded, 1);
  if (declared > plainBytes) throw new Failure('E_LIMIT', 'a chunk that says it is longer than it should be');
  if (declared < plainBytes) throw new Failure('E_FORMAT', 'a chunk of another length than it should have');
  return expand(coded.subarray(zstdHeadBytes), plainBytes);
}

/** Where a chunk stands: it opens nowhere else. */
export interface ChunkSpot {
  readonly pack: PackId;
  readonly ordinal: number;
}

/** A chunk that is sealed at a spot, and what it must turn out to be. */
export interface ExpectedChunk extends ChunkSpot {
  readonly chunk: ChunkId;
  readonly plainBytes: number;
}

/** A chunk to be sealed. */
export interface NamedChunk {
  /** Its id, which the caller has from looking whether it is stored already. */
  readonly chunk: ChunkId;
  readonly plain: Uint8Array;
}

/**
 * Codes and seals a chunk for its spot. Written to the start of `into`, which has room for the most that it may come to
 * (pack-layout.ts), or else to an array of its own.
 */
export function sealChunk(
  sealing: Sealing,
  keys: EpochKeys,
  spot: ChunkSpot,
  { chunk, plain, into }: NamedChunk & { readonly into?: Uint8Array },
): Uint8Array {
  const options = { digest: bytesOfId(chunk), ...(into === undefined ? {} : { into }) };
  return sealing.seals.sealBare(keys, chunkPurpose(sealing, keys, spot), encodeChunk(plain), options);
}

/**
 * The plaintext of a sealed chunk, proven to be the one expected. Throws E_TAMPER where it does not open at this spot or
 * is another chunk, E_LIMIT or E_FORMAT where what was sealed is no proper chunk.
 */
export function openChunk(sealing: Sealing, keys: EpochKeys, expected: ExpectedChunk, sealed: Uint8Array): Uint8Array {
  return proveChunk(sealing, keys, expected, unsealChunk(sealing, keys, expected, sealed));
}

/** What somebody of the vault sealed at this spot, whatever it is. Throws E_TAMPER where it does not open: the store's bytes are not those. */
export function unsealChunk(sealing: Sealing, keys: EpochKeys, spot: ChunkSpot, sealed: Uint8Array): Uint8Array {
  return sealing.seals.openBare(keys, chunkPurpose(sealing, keys, spot), sealed, packName(spot.pack));
}

/** As `unsealChunk`, in the memory of `sealed`, which holds it no more then. */
export function unsealChunkInPlace(sealing: Sealing, keys: EpochKeys, spot: ChunkSpot, sealed: Uint8Array): Uint8Array {
  return sealing.seals.openBareInPlace(keys, chunkPurpose(sealing, keys, spot), sealed, packName(spot.pack));
}

/**
 * The plaintext of what was sealed. Throws E_TAMPER where that is another chunk than the vault says, E_LIMIT or E_FORMAT where it is
 * none: whoever sealed it lied.
 */
export function proveChunk(
  { primitives }: Sealing,
  keys: EpochKeys,
  { pack, chunk, plainBytes }: ExpectedChunk,
  coded: Uint8Array,
): Uint8Array {
  const plain = decodeChunk(coded, plainBytes);
  if (chunkIdOf(primitives, keys, plain) !== chunk) {
    throw new Failure('E_TAMPER', 'another chunk than the vault says', { subject: packName(pack) });
  }
  return plain;
}

function chunkPurpose({ vaultId }: Sealing, { epoch }: EpochKeys, { pack, ordinal }: ChunkSpot): Purpose {
  return { type: 'chunk', vaultId, epoch, context: concatBytes([bytesOfId(pack), u32(ordinal)]) };
}

function compress(plain: Uint8Array): Uint8Array | undefined {
  const most = Math.floor((1 + plain.byteLength) * worthwhile) - zstdHeadBytes;
  return most < 1 || !looksCompressible(plain) ? undefined : zstdCompress(plain, most);
}

/** Two samples tell of most incompressible chunks (pictures, archives, films) for a fraction of the work. */
function looksCompressible(plain: Uint8Array): boolean {
  if (plain.byteLength <= 4 * sampleBytes) return true;
  const middle = plain.byteLength >>> 1;
  return gains(plain.subarray(0, sampleBytes)) || gains(plain.subarray(middle, middle + sampleBytes));
}

function gains(sample: Uint8Array): boolean {
  return zstdCompress(sample, Math.floor(sample.byteLength * worthwhile)) !== undefined;
}

function expand(packed: Uint8Array, plainBytes: number): Uint8Array {
  const { contentBytes } = checkZstdFrame(packed, { windowLogMax, maxBytes: plainBytes });
  if (contentBytes !== plainBytes) throw new Failure('E_FORMAT', 'a chunk of another length than it should have');
  const plain = zstdExpand(packed, plainBytes);
  if (plain === undefined) throw new Failure('E_FORMAT', 'a chunk that does not expand');
  // Within the bound, a frame can still break its own promise.
  if (plain.byteLength !== plainBytes) throw new Failure('E_FORMAT', 'a chunk of another length than it should have');
  return plain;
}
