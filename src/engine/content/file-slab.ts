import type { ChunkStream } from '../../vault/chunk/chunk-stream.ts';

/** More than the longest chunk and a block: what is held back has to be moved to the start each time that this is full. */
const slabBytes = 6 * 1024 * 1024;
const blockBytes = 1024 * 1024;

/**
 * The one piece of memory that files are read into, block after block, one file after another: their chunks are views of it, and nothing
 * is left for the collector, which would be called by each 64 MiB of buffers and stop the thread for 30 ms.
 */
export class FileSlab {
  readonly #stream: ChunkStream;
  readonly #release: () => Promise<void>;
  #memory = new Uint8Array();
  #used = 0;

  /** `release`: nobody looks at chunks that came out of the stream before, once it has resolved. */
  constructor(stream: ChunkStream, release: () => Promise<void>) {
    this.#stream = stream;
    this.#release = release;
  }

  /** Room for the next block of a file of which so many bytes are left. What is read into it is the stream's next block. */
  readonly roomFor = async (mostBytes: number): Promise<Uint8Array> => {
    const wanted = Math.min(blockBytes, mostBytes);
    if (this.#used + wanted > this.#memory.byteLength) await this.#makeRoom(wanted, mostBytes);
    return this.#memory.subarray(this.#used, this.#used + wanted);
  };

  /** Called with each block that was read into such a room. */
  take(block: Uint8Array): void {
    this.#used += block.byteLength;
  }

  /** Gives the memory back to the system: nobody may look at any chunk any more. */
  end(): void {
    this.#memory.buffer.transfer(0);
    this.#memory = new Uint8Array();
    this.#used = 0;
  }

  async #makeRoom(wanted: number, mostBytes: number): Promise<void> {
    await this.#release();
    const isLargeEnough = this.#stream.heldBytes + wanted <= this.#memory.byteLength;
    const old = this.#memory;
    // No more than the first file needs; then for whatever comes, since nothing that is held back is longer than a chunk.
    if (!isLargeEnough) this.#memory = new Uint8Array(old.byteLength === 0 ? Math.min(slabBytes, mostBytes) : slabBytes);
    this.#used = this.#stream.moveTo(this.#memory);
    if (!isLargeEnough) old.buffer.transfer(0);
  }
}
