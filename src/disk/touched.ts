import { type FileCalls, type Folder, isAbsence, type OpenFile } from './file-calls.ts';

/** So many may be open; then acts wait until they are durable. */
const heldMax = 256;
/** Flushes under way at once: the first commits the file system's journal, the others mostly find it done. */
const parallel = 8;

/**
 * What acts have changed since the last `settle`: each folder and file once, kept open so that it is found again wherever
 * it was moved.
 */
export class Touched {
  readonly #calls: FileCalls;
  readonly #folders = new Map<string, Folder>();
  readonly #files = new Set<OpenFile>();
  #flushing: Promise<void> | undefined;

  constructor(calls: FileCalls) {
    this.#calls = calls;
  }

  /** The folder's entries have changed. */
  touch(folder: Folder): void {
    try {
      const { device, inode } = this.#calls.statFolder(folder);
      const key = `${device}:${inode}`;
      if (!this.#folders.has(key)) this.#folders.set(key, this.#calls.openFolder(folder, '.'));
    } catch (error) {
      // Known by its path only (on other systems than Linux), and moved away meanwhile.
      if (!isAbsence(error)) throw error;
    }
  }

  /** The file's times or bits have changed; it is closed here, in time. */
  take(file: OpenFile): void {
    this.#files.add(file);
  }

  /** To be waited for before an act that touches something. Throws what `settle` would. */
  async makeRoom(): Promise<void> {
    if (this.#folders.size + this.#files.size >= heldMax) await this.settle();
  }

  /** Makes everything so far durable. Throws the first error; what failed is tried again by the next call. */
  async settle(): Promise<void> {
    // What was touched while others were made durable needs a round of its own.
    await this.#flushing?.catch(() => undefined);
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    const works = [
      ...[...this.#folders].map(
        ([key, folder]) =>
          () =>
            this.#flushFolder(key, folder),
      ),
      ...[...this.#files].map((file) => () => this.#flushFile(file)),
    ];
    const errors: unknown[] = [];
    const next = works.values();
    const work = async (): Promise<void> => {
      for (const each of next) await each().catch((error: unknown) => errors.push(error));
    };
    await Promise.all(Array.from({ length: parallel }, work));
    if (errors.length > 0) throw errors[0] as Error;
  }

  async #flushFolder(key: string, folder: Folder): Promise<void> {
    // Touched again while it is flushed, it is a new entry.
    this.#folders.delete(key);
    try {
      await this.#calls.syncFolder(folder);
    } catch (error) {
      if (!isAbsence(error)) {
        if (this.#folders.has(key)) this.#calls.closeFolder(folder);
        else this.#folders.set(key, folder);
        throw error;
      }
    }
    this.#calls.closeFolder(folder);
  }

  async #flushFile(file: OpenFile): Promise<void> {
    this.#files.delete(file);
    try {
      await this.#calls.syncFile(file);
    } catch (error) {
      this.#files.add(file);
      throw error;
    }
    this.#calls.closeFile(file);
  }
}
