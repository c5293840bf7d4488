/**
 * Native code (native/): the few things that a program for all systems is slow at, or can't do at all. Nothing depends on it:
 * whoever uses a function has the same in plain JavaScript for where there is none, and tests run over both.
 */
import os from 'node:os';
import { fileURLToPath } from 'node:url';

/** What native/src/addon.cc offers. A wrong argument throws a TypeError, what the system refuses an Error with its `code`. */
export interface Native {
  /**
   * As `Cutter.next`, from within a chunk: where the chunk that goes on at `from` ends in `block`, or -1. `rule`: `CutRule.bytes`.
   * `state`: what is known of the chunk so far; changed.
   */
  nextCut(rule: Uint8Array, state: Uint8Array, block: Uint8Array, from: number): number;
  /** On Linux only. */
  readonly files?: NativeFiles;
  /**
   * Gives back to the system what malloc keeps of freed memory, of all threads; they wait for it some milliseconds. On Linux only; where
   * malloc is not glibc's, it does nothing.
   */
  giveBackMemory?(): void;
  /** No core dump of this process from now on, and of what it starts unless that asks for one: keys are in its memory. On Linux only. */
  forbidCoreDumps?(): void;
  /** Where the program offers its libzstd: Node does, Electron does not. */
  readonly zstd?: NativeZstd;
  /** On Linux only. */
  readonly watches?: NativeWatches;
}

/**
 * Hearing of changes in folders. Nothing stays at work for it, and it ends with what `open` made. Each piece of news: two numbers, the
 * folder's and what it is (0 content or bits of an item, 1 an item came or went, 2 the folder is watched no more, 3 some news were lost,
 * 4 its writer is done with it, 5 it was moved there, 6 it was removed, and not moved away),
 * and the item's name, NUL between them; an empty one where it is about the folder itself.
 */
export interface NativeWatches {
  open(onNews: (names: string, numbers: Float64Array) => void): object;
  /** Never through a link, nor anything but a folder. Its number; one that is watched already keeps its own, whatever its path was. */
  watch(opened: object, path: string): number;
  /** What was heard before may still be told. A number is never given again. */
  unwatch(opened: object, folder: number): void;
  close(opened: object): void;
}

/** zstd with contexts that live as long as the thread. */
export interface NativeZstd {
  /** Writes one frame, which says its length, at the start of `into`; its bytes, or -1 where there is no room for it. `level`: 1 to 19. */
  compress(plain: Uint8Array, into: Uint8Array, level: number): number;
  /** Writes what the frames expand to at the start of `into`; its bytes, or -1 where they are no frames or there is no room. */
  expand(packed: Uint8Array, into: Uint8Array): number;
}

/** Items found, in a few pieces (native/src/item-table.h). */
export interface NativeTable {
  /** Of each item: name, identity, fingerprint, device (of a folder with the mount after a colon, where that is told), target; NUL between them. */
  readonly texts: string;
  /** Of each item: outcome, kind (file, folder, link, other), size, modification time in µs, whether it is executable. */
  readonly numbers: Float64Array;
}

/** What became of files: 0 or an error's number for each, and 80 bytes as `statOpen` has them. */
export interface NativeFinished {
  readonly outcomes: Float64Array;
  readonly stats: Uint8Array<ArrayBuffer>;
}

/**
 * What src/disk/calls/file-calls.ts asks for, in calls of the system on names in open folders. Descriptors that these functions open are
 * closed by `close`, and those of node:fs by node:fs: worker threads of Node keep books on theirs.
 */
export interface NativeFiles {
  /** Open for nothing but to find names in it (O_PATH). Links on the way are followed. */
  openTop(path: string): number;
  /** The same for a folder in a folder ('.': itself), and never through a link. */
  openFolder(folder: number, name: string): number;
  /** `creates`: 1 for a new file to write, 0 to read. Never follows a link, never waits. */
  openFile(folder: number, name: string, creates: 0 | 1): number;
  close(descriptor: number): void;
  /** Writes 80 bytes (native/src/stat-words.h); false where nothing stands there. */
  statEntry(folder: number, name: string, into: Uint8Array): boolean;
  /** The same of what is open. */
  statOpen(descriptor: number, into: Uint8Array): void;
  /** Names with NUL between them. */
  readNames(folder: number): string;
  readLink(folder: number, name: string): string;
  makeFolder(folder: number, name: string, mode: number): void;
  makeLink(target: string, folder: number, name: string): void;
  link(from: number, fromName: string, to: number, toName: string): void;
  /** `how`: 0 replaces, 1 throws EEXIST, 2 swaps. */
  rename(from: number, fromName: string, to: number, toName: string, how: 0 | 1 | 2): void;
  remove(folder: number, name: string, isFolder: 0 | 1): void;
  setLinkTime(folder: number, name: string, timeUs: number): void;
  setFileTime(file: number, timeUs: number): void;
  setFileMode(file: number, mode: number): void;
  /** Sets blocks for so many bytes (at least 1) aside, of a file that keeps its length; false where the file system has no call for it. */
  allocate(file: number, bytes: number): boolean;
  /** Every item of a folder, looked at in another thread. */
  listFolder(folder: number): Promise<readonly NativeTable[]>;
  /**
   * At most 1,024 files of a folder, of 64 MiB together, read in another thread, and what they were like before and after. Outcomes: 0
   * read, -1 not of that size or changed meanwhile, else an error's number. `bytes`: one after the other, each in room of its size.
   */
  readFiles(folder: number, names: readonly string[], sizes: Float64Array): Promise<NativeTable & { readonly bytes: Uint8Array }>;
  /**
   * Sets the times of at most 1,024 open files, makes them durable, all in another thread, and tells what they are like then: 80 bytes each,
   * as `statOpen`. Outcomes: 0, or an error's number. They must stay open until then.
   */
  finishFiles(files: Float64Array, timesUs: Float64Array): Promise<NativeFinished>;
  /**
   * Makes at most 1,024 files in the folder, of 64 MiB together, in another thread: written, with their times (and, where that is 1, to be
   * run by whoever may read), durable and closed. Outcomes and stats as of `finishFiles`; one that failed is not there.
   */
  makeFiles(
    folder: number,
    names: readonly string[],
    contents: readonly Uint8Array[],
    timesUs: Float64Array,
    executable: Float64Array,
  ): Promise<NativeFinished>;
  /**
   * Moves at most 1,024 items of one folder into another one, in another thread, each to a name that must be free. Outcomes and stats as
   * of `finishFiles`; -1: moved, and gone from there a moment later.
   */
  placeFiles(from: number, names: readonly string[], to: number, newNames: readonly string[]): Promise<NativeFinished>;
}

/** Counted up with native/src/addon.cc: a file of another build is as good as none. */
const currentInterface = 11;

/** Native code of this system; undefined where there is none, or where CACHETTE_NO_NATIVE is set. */
export const native: Native | undefined = (process.env['CACHETTE_NO_NATIVE'] ?? '') === '' ? load() : undefined;

function load(): Native | undefined {
  // In the bundle its folder stands beside this file; the sources have it where it was built.
  const prebuilds = import.meta.url.endsWith('.ts') ? '../../native/prebuilds' : './prebuilds';
  const file = fileURLToPath(new URL(`${prebuilds}/${process.platform}-${process.arch}/cachette.node`, import.meta.url));
  const loaded: { exports: Partial<Native> & { readonly interface?: unknown } } = { exports: {} };
  try {
    process.dlopen(loaded, file, os.constants.dlopen.RTLD_NOW);
  } catch {
    // Not built for this system, or for another one of its kind.
    return undefined;
  }
  return loaded.exports.interface === currentInterface ? (loaded.exports as Native) : undefined;
}
