/** Full packs on their way to the store: few at once, registered in the index when they are durable there. */
import type { ChunkId } from '../../model/ids.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { FullPack, WorkshopHost } from './workshop.ts';

/** Packs in flight. More would only hold memory: a pack is large enough to fill a connection, and another one begins while it ends. */
const uploadsAtOnce = 3;

/** The engine's side of the workshop while files are read for upload. */
export class PackUploads implements WorkshopHost {
  readonly #parts: EngineParts;
  readonly signal: AbortSignal;
  readonly #claimed = new Set<ChunkId>();
  /** Of the wanted ones those that are durable. */
  readonly #stored = new Set<ChunkId>();
  readonly #running = new Set<Promise<void>>();
  /** Full packs that wait for others to be through. */
  #waiting = 0;
  #failure: { readonly error: unknown } | undefined;
  /** Bytes that went to the store. */
  bytesStored = 0;

  readonly #wanted: ReadonlySet<ChunkId> | undefined;

  /** `wanted`: these chunks and no others, whatever the index says of where they are. */
  constructor(parts: EngineParts, signal: AbortSignal, wanted?: ReadonlySet<ChunkId>) {
    this.#parts = parts;
    this.signal = signal;
    this.#wanted = wanted;
  }

  /**
   * Resolves when the store has come so far that more chunks may be made: full packs that wait would only hold memory. Until then the
   * next ones are made beside those in flight, so that the connection is not idle when one of them is through.
   */
  async claimChunks(chunks: readonly ChunkId[]): Promise<readonly boolean[]> {
    while (this.#waiting > 0) await Promise.race(this.#running);
    this.#throwFailure();
    return this.#parts.index.transaction(() =>
      chunks.map((chunk) => {
        if (this.#claimed.has(chunk) || !this.#isLacking(chunk)) return false;
        this.#claimed.add(chunk);
        return true;
      }),
    );
  }

  #isLacking(chunk: ChunkId): boolean {
    return this.#wanted === undefined ? !this.#parts.index.chunks.trusted(chunk) : this.#wanted.has(chunk) && !this.#stored.has(chunk);
  }

  async takePack(pack: FullPack): Promise<void> {
    // Nothing is awaited between the look and the start: of two that wait for one place, one gets it.
    this.#waiting += 1;
    while (this.#running.size >= uploadsAtOnce) await Promise.race(this.#running);
    this.#waiting -= 1;
    this.#throwFailure();
    const upload = this.#store(pack).catch((error: unknown) => {
      this.#failure ??= { error };
    });
    this.#running.add(upload);
    void upload.then(() => this.#running.delete(upload));
  }

  /** Resolves when all packs taken are durable in the store; throws what kept one of them from it. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
    this.#claimed.clear();
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #store(pack: FullPack): Promise<void> {
    const { packs, index } = this.#parts;
    const { directory } = pack;
    await packs.put(pack, this.signal);
    pack.stored();
    index.chunks.registerPack(directory, 'stored', 'own');
    for (const { chunk } of directory.chunks) {
      this.#claimed.delete(chunk);
      if (this.#wanted !== undefined) this.#stored.add(chunk);
    }
    this.bytesStored += directory.sizeBytes;
  }
}
