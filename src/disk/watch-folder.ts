/**
 * Hints where to look. One watch per folder on Linux (a file costs nothing), one for all elsewhere. Hints may be missing
 * (a full queue of the system, too many folders, network file systems), late, double or wrong: scanning is the truth.
 */
import fs from 'node:fs';
import path from 'node:path';
import { isTemporaryName, nameFromBytes, nameToBytes, privateFolderName, type NodeName } from '../model/name.ts';
import { type DiskPath, joinPath, topPath } from './disk.ts';

export interface FolderWatch {
  /** 'partial': the system lets us watch only some of the folders; changes in the others show at the next scan. */
  readonly ready: Promise<'complete' | 'partial'>;
  /** The same at any time: a new folder may be one too many. */
  readonly isPartial: boolean;
  close(): void;
}

/** Something may have changed at the path, or, for a folder, anywhere below; undefined: anywhere at all. */
export type OnHint = (path: DiskPath | undefined) => void;

/** Watches a synced folder until it is closed. */
export function watchFolder(rootDir: string, onHint: OnHint): FolderWatch {
  return process.platform === 'linux' ? new FolderByFolder(rootDir, onHint) : watchAtOnce(rootDir, onHint);
}

/** macOS and Windows watch a whole tree by themselves. */
function watchAtOnce(rootDir: string, onHint: OnHint): FolderWatch {
  const watcher = fs.watch(rootDir, { recursive: true, persistent: false }, (_, below) => {
    const names = below?.split(path.sep) ?? [];
    if (names[0] === privateFolderName || names.some((name) => isTemporaryName(name))) return;
    onHint(below === null ? undefined : (names.join('/') as DiskPath));
  });
  watcher.on('error', () => onHint(undefined));
  return { ready: Promise.resolve('complete'), isPartial: false, close: () => watcher.close() };
}

interface WatchedFolder {
  readonly watcher: fs.FSWatcher | undefined;
  readonly below: Map<string, WatchedFolder>;
  isLive: boolean;
}

class FolderByFolder implements FolderWatch {
  readonly ready: Promise<'complete' | 'partial'>;
  readonly #rootDir: string;
  readonly #onHint: OnHint;
  readonly #top: WatchedFolder;
  #isPartial = false;

  constructor(rootDir: string, onHint: OnHint) {
    this.#rootDir = rootDir;
    this.#onHint = onHint;
    this.#top = this.#watch(topPath);
    this.ready = this.#watchBelow(this.#top, topPath).then(() => (this.#isPartial ? 'partial' : 'complete'));
  }

  get isPartial(): boolean {
    return this.#isPartial;
  }

  close(): void {
    closeAll(this.#top);
  }

  #watch(folder: DiskPath): WatchedFolder {
    const listen = (event: string, name: Buffer | null): void => this.#hear(watched, folder, { event, name });
    const watched: WatchedFolder = { watcher: this.#tryWatch(folder, listen), below: new Map(), isLive: true };
    return watched;
  }

  #tryWatch(folder: DiskPath, listen: (event: string, name: Buffer | null) => void): fs.FSWatcher | undefined {
    try {
      const watcher = fs.watch(this.#at(folder), { encoding: 'buffer', persistent: false }, listen);
      watcher.on('error', () => this.#onHint(undefined));
      return watcher;
    } catch (error) {
      // Unreadable, or the system's limit of watches is reached; one that is gone again needs none.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) this.#isPartial = true;
      return undefined;
    }
  }

  /** Folders first, their contents then: what is made in between is heard of or seen. */
  async #watchBelow(watched: WatchedFolder, folder: DiskPath): Promise<void> {
    const entries = await fs.promises.readdir(this.#at(folder), { withFileTypes: true, encoding: 'buffer' }).catch(() => []);
    for (const entry of entries) {
      const name = nameFromBytes(entry.name);
      if (!entry.isDirectory() || isOwn(folder, name) || watched.below.has(name)) continue;
      if (!watched.isLive) return;
      const path = joinPath(folder, name);
      const child = this.#watch(path);
      watched.below.set(name, child);
      await this.#watchBelow(child, path);
    }
  }

  #hear(watched: WatchedFolder, folder: DiskPath, { event, name: bytes }: { readonly event: string; readonly name: Buffer | null }): void {
    if (!watched.isLive) return;
    if (bytes === null) {
      this.#onHint(folder);
      return;
    }
    const name = nameFromBytes(bytes);
    if (isOwn(folder, name)) return;
    const path = joinPath(folder, name);
    this.#onHint(path);
    // 'rename': something came, went, or was moved.
    if (event === 'rename') this.#renew(watched, path, name);
  }

  /** What stood there is watched no more; a folder that stands there now is, and is looked at again once it is. */
  #renew(watched: WatchedFolder, path: DiskPath, name: NodeName): void {
    const old = watched.below.get(name);
    if (old !== undefined) closeAll(old);
    watched.below.delete(name);
    if (!this.#isFolder(path)) return;
    const child = this.#watch(path);
    watched.below.set(name, child);
    void this.#watchBelow(child, path).then(() => {
      if (child.isLive) this.#onHint(child.watcher === undefined ? undefined : path);
    });
  }

  #isFolder(path: DiskPath): boolean {
    try {
      return fs.lstatSync(this.#at(path), { throwIfNoEntry: false })?.isDirectory() === true;
    } catch {
      // A folder above was closed, or the way is too long for the system: whoever keeps it open can still make things there.
      this.#isPartial = true;
      return false;
    }
  }

  #at(below: DiskPath): Buffer {
    return Buffer.concat([Buffer.from(`${this.#rootDir}/`), nameToBytes(below)]);
  }
}

function isOwn(folder: DiskPath, name: string): boolean {
  return (folder === topPath && name === privateFolderName) || isTemporaryName(name);
}

function closeAll(watched: WatchedFolder): void {
  watched.isLive = false;
  watched.watcher?.close();
  for (const child of watched.below.values()) closeAll(child);
  watched.below.clear();
}
