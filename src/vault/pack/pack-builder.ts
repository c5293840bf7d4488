import { Failure } from '../../base/failure.ts';
import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import { objectHeader } from '../../crypto/object-header.ts';
import { packTypeByte } from '../../crypto/sealed-types.ts';
import type { ChunkPlace, PackDirectory } from '../../model/change.ts';
import type { ChunkId, PackId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { chunkIdOf, sealChunk } from '../chunk/chunk-codec.ts';
import type { Sealing } from '../sealing.ts';
import { firstChunkOffset, mostSealedBytes, packMaxChunks, paddedPackBytes, trailerBytes, unpaddedPackBytes } from './pack-layout.ts';
import { packName } from './pack-name.ts';
import { sealDirectory, sealTrailer } from './pack-seals.ts';

/** A chunk that was sealed for an ordinal of the pack. */
export interface SealedChunk {
  readonly chunk: ChunkId;
  readonly plainBytes: number;
  readonly sealed: Uint8Array;
}

/** A pack that is ready to be put: the parts in order make up the object. */
export interface FinishedPack {
  readonly name: string;
  readonly parts: readonly Uint8Array[];
  readonly directory: PackDirectory;
}

/**
 * Gathers sealed chunks into one pack. A chunk is bound to its ordinal, so ordinals are given out before sealing (in
 * whatever thread that happens), and the sealed bytes come back in whatever order they are ready.
 */
export class PackBuilder {
  readonly pack: PackId;
  readonly #sealing: Sealing;
  readonly #keys: EpochKeys;
  /** By ordinal; what is given out and not yet back is the number of bytes kept free for it. */
  readonly #slots: (SealedChunk | number)[] = [];
  /** Bytes of all chunks, counting what is kept free. */
  #chunkBytes = 0;
  #waiting = 0;

  constructor(sealing: Sealing, keys: EpochKeys, pack: PackId) {
    this.pack = pack;
    this.#sealing = sealing;
    this.#keys = keys;
  }

  get epoch(): number {
    return this.#keys.epoch;
  }

  /** Ordinals given out whose chunks are not back yet. */
  get waiting(): number {
    return this.#waiting;
  }

  get chunkCount(): number {
    return this.#slots.length;
  }

  /** Whether it is worth having another pack open beside it. */
  get isHalfFull(): boolean {
    return this.#chunkBytes * 2 >= limits.packTargetBytes || this.#slots.length * 2 >= packMaxChunks;
  }

  /** Whether it has reached its size and should be finished, once nothing is waited for. */
  get isFull(): boolean {
    return this.#chunkBytes >= limits.packTargetBytes || this.#slots.length >= packMaxChunks;
  }

  /** The ordinal for a chunk of this many plain bytes; undefined where the pack is full or might not hold it. */
  reserve(plainBytes: number): number | undefined {
    const most = mostSealedBytes(plainBytes);
    const withIt = unpaddedPackBytes(this.#chunkBytes + most, this.#slots.length + 1);
    if (this.isFull || withIt > limits.packMaxBytes) return undefined;
    this.#chunkBytes += most;
    this.#waiting += 1;
    return this.#slots.push(most) - 1;
  }

  /** Takes in what was sealed for an ordinal. Keeps the bytes: they must not be written to again. */
  add(ordinal: number, chunk: SealedChunk): void {
    const kept = this.#slots[ordinal];
    if (typeof kept !== 'number' || chunk.sealed.byteLength > kept)
      throw new Failure('E_FAILED', 'a chunk that this pack does not wait for');
    this.#slots[ordinal] = chunk;
    this.#chunkBytes += chunk.sealed.byteLength - kept;
    this.#waiting -= 1;
  }

  /** The chunk for this ordinal will not come: a chunk of a single zero byte stands there, which no file refers to. */
  abandon(ordinal: number): void {
    const plain = new Uint8Array(1);
    const chunk = chunkIdOf(this.#sealing.primitives, this.#keys, plain);
    this.add(ordinal, {
      chunk,
      plainBytes: 1,
      sealed: sealChunk(this.#sealing, this.#keys, { pack: this.pack, ordinal }, { chunk, plain }),
    });
  }

  /** Closes the pack: padded with Padmé to at least 16 KiB, its directory and trailer sealed. Nothing may be waited for. */
  finish(): FinishedPack {
    const filled = this.#slots.filter((slot) => typeof slot !== 'number');
    if (filled.length === 0 || this.#waiting > 0) throw new Failure('E_FAILED', 'a pack that is not ready to be finished');
    const sealedParts = filled.map(({ sealed }) => sealed);
    const sizeBytes = paddedPackBytes(this.#chunkBytes, filled.length);
    const directoryOffset = firstChunkOffset + this.#chunkBytes;
    const directoryBytes = sizeBytes - trailerBytes - directoryOffset;
    const chunks = placed(filled);
    const directory = sealDirectory(this.#sealing, this.#keys, this.pack, { chunks, sealedBytes: directoryBytes });
    const trailer = sealTrailer(this.#sealing, this.#keys, this.pack, { directoryOffset, directoryBytes, chunkCount: chunks.length });
    return {
      name: packName(this.pack),
      parts: [objectHeader(packTypeByte, this.epoch), ...sealedParts, directory, trailer],
      directory: { pack: this.pack, epoch: this.epoch, sizeBytes, chunks },
    };
  }
}

/** One chunk after the other, from behind the header on. */
function placed(chunks: readonly SealedChunk[]): ChunkPlace[] {
  let offset = firstChunkOffset;
  return chunks.map(({ chunk, plainBytes, sealed }) => {
    const place = { chunk, offset, sealedBytes: sealed.byteLength, plainBytes };
    offset += sealed.byteLength;
    return place;
  });
}
