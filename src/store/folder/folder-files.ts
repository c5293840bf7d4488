import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { PutOutcome } from '../store.ts';

import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { errnoOf } from '../../base/errno.ts';
import { linkInStore } from './folder-failure.ts';
import { publishFile } from './folder-publish.ts';
import { FolderSync } from './folder-sync.ts';

export interface FolderDeps {
  /** For the age of left-over temporaries. */
  readonly clock: Clock;
  /** For the names of temporaries. */
  readonly random: Random;
}

/** An object held open for reading: it stays readable although somebody deletes it meanwhile. */
export interface OpenObject {
  readonly sizeBytes: number;
  /** Whoever opened the object closes it. */
  readonly handle: FileHandle;
}

/** Bytes to write, in pieces. What it throws is passed on, and nothing is left behind. */
export type ByteSource = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Not an object name, so never listed; on the same file system as the objects, so a link can be made. */
const temporaryFolder = '.tmp';
/** A device may upload slowly and clocks of shared folders differ: younger temporaries of other computers are left alone. */
const staleAfterMs = 24 * 60 * 60 * 1000;
/** Of this computer's own, whose process is gone: it may be one that is only not seen from here (a container). */
const orphanedAfterMs = 60 * 1000;
/** Marks this computer's own temporaries; tells nobody its name. */
const ownPrefix = createHash('sha256').update(hostname()).digest('hex').slice(0, 16);

/**
 * Whole files below a top folder that others may reach too. Paths are object names. Symbolic links on the way are refused
 * (checked before use, which stops a planted link, not a race against somebody who may write the folder anyway).
 * Throws the system's errors, and `Failure` for what only this class knows.
 */
export class FolderFiles {
  readonly top: string;
  readonly #deps: FolderDeps;
  readonly #sync = new FolderSync();
  /** Folders whose own entry is known to be on the disk. */
  readonly #durable = new Set<string>();
  #topSeen: Stats | undefined;
  #swept: Promise<void> | undefined;

  constructor(top: string, deps: FolderDeps) {
    this.top = top;
    this.#deps = deps;
  }

  /** Undefined where there is no file of this name. */
  async open(name: string): Promise<OpenObject | undefined> {
    if (!(await this.isFolder(dirname(name)))) return undefined;
    let handle: FileHandle;
    try {
      // Without waiting: a pipe that somebody put there must not hold us up.
      handle = await open(this.#path(name), constants.O_RDONLY | orNone(constants.O_NOFOLLOW) | orNone(constants.O_NONBLOCK));
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== 'ENOENT' && errno !== 'ENOTDIR') throw error;
      await this.checkTop();
      if (errno === 'ENOTDIR') throw error;
      return undefined;
    }
    return removeAfter(
      async () => {
        const stats = await handle.stat();
        if (stats.isFile()) return { sizeBytes: stats.size, handle };
        await handle.close();
        return undefined;
      },
      () => handle.close(),
    );
  }

  /** Whole or not at all, durable when 'stored' or 'exists'; 'unknown': visible, but the disk did not confirm it. */
  async writeNew(name: string, source: ByteSource, signal: AbortSignal | undefined): Promise<PutOutcome> {
    const target = this.#path(name);
    const folder = dirname(target);
    await this.checkTop();
    await this.#makeFolders(dirname(name));
    const outcome = (await this.#isTaken(target)) ? 'exists' : await this.#writeAndPublish(target, source, signal);
    try {
      // Also for 'exists': it may be our own earlier try, cut off before its folder was flushed.
      await this.#sync.sync(folder);
    } catch {
      return 'unknown';
    }
    return outcome;
  }

  /** Overwrites; after a power loss either content may be there, or none. */
  async replace(name: string, bytes: Uint8Array): Promise<void> {
    await this.checkTop();
    const temporary = await this.#writeTemporary([bytes], { isDurable: false });
    await removeAfter(
      () => rename(temporary, this.#path(name)),
      () => unlink(temporary),
    );
  }

  /**
   * Removes a regular file, and nothing else; resolves to the bytes it had. It may come back after a power loss: then it
   * is deleted again some day.
   */
  async remove(name: string): Promise<number> {
    if (!(await this.isFolder(dirname(name)))) return 0;
    const found = await lstatIfThere(this.#path(name));
    if (found === undefined) await this.checkTop();
    if (found?.isFile() !== true) return 0;
    try {
      await unlink(this.#path(name));
      return found.size;
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return 0;
      throw error;
    }
  }

  /** Bytes in a file, 0 where there is none. */
  async sizeBytes(name: string): Promise<number> {
    return (await lstatIfThere(this.#path(name)))?.size ?? 0;
  }

  /**
   * Throws E_STORE_UNREACHABLE unless the top folder is there and is the one first seen: a disk that was unmounted
   * leaves an empty folder in its place, and what is written there is lost to the store.
   */
  async checkTop(): Promise<void> {
    const found = await statIfThere(this.top);
    if (found === undefined) throw new Failure('E_STORE_UNREACHABLE', `${this.top} is not there`, { subject: this.top });
    if (!found.isDirectory()) throw notFolder(this.top);
    const seen = (this.#topSeen ??= found);
    // A disk mounted again may have another device number, but its folder keeps number and birth.
    const isSame = seen.dev === found.dev || (seen.ino === found.ino && seen.birthtimeMs === found.birthtimeMs);
    if (!isSame) throw new Failure('E_STORE_UNREACHABLE', `another disk is mounted at ${this.top}`, { subject: this.top });
  }

  /** Whether it is a folder ('.': the top) without a link on the way. The top itself may be a link: that was the user's choice. */
  async isFolder(folder: string): Promise<boolean> {
    if (folder === '.') return true;
    if (!(await this.isFolder(dirname(folder)))) return false;
    const found = await lstatIfThere(this.#path(folder));
    if (found === undefined) await this.checkTop();
    if (found?.isSymbolicLink() === true) throw linkInStore(folder);
    return found?.isDirectory() === true;
  }

  async #writeAndPublish(target: string, source: ByteSource, signal: AbortSignal | undefined): Promise<PutOutcome> {
    const temporary = await this.#writeTemporary(source, { isDurable: true, signal });
    return removeAfter(
      async () => {
        signal?.throwIfAborted();
        const outcome = await publishFile(temporary, target);
        if (outcome === 'exists') await unlink(temporary);
        return outcome;
      },
      () => unlink(temporary),
    );
  }

  /** Path of a complete file; `isDurable`: with its content on the disk. */
  async #writeTemporary(
    source: ByteSource,
    { isDurable, signal }: { readonly isDurable: boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<string> {
    await this.#makeFolder(temporaryFolder);
    await (this.#swept ??= this.#sweep());
    const path = this.#path(`${temporaryFolder}/${ownPrefix}-${process.pid}-${toHex(this.#deps.random.bytes(16))}`);
    const handle = await open(path, 'wx');
    return removeAfter(
      async () => {
        try {
          for await (const piece of source) {
            signal?.throwIfAborted();
            await handle.writeFile(piece);
          }
          if (isDurable) await handle.sync();
        } finally {
          await handle.close();
        }
        return path;
      },
      () => unlink(path),
    );
  }

  /** Removes what a killed process left. Best effort: another process may be doing the same. */
  async #sweep(): Promise<void> {
    const folder = this.#path(temporaryFolder);
    const nowMs = this.#deps.clock.nowMs();
    for (const entry of await readdir(folder)) {
      const path = join(folder, entry);
      const found = await lstatIfThere(path);
      const patienceMs = isOrphaned(entry) ? orphanedAfterMs : staleAfterMs;
      if (found?.isFile() === true && found.mtimeMs < nowMs - patienceMs) await unlink(path).catch(() => undefined);
    }
  }

  async #makeFolders(folder: string): Promise<void> {
    if (folder === '.') return;
    await this.#makeFolders(dirname(folder));
    await this.#makeFolder(folder);
  }

  async #makeFolder(folder: string): Promise<void> {
    const path = this.#path(folder);
    try {
      await mkdir(path);
      this.#durable.delete(folder);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      if (!(await this.isFolder(folder))) throw new Failure('E_STORE_BEHAVIOUR', `${folder} is a file where a folder should be`);
    }
    if (this.#durable.has(folder)) return;
    // Also of a folder found: whoever made it may have died before its entry was on the disk.
    await this.#sync.sync(dirname(path));
    this.#durable.add(folder);
  }

  async #isTaken(target: string): Promise<boolean> {
    const found = await lstatIfThere(target);
    if (found === undefined || found.isFile()) return found !== undefined;
    if (found.isSymbolicLink()) throw linkInStore(relative(this.top, target));
    throw new Failure('E_STORE_BEHAVIOUR', `${target} is not a file`, { subject: target });
  }

  #path(name: string): string {
    return join(this.top, name);
  }
}

/** Whether a process of this computer made the temporary and has ended: one that is killed again and again must not fill the disk. */
function isOrphaned(temporary: string): boolean {
  const [prefix, pid] = temporary.split('-');
  if (prefix !== ownPrefix || pid === undefined || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
}

function notFolder(top: string): Failure {
  return new Failure('E_STORE_UNREACHABLE', `${top} is not a folder`, {
    subject: top,
    action: 'give the address of the folder that the store is in',
  });
}

function orNone(flag: number | undefined): number {
  return flag ?? 0;
}

/** Undefined where nothing is, a file stands where a folder would be, or it is gone. Links are not followed. */
async function lstatIfThere(path: string): Promise<Stats | undefined> {
  return undefinedIfGone(lstat(path));
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  return undefinedIfGone(stat(path));
}

async function undefinedIfGone<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Runs `act`; where it fails, cleans up as well as it goes and passes the failure on. */
async function removeAfter<Result>(act: () => Promise<Result>, cleanUp: () => Promise<void>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    await cleanUp().catch(() => undefined);
    throw error;
  }
}
