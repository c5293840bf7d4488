import type { Random } from '../../base/random.ts';
import { type FileCalls, type Folder, isAbsence, type OpenFile } from '../calls/file-calls.ts';
import { temporaryName } from './temporary-name.ts';

/** So many may be open; then acts wait until they are durable. */
const heldMax = 256;
/** Flushes under way at once: the first commits the file system's journal, the others mostly find it done. */
const parallel = 8;

/**
 * What acts have changed since the last `settle`: each folder and file once, kept open so that it is found again wherever
 * it was moved.
 *
 * After a flush that failed, a system may take for written what it could not write (Linux does: the next fsync of it then
 * succeeds and means nothing, https://lwn.net/Articles/752063). So before it is tried again something is changed there
 * anew, which cannot become durable alone: file systems write a folder's and a file's data of their own in order.
 */
export class Touched {
  readonly #calls: FileCalls;
  readonly #random: Random;
  readonly #folders = new Map<string, Folder>();
  readonly #files = new Set<OpenFile>();
  /** What the last flush of it left in doubt. */
  readonly #doubtful = new Set<Folder | OpenFile>();
  #flushing: Promise<void> | undefined;

  constructor(calls: FileCalls, random: Random) {
    this.#calls = calls;
    this.#random = random;
  }

  /** The folder's entries have changed, or are to be. Throws EACCES where it can't be read. */
  touch(folder: Folder): void {
    try {
      const { device, inode } = this.#calls.statFolder(folder);
      const key = `${device}:${inode}`;
      if (!this.#folders.has(key)) this.#folders.set(key, this.#calls.openToSync(folder));
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
      if (this.#doubtful.has(folder)) this.#changeAnew(folder);
      await this.#calls.syncFolder(folder);
    } catch (error) {
      if (!isAbsence(error)) {
        const again = this.#folders.get(key);
        if (again !== undefined) this.#forget(folder);
        this.#folders.set(key, again ?? folder);
        this.#doubtful.add(again ?? folder);
        throw error;
      }
    }
    this.#forget(folder);
  }

  #changeAnew(folder: Folder): void {
    const entry = { folder, name: temporaryName(this.#random) };
    this.#calls.makeFolder(entry, 0o700);
    this.#calls.removeFolder(entry);
  }

  #forget(folder: Folder): void {
    this.#doubtful.delete(folder);
    this.#calls.closeFolder(folder);
  }

  async #flushFile(file: OpenFile): Promise<void> {
    this.#files.delete(file);
    try {
      if (this.#doubtful.has(file)) this.#calls.setFileMode(file, this.#calls.statFile(file).mode);
      await this.#calls.syncFile(file);
    } catch (error) {
      this.#files.add(file);
      this.#doubtful.add(file);
      throw error;
    }
    this.#doubtful.delete(file);
    this.#calls.closeFile(file);
  }
}
