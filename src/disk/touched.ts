import type { FileCalls, Folder, OpenFile } from './file-calls.ts';

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
    const { device, inode } = this.#calls.statFolder(folder);
    const key = `${device}:${inode}`;
    if (this.#folders.has(key)) return;
    this.#folders.set(key, this.#calls.openFolder(folder, '.'));
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
    const outcomes = await Promise.allSettled([early, this.#flush()]);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  #relieve(): void {
    if (this.#folders.size + this.#files.length < heldMax) return;
    const flushed = Promise.all([this.#early, this.#flush()]).then(() => undefined);
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
    const outcomes = await Promise.allSettled(flushes);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  #keepFolder(key: string, folder: Folder): void {
    if (this.#folders.has(key)) this.#calls.closeFolder(folder);
    else this.#folders.set(key, folder);
  }
}
