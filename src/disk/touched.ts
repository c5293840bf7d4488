import { type FileCalls, type Folder, isAbsence, type OpenFile } from './file-calls.ts';

/** Open at once, at most; more are made durable before the batch ends. */
const heldMax = 256;

/**
 * What acts have changed since the last `settle`: each folder and file once, kept open so that it is found again wherever
 * it was moved. One flush for all: the first fsync commits the file system's journal, the others find it done.
 */
export class Touched {
  readonly #calls: FileCalls;
  #folders = new Map<string, Folder>();
  #files: OpenFile[] = [];
  #early: Promise<void> = Promise.resolve();

  constructor(calls: FileCalls) {
    this.#calls = calls;
  }

  /** The folder's entries have changed. */
  touch(folder: Folder): void {
    try {
      const { device, inode } = this.#calls.statFolder(folder);
      const key = `${device}:${inode}`;
      if (this.#folders.has(key)) return;
      this.#folders.set(key, this.#calls.openFolder(folder, '.'));
    } catch (error) {
      // Known by its path only (on other systems than Linux), and moved away meanwhile.
      if (!isAbsence(error)) throw error;
    }
    this.#relieve();
  }

  /** The file's times or bits have changed; it is closed here, in time. */
  take(file: OpenFile): void {
    this.#files.push(file);
    this.#relieve();
  }

  /** Makes all of it durable. Throws the first error; what failed is tried again by the next call. */
  async settle(): Promise<void> {
    const early = this.#early;
    this.#early = Promise.resolve();
    await allDone([early, this.#flush()]);
  }

  #relieve(): void {
    if (this.#folders.size + this.#files.length < heldMax) return;
    const flushed = allDone([this.#early, this.#flush()]);
    // Heard by `settle`; until then nobody listens.
    flushed.catch(() => undefined);
    this.#early = flushed;
  }

  async #flush(): Promise<void> {
    const folders = this.#folders;
    const files = this.#files;
    this.#folders = new Map();
    this.#files = [];
    const flushes = [
      ...[...folders].map(async ([key, folder]) => {
        await this.#calls.syncFolder(folder).catch((error: unknown) => {
          // Removed since (known by its path only, as on other systems than Linux).
          if (isAbsence(error)) return;
          this.#keepFolder(key, folder);
          throw error;
        });
        this.#calls.closeFolder(folder);
      }),
      ...files.map(async (file) => {
        await this.#calls.syncFile(file).catch((error: unknown) => {
          this.#files.push(file);
          throw error;
        });
        this.#calls.closeFile(file);
      }),
    ];
    await allDone(flushes);
  }

  #keepFolder(key: string, folder: Folder): void {
    if (this.#folders.has(key)) this.#calls.closeFolder(folder);
    else this.#folders.set(key, folder);
  }
}

/** Waits for all, whatever becomes of some; then throws the first error. */
async function allDone(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}
