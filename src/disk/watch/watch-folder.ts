/**
 * Hints where to look. One watch per folder on Linux (a file costs nothing), one for all elsewhere. Hints may be missing
 * (a full queue of the system, too many folders, network file systems), late, double or wrong: scanning is the truth.
 */
import fs from 'node:fs';
import path from 'node:path';
import { native, type Native } from '../../base/native.ts';
import { isTemporaryName, nameFromBytes, nameToBytes, privateFolderName, type NodeName } from '../../model/name.ts';
import { type DiskPath, joinPath, topPath } from '../disk.ts';
import { callCode } from '../calls/file-calls.ts';
import type { FolderNews, FolderWatches, OnFolderNews } from './folder-watches.ts';
import { nativeWatches } from './native-watches.ts';
import { nodeWatches } from './node-watches.ts';

export interface FolderWatch {
  /** 'partial': the system lets us watch only some of the folders; changes in the others show at the next scan. */
  readonly ready: Promise<'complete' | 'partial'>;
  /** The same at any time: a new folder may be one too many. */
  readonly isPartial: boolean;
  close(): void;
}

/**
 * 'changed': somebody may go on with it. 'closed': whoever had opened the file for writing has closed it, and wrote or did not. 'arrived':
 * it was moved there, as it is. 'removed': it was removed there (of a file, one name of it), and not moved away.
 */
export type HintKind = 'changed' | 'closed' | 'arrived' | 'removed';

/** Something may have changed at the path, or, for a folder, anywhere below; undefined: anywhere at all. */
export type OnHint = (path: DiskPath | undefined, kind?: HintKind) => void;

/** Watches a synced folder until it is closed. `code`: native code, where there is some. */
export function watchFolder(rootDir: string, onHint: OnHint, code: Native | undefined = native): FolderWatch {
  return process.platform === 'linux' ? new FolderByFolder(rootDir, onHint, code) : watchAtOnce(rootDir, onHint);
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

/** Many of them: what all have in common stands elsewhere. */
interface WatchedFolder {
  readonly above: WatchedFolder | undefined;
  readonly name: NodeName;
  /** undefined where the system watches it not. */
  number: number | undefined;
  /** undefined: none yet. */
  below: Map<NodeName, WatchedFolder> | undefined;
  isLive: boolean;
}

class FolderByFolder implements FolderWatch {
  readonly ready: Promise<'complete' | 'partial'>;
  readonly #rootDir: string;
  readonly #onHint: OnHint;
  readonly #watches: FolderWatches;
  readonly #byNumber = new Map<number, WatchedFolder>();
  readonly #top: WatchedFolder;
  #isPartial = false;

  constructor(rootDir: string, onHint: OnHint, code: Native | undefined) {
    this.#rootDir = rootDir;
    this.#onHint = onHint;
    this.#watches = openWatches(code, (what, folder, name) => this.#hear(what, folder, name));
    this.#top = this.#watch(undefined, topPath as string as NodeName);
    this.ready = this.#watchBelow(this.#top).then(() => (this.#isPartial ? 'partial' : 'complete'));
  }

  get isPartial(): boolean {
    return this.#isPartial;
  }

  close(): void {
    this.#watches.close();
    this.#end(this.#top);
  }

  #watch(above: WatchedFolder | undefined, name: NodeName): WatchedFolder {
    const watched: WatchedFolder = { above, name, number: undefined, below: undefined, isLive: true };
    if (above !== undefined) (above.below ??= new Map()).set(name, watched);
    watched.number = this.#tryWatch(watched);
    if (watched.number !== undefined) this.#byNumber.set(watched.number, watched);
    return watched;
  }

  #tryWatch(watched: WatchedFolder): number | undefined {
    const text = this.#at(pathOf(watched));
    try {
      const number = this.#watches.watch(text);
      const other = this.#byNumber.get(number);
      return other === undefined ? number : this.#takeOver(other, watched);
    } catch (error) {
      // Unreadable, or the system's limit of watches is reached; one that is gone again, or no folder any more, needs none.
      if (callCode(error) !== 'ENOENT' && callCode(error) !== 'ENOTDIR') this.#isPartial = true;
      return undefined;
    }
  }

  /** It was moved here, and what tells of that is still on its way; or it is mounted at two places, and is heard of at the first. */
  #takeOver(other: WatchedFolder, watched: WatchedFolder): number | undefined {
    const [there, here] = [other, watched].map((each) => this.#look(this.#at(pathOf(each))));
    if (there?.ino === here?.ino && there?.dev === here?.dev) {
      this.#isPartial = true;
      return undefined;
    }
    this.#end(other);
    other.above?.below?.delete(other.name);
    return watched.isLive ? this.#watches.watch(this.#at(pathOf(watched))) : undefined;
  }

  /** Folders first, their contents then: what is made in between is heard of or seen. */
  async #watchBelow(watched: WatchedFolder): Promise<void> {
    const folder = pathOf(watched);
    const at = Buffer.from(nameToBytes(this.#at(folder)));
    const entries = await fs.promises.readdir(at, { withFileTypes: true, encoding: 'buffer' }).catch(() => []);
    for (const entry of entries) {
      const name = nameFromBytes(entry.name);
      if (!entry.isDirectory() || isOwn(folder, name) || watched.below?.has(name) === true) continue;
      if (!watched.isLive) return;
      await this.#watchBelow(this.#watch(watched, name));
    }
  }

  #hear(what: FolderNews, number: number, name: NodeName | undefined): void {
    if (what === 'lost') {
      this.#onHint(undefined);
      return;
    }
    const watched = this.#byNumber.get(number);
    if (watched === undefined) return;
    const folder = pathOf(watched);
    if (name !== undefined) this.#hearOf(watched, name, what);
    else if (what === 'unwatched' || what === 'removed') this.#lose(watched, folder, kindOf(what));
    else this.#onHint(folder);
  }

  #hearOf(watched: WatchedFolder, name: NodeName, what: FolderNews): void {
    const folder = pathOf(watched);
    if (isOwn(folder, name)) return;
    this.#onHint(joinPath(folder, name), kindOf(what));
    const known = watched.below?.get(name);
    // Bits of a folder that could not be watched: perhaps it can be now.
    if (what === 'names' || what === 'arrived' || what === 'removed' || (known !== undefined && known.number === undefined))
      this.#renew(watched, name);
  }

  #lose(watched: WatchedFolder, folder: DiskPath, kind: HintKind): void {
    this.#onHint(folder, kind);
    if (watched.above === undefined) this.#end(watched);
    else this.#renew(watched.above, watched.name);
  }

  /** What stood there is watched no more; a folder that stands there now is, and is looked at again once it is. */
  #renew(above: WatchedFolder, name: NodeName): void {
    const old = above.below?.get(name);
    if (old !== undefined) this.#end(old);
    above.below?.delete(name);
    const folder = joinPath(pathOf(above), name);
    if (!this.#isFolder(folder)) return;
    const watched = this.#watch(above, name);
    void this.#watchBelow(watched).then(() => {
      if (watched.isLive) this.#onHint(watched.number === undefined ? undefined : folder);
    });
  }

  #isFolder(path: DiskPath): boolean {
    try {
      return this.#look(this.#at(path))?.isDirectory() === true;
    } catch {
      // A folder above was closed, or the way is too long for the system: whoever keeps it open can still make things there.
      this.#isPartial = true;
      return false;
    }
  }

  #look(text: string): fs.Stats | undefined {
    return fs.lstatSync(Buffer.from(nameToBytes(text)), { throwIfNoEntry: false });
  }

  #at(below: DiskPath): string {
    return `${this.#rootDir}/${below}`;
  }

  /** With all below. */
  #end(watched: WatchedFolder): void {
    watched.isLive = false;
    if (watched.number !== undefined && this.#byNumber.delete(watched.number)) this.#watches.unwatch(watched.number);
    watched.number = undefined;
    for (const child of watched.below?.values() ?? []) this.#end(child);
    watched.below = undefined;
  }
}

function kindOf(what: FolderNews): HintKind {
  if (what === 'written') return 'closed';
  return what === 'arrived' || what === 'removed' ? what : 'changed';
}

function openWatches(code: Native | undefined, onNews: OnFolderNews): FolderWatches {
  if (code?.watches === undefined) return nodeWatches(onNews);
  try {
    return nativeWatches(code.watches, onNews);
  } catch {
    // The system gives out only so many descriptors of this kind (fs.inotify.max_user_instances), and Node may have one.
    return nodeWatches(onNews);
  }
}

function pathOf(watched: WatchedFolder): DiskPath {
  const names: NodeName[] = [];
  for (let at = watched; at.above !== undefined; at = at.above) names.push(at.name);
  return names.toReversed().join('/') as DiskPath;
}

function isOwn(folder: DiskPath, name: string): boolean {
  return (folder === topPath && name === privateFolderName) || isTemporaryName(name);
}
