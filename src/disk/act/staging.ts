import { Failure } from '../../base/failure.ts';
import { toHex } from '../../base/bytes.ts';
import type { FileMeta, StagedFile } from '../disk.ts';
import { diskFailure } from '../disk-failure.ts';
import type { DiskParts } from '../disk-parts.ts';
import { type Folder, isAbsence, type OpenFile, type Stat } from '../calls/file-calls.ts';
import type { PromisedRoom } from '../disk-room.ts';
import type { HeldPiece } from './held-bytes.ts';
import { observe } from '../observe.ts';
import { openPrivate } from '../private-folder.ts';
import { setModeIfKept } from './set-mode.ts';
import { setOriginIfKept } from '../origin-note.ts';

/** In the private folder, where files are until they get their place. */
export const stagedName = 'staged';
/** Up to this size a file is written only when it is finished, with many others (`makeFiles`). Many of them are held in memory at a time. */
const heldMaxBytes = 64 * 1024;
/** From this size on a file has its room set aside at once: smaller ones lie in one piece anyway. */
const allocatedMinBytes = 1024 * 1024;
/**
 * Written bytes of a file that are sent on their way to the disk together, while more are written: the system itself would begin with
 * gigabytes, so that all of a large file waited for its end (a third of the time of bringing 1 GiB).
 */
const flushedBytes = 32 * 1024 * 1024;

const nothing: HeldPiece = { bytes: new Uint8Array(), letGo: () => undefined };

/** What was written of a file that is not there yet. */
interface HeldPart {
  readonly piece: HeldPiece;
  readonly offset: number;
}

/** A file in `.cachette/staged`, until it is put in its place. A small one may be in memory alone until it is finished. */
export class StagedItem implements StagedFile {
  readonly name: string;
  readonly #parts: DiskParts;
  readonly #room: PromisedRoom;
  #file: OpenFile | undefined;
  #held: HeldPart[] | undefined;
  #making = Promise.resolve();
  #finished: Stat | undefined;
  #hasLeft = false;
  /** Under way in other threads. Were the file closed meanwhile, they could hit the next one that gets its number. */
  readonly #writes = new Set<Promise<void>>();
  #unflushedBytes = 0;
  #isFlushing = false;
  /** Told once by the system, and never again: the file is not whole, whatever a later call says. */
  #flushFault: { readonly error: unknown } | undefined;

  /** `file`: undefined for one that is not made yet. */
  constructor(parts: DiskParts, { name, sizeBytes }: { readonly name: string; readonly sizeBytes: number }, file: OpenFile | undefined) {
    this.#parts = parts;
    this.name = name;
    this.#room = parts.room.promise(sizeBytes);
    this.#file = file;
    if (file === undefined) this.#held = [];
  }

  /** As it was when it was finished. Throws E_FAILED before. */
  get finished(): Stat {
    if (this.#finished === undefined) throw new Failure('E_FAILED', 'a staged file was used before it was finished');
    return this.#finished;
  }

  /** Where it lies until then, for messages. */
  get path(): string {
    return `.cachette/${stagedName}/${this.name}`;
  }

  /** Before anything is written. Nothing is left of it where there is no room. */
  async allocate(sizeBytes: number): Promise<void> {
    try {
      const isDone = await this.#guard('write', (calls, file) => Promise.resolve(calls.allocate?.(file, sizeBytes) ?? false));
      // It counts as written: the disk itself tells of that room now.
      if (isDone) this.#room.wrote(sizeBytes);
    } catch (error) {
      await this.discard();
      throw error;
    }
  }

  async write(bytes: Uint8Array, offset: number): Promise<void> {
    if (this.#held !== undefined && bytes.byteLength <= heldMaxBytes && this.#held.length === 0) {
      this.#held.push({ piece: this.#parts.held.keep(bytes), offset });
      return;
    }
    const write = this.#writeOpen(bytes, offset);
    this.#writes.add(write);
    try {
      await write;
    } finally {
      this.#writes.delete(write);
    }
    this.#room.wrote(bytes.byteLength);
    this.#unflushedBytes += bytes.byteLength;
    if (this.#unflushedBytes >= flushedBytes && !this.#isFlushing) this.#flushAhead();
  }

  /** Nobody waits for it but the end of the file. */
  #flushAhead(): void {
    this.#unflushedBytes = 0;
    this.#isFlushing = true;
    const flush = this.#guard('write', (calls, file) => calls.syncFile(file))
      .catch((error: unknown) => {
        this.#flushFault ??= { error };
      })
      .finally(() => {
        this.#isFlushing = false;
        this.#writes.delete(flush);
      });
    this.#writes.add(flush);
  }

  /**
   * All of a file that is in memory alone, for whoever makes it now (`conclude` follows) and then lets go of it; undefined where it is
   * not, or is not in one piece.
   */
  takeHeld(): HeldPiece | undefined {
    if (this.#held === undefined || this.#writes.size > 0) return undefined;
    const [first] = this.#held;
    if (first !== undefined && first.offset !== 0) return undefined;
    this.#held = undefined;
    return first?.piece ?? nothing;
  }

  async finish(meta: FileMeta): Promise<string> {
    await this.prepare(meta);
    const finished = await this.#guard('finish', async (calls, file) => {
      calls.setFileTime(file, meta.mtimeUs);
      // Before it gets its place: a rename that outlives its data would leave an empty file after a power cut.
      await calls.syncFile(file);
      return calls.statFile(file);
    });
    return this.conclude(finished);
  }

  /** First part of `finish`: nothing is written any more, and it has its bits. */
  async prepare({ executable, fromOutside }: FileMeta): Promise<OpenFile> {
    await this.#make();
    await Promise.allSettled(this.#writes);
    if (this.#flushFault !== undefined) throw this.#flushFault.error;
    if (fromOutside && this.#parts.calls.setOrigin !== undefined) await this.#noteOrigin();
    return this.#guard('finish', (calls, file) => {
      if (executable) {
        // Whoever may read may run.
        const { mode } = calls.statFile(file);
        setModeIfKept(calls, file, mode | 0o100 | ((mode & 0o444) >> 2));
      }
      return Promise.resolve(file);
    });
  }

  async #noteOrigin(): Promise<void> {
    try {
      await withStagingFolder(this.#parts, (folder) => setOriginIfKept(this.#parts.calls, { folder, name: this.name }, true));
    } catch (error) {
      throw diskFailure(error, 'finish', this.path);
    }
  }

  /** Last part of `finish`: it has its time and is durable. */
  conclude(finished: Stat): string {
    this.#finished = finished;
    this.#room.end();
    this.#close();
    return observe(finished, '').identity;
  }

  /** It was moved to its place, so that there is nothing left to discard. */
  leave(): void {
    this.#hasLeft = true;
  }

  async discard(): Promise<void> {
    this.#room.end();
    if (this.#held !== undefined) this.#hasLeft = true;
    for (const { piece } of this.#held ?? []) piece.letGo();
    this.#held = undefined;
    await Promise.allSettled(this.#writes);
    this.#close();
    if (this.#hasLeft) return;
    try {
      await withStagingFolder(this.#parts, (folder) => this.#parts.calls.unlink({ folder, name: this.name }));
    } catch (error) {
      // Placed, or the whole folder is gone: then it is cleared at the next start.
      if (isAbsence(error) || (error instanceof Failure && error.code === 'E_FOLDER_MISSING')) return;
      throw diskFailure(error, 'remove', this.path);
    }
  }

  async #writeOpen(bytes: Uint8Array, offset: number): Promise<void> {
    await this.#make();
    await this.#guard('write', (calls, file) => calls.writeFile(file, bytes, offset));
  }

  /** It is there, with all that was held of it so far. */
  #make(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#making = this.#open(held);
    return this.#making;
  }

  async #open(held: readonly HeldPart[]): Promise<void> {
    try {
      await withStagingFolder(this.#parts, (folder) => {
        this.#file = this.#parts.calls.openFile({ folder, name: this.name }, 'create');
      });
    } catch (error) {
      throw diskFailure(error, 'write', this.path);
    }
    for (const { piece, offset } of held) {
      await this.#guard('write', (calls, file) => calls.writeFile(file, piece.bytes, offset));
      piece.letGo();
    }
  }

  async #guard<Result>(doing: string, act: (calls: DiskParts['calls'], file: OpenFile) => Promise<Result>): Promise<Result> {
    if (this.#file === undefined) throw new Failure('E_FAILED', 'a staged file was written after it was closed');
    try {
      return await act(this.#parts.calls, this.#file);
    } catch (error) {
      throw diskFailure(error, doing, this.path);
    }
  }

  #close(): void {
    if (this.#file !== undefined) this.#parts.calls.closeFile(this.#file);
    this.#file = undefined;
  }
}

/** `Disk.stage`. */
export async function stageFile(parts: DiskParts, sizeBytes: number): Promise<StagedItem> {
  if (!parts.room.isKnown(sizeBytes)) await parts.root.withTop((top) => parts.room.require(top, sizeBytes));
  if (parts.calls.makeFiles !== undefined && sizeBytes <= heldMaxBytes)
    return new StagedItem(parts, { name: toHex(parts.random.bytes(16)), sizeBytes }, undefined);
  const staged = await withStagingFolder(parts, (folder) => {
    const name = toHex(parts.random.bytes(16));
    return new StagedItem(parts, { name, sizeBytes }, parts.calls.openFile({ folder, name }, 'create'));
  });
  if (sizeBytes >= allocatedMinBytes) await staged.allocate(sizeBytes);
  return staged;
}

/** Runs `act` with the staging folder open. */
export async function withStagingFolder<Result>(parts: DiskParts, act: (folder: Folder) => Result | Promise<Result>): Promise<Result> {
  return parts.root.withTop(async (top) => {
    const folder = openPrivate(parts.calls, top, [stagedName]);
    try {
      return await act(folder);
    } finally {
      parts.calls.closeFolder(folder);
    }
  });
}
