import type { GetOptions, Hint, ListOptions, ListPage, PutOutcome, RequestOptions, Store } from '../store.ts';

import { createHash } from 'node:crypto';
import { type FileHandle, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Failure } from '../../base/failure.ts';
import { checkGetOptions, checkHintSize, checkListOptions, hintMaxBytes } from '../http/check-request.ts';
import { errnoOf } from '../../base/errno.ts';
import { toFolderFailure } from './folder-failure.ts';
import { type ByteSource, type FolderDeps, FolderFiles, type OpenObject } from './folder-files.ts';
import { FolderNames } from './folder-names.ts';
import { FolderWatch } from './folder-watch.ts';
import { checkObjectName, hintName } from '../object-name.ts';

/** A Store with what our own server needs besides: streams instead of whole objects, and the space in use. */
export interface FolderStore extends Store {
  /** Undefined where there is none. Whoever opens an object closes its handle. */
  openObject(name: string): Promise<OpenObject | undefined>;
  /** As putNew. A `Failure` thrown by the source is passed on as it is. */
  putStream(name: string, source: AsyncIterable<Uint8Array>): Promise<PutOutcome>;
  /** As delete; resolves to the bytes freed. */
  remove(name: string): Promise<number>;
  /** Bytes in all objects; reads every folder. */
  usedBytes(): Promise<number>;
}

/**
 * A store in a folder: a disk, a share, or what the server serves. An object is a file at the path its name says, written
 * under a temporary name, flushed, then linked to its own. The folder itself must exist: while the disk is not mounted
 * everything is E_STORE_UNREACHABLE, and nothing is ever written to the place where it would be.
 */
export function openFolderStore(dir: string, deps: FolderDeps): FolderStore {
  return new FolderAdapter(resolve(dir), deps);
}

/** Makes the folder for a new store, where that was asked for in so many words. Its parent must exist. */
export async function createStoreFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (cause) {
    const errno = errnoOf(cause);
    // A disk that is not there looks like that: nothing is made where it would be.
    if (errno === 'ENOENT')
      throw new Failure('E_STORE_UNREACHABLE', `${dirname(dir)} is not there`, { action: 'plug the disk in, or make that folder', cause });
    if (errno !== 'EEXIST') throw toFolderFailure(cause, dir);
  }
}

class FolderAdapter implements FolderStore {
  readonly label: string;
  readonly #files: FolderFiles;
  readonly #names: FolderNames;
  readonly #watch: FolderWatch;

  constructor(dir: string, deps: FolderDeps) {
    this.label = `folder ${dir}`;
    this.#files = new FolderFiles(dir, deps);
    this.#names = new FolderNames(dir);
    this.#watch = new FolderWatch(dir, deps.clock);
  }

  async get(name: string, options: GetOptions): Promise<Uint8Array | undefined> {
    checkObjectName(name);
    checkGetOptions(options);
    return withFailure(name, options.signal, async () => {
      const object = await this.#files.open(name);
      if (object === undefined) return undefined;
      await using handle = object.handle;
      const start = Math.min(options.range?.start ?? 0, object.sizeBytes);
      const length = Math.min(options.range?.length ?? Infinity, object.sizeBytes - start);
      if (length > options.maxBytes) throw new Failure('E_LIMIT', `${name} is larger than ${options.maxBytes} bytes`, { subject: name });
      return await readExactly(handle, start, length);
    });
  }

  async openObject(name: string): Promise<OpenObject | undefined> {
    checkObjectName(name);
    return withFailure(name, undefined, () => this.#files.open(name));
  }

  async putNew(name: string, parts: readonly Uint8Array[], options: RequestOptions = {}): Promise<PutOutcome> {
    return this.#put(name, parts, options.signal);
  }

  async putStream(name: string, source: AsyncIterable<Uint8Array>): Promise<PutOutcome> {
    return this.#put(name, source, undefined);
  }

  async list(prefix: string, options: ListOptions): Promise<ListPage> {
    checkListOptions(prefix, options);
    return withFailure(prefix, options.signal, async () => {
      const below = dirname(`${prefix}x`);
      if (!(await this.#files.isFolder(below))) return { names: [], more: false };
      const page = await this.#names.page(prefix, options.after ?? '', options.limit);
      if (page.names.length === 0) await this.#files.checkTop();
      return page;
    });
  }

  async delete(name: string, options: RequestOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    await this.remove(name);
  }

  async remove(name: string): Promise<number> {
    checkObjectName(name);
    return withFailure(name, undefined, () => {
      this.#names.forget();
      return this.#files.remove(name);
    });
  }

  async putHint(bytes: Uint8Array, options: RequestOptions = {}): Promise<void> {
    checkHintSize(bytes);
    return withFailure(hintName, options.signal, () => this.#files.replace(hintName, bytes));
  }

  async getHint(tag: string | undefined, options: RequestOptions = {}): Promise<Hint | undefined> {
    return withFailure(hintName, options.signal, async () => {
      const hint = await this.#files.open(hintName);
      if (hint === undefined) return undefined;
      await using handle = hint.handle;
      if (hint.sizeBytes > hintMaxBytes) throw new Failure('E_LIMIT', `the hint is larger than ${hintMaxBytes} bytes`);
      const bytes = await readExactly(handle, 0, hint.sizeBytes);
      const found = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
      return found === tag ? undefined : { bytes, tag: found };
    });
  }

  watch(options: RequestOptions): Promise<void> {
    return this.#watch.wait(options.signal);
  }

  async close(): Promise<void> {
    this.#watch.close();
  }

  async usedBytes(): Promise<number> {
    return withFailure(this.#files.top, undefined, async () => {
      let sum = 0;
      for await (const name of this.#names.all()) sum += await this.#files.sizeBytes(name);
      return sum;
    });
  }

  async #put(name: string, source: ByteSource, signal: AbortSignal | undefined): Promise<PutOutcome> {
    checkObjectName(name);
    return withFailure(name, signal, () => {
      this.#names.forget();
      return this.#files.writeNew(name, source, signal);
    });
  }
}

/** Turns whatever went wrong into a Failure, or into the signal's reason once it is aborted. */
async function withFailure<Result>(subject: string, signal: AbortSignal | undefined, act: () => Promise<Result>): Promise<Result> {
  signal?.throwIfAborted();
  try {
    return await act();
  } catch (error) {
    signal?.throwIfAborted();
    throw toFolderFailure(error, subject);
  }
}

async function readExactly(handle: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) throw new Failure('E_STORE_UNREACHABLE', 'the file became shorter while it was read');
    done += bytesRead;
  }
  return bytes;
}
