/**
 * The packs that are open: sealed chunks come in from wherever they are sealed, full packs go to the host. There is one
 * pool however many threads seal, so that memory and the number of half-filled packs do not grow with them.
 */
import { joinNeighbours, toHex } from '../../base/bytes.ts';
import { fraction, type Random } from '../../base/random.ts';
import { parseId, type PackId } from '../../model/ids.ts';
import type { ChunkSpot } from '../../vault/chunk/chunk-codec.ts';
import { PackBuilder } from '../../vault/pack/pack-builder.ts';
import type { ContentKeys, Sealing } from '../../vault/sealing.ts';
import type { ChunkHost, ChunkToSeal, GivenChunk } from './chunk-reader.ts';
import type { PackSlab, PackSlabs } from './pack-slabs.ts';
import type { WorkshopHost } from './workshop.ts';

/**
 * Packs open at a time: which chunks share a pack is left to chance, so that a pack's size tells less. The second one is opened
 * when the first is half full: what is brought at a time is mostly less, and its total alone tells less than how it falls
 * into two (one large file among small ones always shows then).
 */
const openPacks = 2;

/** What a pool works with. */
export interface PackPoolParts {
  readonly sealing: Sealing;
  readonly random: Random;
  /** Throws E_EPOCH. */
  epochKeys(epoch: number): ContentKeys;
  /** Where chunks are kept until their pack is stored. Without, they are kept as they come. */
  readonly slabs?: PackSlabs;
}

interface PoolPack {
  readonly builder: PackBuilder;
  readonly slab: PackSlab | undefined;
  /** Whether it takes more chunks, or only waits for what was promised to it. */
  isOpen: boolean;
}

/** Packs in the making. */
export class PackPool {
  readonly #parts: PackPoolParts;
  readonly #packs = new Map<PackId, PoolPack>();

  constructor(parts: PackPoolParts) {
    this.#parts = parts;
  }

  /** A chunk host for one piece of work, which must be ended. */
  lease(host: WorkshopHost): PackLease {
    return new PackLease(this, host);
  }

  /** Hands over all packs that nothing is awaited for, however empty. */
  async flush(host: WorkshopHost): Promise<void> {
    for (const pack of this.#packs.values()) pack.isOpen = false;
    await this.handOver(host);
    this.#parts.slabs?.clear();
  }

  /** Forgets all packs. */
  clear(): void {
    this.#packs.clear();
  }

  /** A spot with room for a chunk of this many plain bytes. */
  reserve(epoch: number, plainBytes: number): ChunkSpot {
    for (;;) {
      const pack = this.#somePack(epoch);
      const ordinal = pack.builder.reserve(plainBytes);
      if (ordinal !== undefined) return { pack: pack.builder.pack, ordinal };
      pack.isOpen = false;
    }
  }

  add({ pack: id, ordinal, chunk, plainBytes, sealed }: GivenChunk): void {
    const pack = this.#packs.get(id);
    if (pack === undefined) return; // cleared meanwhile
    pack.builder.add(ordinal, { chunk, plainBytes, sealed: pack.slab?.keep(sealed) ?? sealed });
    if (pack.builder.isFull) pack.isOpen = false;
  }

  /** What was to stand there does not come. */
  abandon({ pack, ordinal }: ChunkSpot): void {
    this.#packs.get(pack)?.builder.abandon(ordinal);
  }

  /** Hands over the packs that are done. */
  async handOver(host: WorkshopHost): Promise<void> {
    for (const [id, { builder, slab, isOpen }] of this.#packs) {
      if (isOpen || builder.waiting > 0) continue;
      this.#packs.delete(id);
      const { directory, parts } = builder.finish();
      await host.takePack({ directory, parts: joinNeighbours(parts), stored: () => slab?.giveBack() });
    }
  }

  #somePack(epoch: number): PoolPack {
    const open = [...this.#packs.values()].filter((pack) => pack.isOpen && pack.builder.epoch === epoch);
    const [only] = open;
    if (only !== undefined && open.length === 1 && !only.builder.isHalfFull) return only;
    const chosen = open[Math.floor(fraction(this.#parts.random) * openPacks)];
    if (chosen !== undefined) return chosen;
    const id = parseId('PackId', toHex(this.#parts.random.bytes(16)));
    const builder = new PackBuilder(this.#parts.sealing, this.#parts.epochKeys(epoch), id);
    const made = { builder, slab: this.#parts.slabs?.take(), isOpen: true };
    this.#packs.set(id, made);
    return made;
  }
}

/** A pool as one piece of work sees it. */
export class PackLease implements ChunkHost {
  readonly #pool: PackPool;
  readonly #host: WorkshopHost;
  /** Spots that were given out and not filled yet. */
  readonly #promised = new Map<string, ChunkSpot>();

  constructor(pool: PackPool, host: WorkshopHost) {
    this.#pool = pool;
    this.#host = host;
  }

  async claim(epoch: number, chunks: readonly ChunkToSeal[]): Promise<readonly (ChunkSpot | undefined)[]> {
    const needed = await this.#host.claimChunks(chunks.map(({ chunk }) => chunk));
    const spots = chunks.map(({ plainBytes }, at) => (needed[at] === true ? this.#pool.reserve(epoch, plainBytes) : undefined));
    for (const spot of spots) if (spot !== undefined) this.#promised.set(keyOf(spot), spot);
    return spots;
  }

  /** With slabs, the chunks' bytes are not looked at any more once this was called. */
  async give(chunks: readonly GivenChunk[]): Promise<void> {
    for (const chunk of chunks) {
      this.#pool.add(chunk);
      this.#promised.delete(keyOf(chunk));
    }
    await this.#pool.handOver(this.#host);
  }

  /** What was promised and did not come, because the work failed, is not waited for any more. */
  end(): void {
    for (const spot of this.#promised.values()) this.#pool.abandon(spot);
    this.#promised.clear();
  }
}

function keyOf({ pack, ordinal }: ChunkSpot): string {
  return `${pack} ${ordinal}`;
}
