/** The workshop's work itself: reads files, cuts them into chunks, names and seals those that the store lacks; opens chunks. */
import { Failure } from '../../base/failure.ts';
import type { Disk } from '../../disk/disk.ts';
import type { ChunkId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { Content } from '../../model/node.ts';
import {
  chunkIdOf,
  proveChunk,
  sealChunk,
  unsealChunk,
  unsealChunkInPlace,
  type ChunkSpot,
  type NamedChunk,
} from '../../vault/chunk/chunk-codec.ts';
import { ChunkStream } from '../../vault/chunk/chunk-stream.ts';
import { contentChunksMax, contentIdOf, listPlaintexts } from '../../vault/chunk/content.ts';
import { CutRule } from '../../vault/chunk/cut-rule.ts';
import type { SealedChunk } from '../../vault/pack/pack-builder.ts';
import { mostSealedBytes } from '../../vault/pack/pack-layout.ts';
import type { ContentKeys, Sealing } from '../../vault/sealing.ts';
import { FileSlab } from './file-slab.ts';
import type { ChunkFault, FileReading, FileToRead, OpenJob, ReadJob } from './workshop.ts';

/** Chunks in hand before the host is asked which of them are needed. Bounds memory: this much plaintext, and one block. */
const windowBytes = 4 * 1024 * 1024;
const windowChunks = 256;

/** What a chunk reader works with. */
export interface ChunkReaderParts {
  readonly disk: Disk;
  readonly sealing: Sealing;
  /** Throws E_EPOCH. */
  epochKeys(epoch: number): ContentKeys;
  /** Chunks that a file may have; as many as a content may, if not given. */
  readonly chunksMax?: number | undefined;
}

/** A chunk that may have to be sealed. */
export interface ChunkToSeal {
  readonly chunk: ChunkId;
  readonly plainBytes: number;
}

/** A chunk that was sealed for its spot. */
export interface GivenChunk extends SealedChunk, ChunkSpot {}

/** Who knows which chunks are needed, and has the packs that they go to. */
export interface ChunkHost {
  /** Where each is to be sealed; undefined for one that is not needed. Says a spot once for each: the asker fills it. */
  claim(epoch: number, chunks: readonly ChunkToSeal[]): Promise<readonly (ChunkSpot | undefined)[]>;
  /** Takes what was sealed. Resolving late is how the store slows the reading down. */
  give(chunks: readonly GivenChunk[]): Promise<void>;
}

/** Seals a chunk for its spot, at the start of `into`. */
type Seal = (spot: ChunkSpot, chunk: NamedChunk & { readonly into: Uint8Array }) => Uint8Array;

/** Where chunks go that were named. */
interface InHand {
  hold(chunk: NamedChunk): Promise<void>;
  /** Nobody looks at any of them any more once it has resolved. */
  empty(): Promise<void>;
}

/** For who only wants to know names. */
const nobody: InHand = { hold: () => Promise.resolve(), empty: () => Promise.resolve() };

/** Chunks in hand, in one piece of work. */
class ChunkWindow implements InHand {
  readonly #host: ChunkHost;
  readonly #seal: Seal;
  readonly #epoch: number;
  #held: NamedChunk[] = [];
  #bytes = 0;

  constructor(host: ChunkHost, epoch: number, seal: Seal) {
    this.#host = host;
    this.#epoch = epoch;
    this.#seal = seal;
  }

  async hold(chunk: NamedChunk): Promise<void> {
    this.#held.push(chunk);
    this.#bytes += chunk.plain.byteLength;
    if (this.#bytes >= windowBytes || this.#held.length >= windowChunks) await this.empty();
  }

  /** Asks which of the chunks in hand are needed, and seals those. */
  async empty(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    this.#bytes = 0;
    if (held.length === 0) return;
    const spots = await this.#host.claim(
      this.#epoch,
      held.map(({ chunk, plain }) => ({ chunk, plainBytes: plain.byteLength })),
    );
    const needed = held.flatMap((named, at) => {
      const spot = spots[at];
      return spot === undefined ? [] : [{ ...named, spot }];
    });
    if (needed.length > 0) await this.#host.give(this.#sealAll(needed));
  }

  /** All in one buffer, which goes to another thread as it is. */
  #sealAll(needed: readonly (NamedChunk & { readonly spot: ChunkSpot })[]): readonly GivenChunk[] {
    let room = new Uint8Array(needed.reduce((sum, { plain }) => sum + mostSealedBytes(plain.byteLength), 0));
    return needed.map(({ spot, chunk, plain }) => {
      const sealed = this.#seal(spot, { chunk, plain, into: room });
      room = room.subarray(sealed.byteLength);
      return { ...spot, chunk, plainBytes: plain.byteLength, sealed };
    });
  }
}

/** What the files of one job have in common. */
interface ReadWork {
  readonly keys: ContentKeys;
  readonly inHand: InHand;
  readonly stream: ChunkStream;
  readonly slab: FileSlab;
}

/** Files to read together: small ones as they come, as many as a batch holds; a larger one by itself. */
function* batches(files: readonly FileToRead[]): Generator<readonly FileToRead[]> {
  let batch: FileToRead[] = [];
  let bytes = 0;
  for (const file of files) {
    const isSmall = file.sizeBytes < limits.chunkMinBytes;
    if (batch.length > 0 && (!isSmall || bytes + file.sizeBytes > windowBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (!isSmall) {
      yield [file];
      continue;
    }
    batch.push(file);
    bytes += file.sizeBytes;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Whether no two of them share memory: a chunk may be wanted twice, and somebody of the vault may have put one into another, which
 * would change what is proven already.
 */
function areApart(views: readonly Uint8Array[]): boolean {
  const sorted = views.toSorted((a, b) => a.byteOffset - b.byteOffset);
  const ends = new Map<ArrayBufferLike, number>();
  for (const { buffer, byteOffset, byteLength } of sorted) {
    if (byteOffset < (ends.get(buffer) ?? 0)) return false;
    ends.set(buffer, byteOffset + byteLength);
  }
  return true;
}

/** Works in line, in whatever thread it is made in. */
export class ChunkReader {
  readonly #parts: ChunkReaderParts;
  readonly #chunksMax: number;
  readonly #rules = new Map<number, CutRule>();

  constructor(parts: ChunkReaderParts) {
    this.#parts = parts;
    this.#chunksMax = parts.chunksMax ?? contentChunksMax;
  }

  /** All that the store lacks of these files is given to the host by then. */
  async read(job: ReadJob, host: ChunkHost): Promise<readonly FileReading[]> {
    const keys = this.#parts.epochKeys(job.epoch);
    const seal: Seal = (spot, chunk) => sealChunk(this.#parts.sealing, keys, spot, chunk);
    const inHand = job.how === 'upload' ? new ChunkWindow(host, job.epoch, seal) : nobody;
    const stream = new ChunkStream(this.#ruleOf(keys));
    const work: ReadWork = { keys, inHand, stream, slab: new FileSlab(stream, () => inHand.empty()) };
    const readings: FileReading[] = [];
    for (const files of batches(job.files)) {
      const [first, ...others] = files;
      if (first !== undefined && others.length === 0) readings.push(await this.#readFile(work, first));
      else for (const reading of await this.#readSmall(keys, files, inHand)) readings.push(reading);
    }
    await inHand.empty();
    work.slab.end();
    return readings;
  }

  /**
   * The chunks' plaintexts in order; for one that is not what it should be, what is wrong. `mayOverwrite`: nobody else has the
   * sealed bytes, and nobody wants them afterwards: the plaintexts take their places, as far as that goes.
   */
  open({ pack, epoch, chunks }: OpenJob, mayOverwrite = false): readonly (Uint8Array | ChunkFault)[] {
    const keys = this.#parts.epochKeys(epoch);
    const unseal = mayOverwrite && areApart(chunks.map(({ sealed }) => sealed)) ? unsealChunkInPlace : unsealChunk;
    return chunks.map(({ place, ordinal, sealed }) => {
      const expected = { pack, ordinal, chunk: place.chunk, plainBytes: place.plainBytes };
      let isLie = false;
      try {
        const coded = unseal(this.#parts.sealing, keys, expected, sealed);
        isLie = true;
        return proveChunk(this.#parts.sealing, keys, expected, coded);
      } catch (error) {
        if (error instanceof Failure) return { code: error.code, message: error.message, isLie };
        throw error;
      }
    });
  }

  /** Each of them is one chunk, or empty. */
  async #readSmall(keys: ContentKeys, files: readonly FileToRead[], inHand: InHand): Promise<readonly FileReading[]> {
    const found = await this.#parts.disk.readWhole(files);
    const readings: FileReading[] = [];
    for (const [at, { node }] of files.entries()) {
      const reading = found[at] ?? 'changed';
      if (typeof reading === 'string') {
        readings.push({ node, outcome: reading });
        continue;
      }
      const { now, bytes: plain } = reading;
      const ids: ChunkId[] = [];
      if (plain.byteLength > 0) {
        const chunk = chunkIdOf(this.#parts.sealing.primitives, keys, plain);
        ids.push(chunk);
        await inHand.hold({ chunk, plain });
      }
      readings.push({ node, outcome: 'read', now, content: await this.#describe(keys, { ids, sizeBytes: plain.byteLength }, inHand) });
    }
    return readings;
  }

  async #readFile({ keys, inHand, stream, slab }: ReadWork, file: FileToRead): Promise<FileReading> {
    const ids: ChunkId[] = [];
    let sizeBytes = 0;
    const take = async (plain: Uint8Array): Promise<void> => {
      // Nothing can tell of what is read beyond that.
      if (ids.length === this.#chunksMax) throw new Failure('E_TOO_LARGE', 'a file of more chunks than a vault can list');
      const chunk = chunkIdOf(this.#parts.sealing.primitives, keys, plain);
      ids.push(chunk);
      await inHand.hold({ chunk, plain });
    };
    const onBlock = async (block: Uint8Array): Promise<void> => {
      sizeBytes += block.byteLength;
      slab.take(block);
      for (const chunk of stream.push(block)) await take(chunk);
    };
    let outcome: Awaited<ReturnType<Disk['read']>>;
    try {
      outcome = await this.#parts.disk.read(file.path, file.expected, onBlock, slab.roomFor);
      const rest = stream.end();
      if (rest !== undefined) await take(rest);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'E_TOO_LARGE') throw error;
      stream.end(); // what is left of it is no part of the next file
      return { node: file.node, outcome: 'too-large' };
    }
    if (outcome === 'changed' || outcome === 'unreadable') return { node: file.node, outcome };
    return { node: file.node, outcome: 'read', now: outcome.now, content: await this.#describe(keys, { ids, sizeBytes }, inHand) };
  }

  /** A long list of chunks goes into chunks of its own, which are packed like any other. */
  async #describe(
    keys: ContentKeys,
    { ids, sizeBytes }: { readonly ids: readonly ChunkId[]; readonly sizeBytes: number },
    inHand: InHand,
  ): Promise<Content> {
    const { primitives } = this.#parts.sealing;
    const listChunks: ChunkId[] = [];
    for (const plain of listPlaintexts(ids)) {
      const chunk = chunkIdOf(primitives, keys, plain);
      listChunks.push(chunk);
      await inHand.hold({ chunk, plain });
    }
    return { epoch: keys.epoch, id: contentIdOf(primitives, keys, ids), sizeBytes, chunks: ids, listChunks };
  }

  #ruleOf(keys: ContentKeys): CutRule {
    const known = this.#rules.get(keys.epoch);
    if (known !== undefined) return known;
    const rule = new CutRule(this.#parts.sealing.primitives, keys.cutKey);
    this.#rules.set(keys.epoch, rule);
    return rule;
  }
}
