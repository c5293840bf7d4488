/** Full packs on their way to the store: few at once, registered in the index when they are durable there. */
import { Failure } from '../base/failure.ts';
import type { ChunkId } from '../model/ids.ts';
import { packName } from '../vault/pack/pack-name.ts';
import type { EngineParts } from './engine-parts.ts';
import type { SealedPack, WorkshopHost } from './workshop.ts';

/** Packs in flight. More would only hold memory: a pack is large enough to fill a connection. */
const uploadsAtOnce = 3;

/** The engine's side of the workshop while files are read for upload. */
export class PackUploads implements WorkshopHost {
  readonly #parts: EngineParts;
  readonly #signal: AbortSignal;
  readonly #claimed = new Set<ChunkId>();
  readonly #running = new Set<Promise<void>>();
  #failure: unknown;
  /** Bytes that went to the store. */
  bytesStored = 0;

  constructor(parts: EngineParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  claimChunks(chunks: readonly ChunkId[]): readonly boolean[] {
    return chunks.map((chunk) => {
      if (this.#claimed.has(chunk) || this.#parts.index.chunks.trusted(chunk)) return false;
      this.#claimed.add(chunk);
      return true;
    });
  }

  async takePack(pack: SealedPack): Promise<void> {
    while (this.#running.size >= uploadsAtOnce) await Promise.race(this.#running);
    this.#throwFailure();
    const upload = this.#store(pack).catch((error: unknown) => {
      this.#failure ??= error;
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
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #store({ directory, parts }: SealedPack): Promise<void> {
    const { store, index } = this.#parts;
    const name = packName(directory.pack);
    const outcome = await store.putNew(name, parts, { signal: this.#signal });
    if (outcome !== 'stored') await this.#confirm(name, parts, directory.sizeBytes);
    for (const { chunk } of directory.chunks) this.#claimed.delete(chunk);
    index.chunks.registerPack(directory, 'stored', 'own');
    this.bytesStored += directory.sizeBytes;
  }

  /** The store did not say that it keeps the pack, or had that name already: what it gives back tells. */
  async #confirm(name: string, parts: readonly Uint8Array[], sizeBytes: number): Promise<void> {
    const kept = await this.#parts.store.get(name, { maxBytes: sizeBytes, signal: this.#signal });
    if (kept !== undefined && isJoined(kept, parts)) return;
    throw new Failure('E_STORE_UNREACHABLE', `the store did not take ${name}`, { subject: name });
  }
}

function isJoined(whole: Uint8Array, parts: readonly Uint8Array[]): boolean {
  let at = 0;
  for (const part of parts) {
    if (Buffer.compare(whole.subarray(at, at + part.byteLength), part) !== 0) return false;
    at += part.byteLength;
  }
  return at === whole.byteLength;
}
