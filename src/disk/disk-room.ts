import { Failure } from '../base/failure.ts';
import { reserveOf, reserveText, type DiskSpace } from './disk-reserve.ts';
import type { FileCalls, Folder } from './calls/file-calls.ts';
import type { Trash } from './act/trash.ts';

/** Small files are asked for together: so many bytes of them at a time. */
const askedBytes = 16 * 1024 * 1024;
/** From this size on it is asked for each. */
const largeBytes = 1024 * 1024;
/** What the shortest file takes on a disk. */
const blockBytes = 4096;

/** Room that somebody counts on for a file that is not written yet. */
export interface PromisedRoom {
  /** So much of it is written: the disk itself tells now. */
  wrote(bytes: number): void;
  /** Nothing more is written. */
  end(): void;
}

/** Room on the disk of the synced folder for what arrives, but for the reserve. */
export class DiskRoom {
  readonly #calls: FileCalls;
  readonly #trash: Trash;
  /** What files that are being written still take. */
  #promisedBytes = 0;
  /** Of small files, since the disk was asked. */
  #smallBytes = Infinity;

  constructor(calls: FileCalls, trash: Trash) {
    this.#calls = calls;
    this.#trash = trash;
  }

  /** Whether a file of that size needs no look at the disk now. */
  isKnown(sizeBytes: number): boolean {
    return sizeBytes < largeBytes && this.#smallBytes + sizeBytes < askedBytes;
  }

  /** Throws E_DISK where a file of this size would leave less than the reserve, even with the trash cleared. */
  async require(top: Folder, sizeBytes: number): Promise<void> {
    const wanted = (space: DiskSpace): number => this.#promisedBytes + sizeBytes + reserveOf(space);
    const space = this.#calls.space(top);
    if (space.freeBytes < wanted(space)) {
      // What is new goes before what was thrown away, which the vault's history has as well.
      await this.#trash.makeRoom(top, wanted(space));
      const now = this.#calls.space(top);
      if (now.freeBytes < wanted(now)) throw tooFull(now);
    }
    this.#smallBytes = 0;
  }

  promise(sizeBytes: number): PromisedRoom {
    if (sizeBytes < largeBytes) this.#smallBytes += Math.max(sizeBytes, blockBytes);
    let left = sizeBytes;
    this.#promisedBytes += left;
    const wrote = (bytes: number): void => {
      const some = Math.min(left, bytes);
      left -= some;
      this.#promisedBytes -= some;
    };
    return { wrote, end: () => wrote(left) };
  }
}

function tooFull(space: DiskSpace): Failure {
  return new Failure('E_DISK', `the disk is full but for the ${reserveText(reserveOf(space))} that stay free on it`, {
    action: 'make room on this disk; it is tried again by itself',
  });
}
