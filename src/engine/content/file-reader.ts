import type { Random } from '../../base/random.ts';
import type { Disk } from '../../disk/disk.ts';
import type { ContentKeys, Sealing } from '../../vault/sealing.ts';
import { ChunkReader } from './chunk-reader.ts';
import { PackPool } from './pack-pool.ts';
import type { ChunkFault, FileReading, OpenJob, ReadJob, Workshop, WorkshopHost } from './workshop.ts';

/** What a file reader works with. */
export interface FileReaderParts {
  readonly disk: Disk;
  readonly sealing: Sealing;
  readonly random: Random;
  /** Throws E_EPOCH. */
  epochKeys(epoch: number): ContentKeys;
  /** As in `ChunkReaderParts`. */
  readonly chunksMax?: number | undefined;
}

/** A workshop that works in line, in whatever thread it is made in. One call of `read` or `flush` at a time. */
export class FileReader implements Workshop {
  readonly width = 1;
  readonly #reader: ChunkReader;
  readonly #pool: PackPool;

  constructor(parts: FileReaderParts) {
    this.#reader = new ChunkReader(parts);
    this.#pool = new PackPool(parts);
  }

  async read(job: ReadJob, host: WorkshopHost): Promise<readonly FileReading[]> {
    const lease = this.#pool.lease(host);
    try {
      return await this.#reader.read(job, lease);
    } finally {
      lease.end();
    }
  }

  flush(host: WorkshopHost): Promise<void> {
    return this.#pool.flush(host);
  }

  open(job: OpenJob): Promise<readonly (Uint8Array | ChunkFault)[]> {
    return Promise.resolve(this.#reader.open(job));
  }

  giveBack(opened: readonly (Uint8Array | ChunkFault)[]): void {
    // As with threads, it is gone: whoever looks all the same is found out.
    for (const chunk of opened) if (chunk instanceof Uint8Array) chunk.fill(0);
  }

  close(): Promise<void> {
    this.#pool.clear();
    return Promise.resolve();
  }
}
