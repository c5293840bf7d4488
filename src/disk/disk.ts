/**
 * The Disk port: one synced folder as the engine sees it. All surprise from people and other programs enters here.
 * The real adapter and the simulator's fake pass the same conformance suite (test/contract/disk).
 *
 * Every act on a path names what the engine believes is there (`Expected`) and re-checks it at the last moment; what it
 * finds instead is left alone and reported as 'changed'. What is displaced goes to the trash, never away.
 * Verbs throw only `Failure` (E_DISK, E_FOLDER_MISSING, …) or the signal's reason.
 */
import type { Failure } from '../base/failure.ts';
import type { DiskTraits } from '../model/disk-traits.ts';
import type { NodeName } from '../model/name.ts';

declare const brand: unique symbol;
/** Path under the synced folder, '/' between names, '' for the folder itself. Made by `joinPath` from judged names only. */
export type DiskPath = string & { readonly [brand]: 'DiskPath' };

/** The folder itself. */
export const topPath = '' as DiskPath;

/** The path of a name in a folder. The name must have passed `findNameFault`. */
export function joinPath(folder: DiskPath, name: NodeName): DiskPath {
  return (folder === '' ? name : `${folder}/${name}`) as DiskPath;
}

/** What lstat shows. */
export interface Observed {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Inode number and birth time (`ino:birthtimeNs`): stays through renames. '' where the file system has none. */
  readonly identity: string;
  /** `ino:size:mtimeNs:ctimeNs`; changes whenever content or metadata may have. '' for folders. */
  readonly fingerprint: string;
  readonly sizeBytes: number;
  readonly mtimeUs: number;
  readonly executable: boolean;
  /** Whether the system's note says that it came from outside: of a file that was just read, on a disk that has such notes (`DiskTraits.keepsOrigin`). */
  readonly fromOutside?: boolean | undefined;
  /** File system of a folder, and how it is mounted, as text; '' otherwise. Another one than that of the folder above: something is mounted here. */
  readonly device: string;
  /** Link text of a link, bytes as in names; '' otherwise. */
  readonly target: string;
}

export interface Listed extends Observed {
  readonly name: NodeName;
}

/** What a listing found. `unreadable`: nothing is known of what is inside. `gone`: no folder stands there. */
export type Listing =
  | {
      readonly entries: readonly Listed[];
      /** Names of further items, of which the disk does not say what they are: each may be as it was known. */
      readonly unknown: readonly NodeName[];
      /** The folder's own, as of any item. */
      readonly device: string;
      readonly identity: string;
    }
  | 'gone'
  | 'unreadable';

/** What the engine believes stands at a path: nothing, or an item with this identity and fingerprint. */
export type Expected = 'absent' | Pick<Observed, 'kind' | 'identity' | 'fingerprint'>;

/** How an act ended. 'changed': the path does not hold what was expected, or the folder above is gone; nothing was done. */
export type ActOutcome = { readonly now: Observed } | 'changed';

/** A small file to read, as it was seen last. */
export interface SmallFile {
  readonly path: DiskPath;
  readonly expected: Exclude<Expected, 'absent'>;
  readonly sizeBytes: number;
}

/** What reading a small file found; as `read` tells. The bytes may share a buffer with those of other files. */
export type WholeReading = { readonly now: Observed; readonly bytes: Uint8Array } | 'changed' | 'unreadable';

/** A file being written out of sight, on the same file system as its place. */
export interface StagedFile {
  /** Writes at a position; parts may come in any order. Rejects with E_DISK when the disk is full; then `discard` it. */
  write(bytes: Uint8Array, offset: number): Promise<void>;
  /** Closes the file with its times and bits and makes its bytes durable. Gives the identity that it has, also in its place on the same file system. */
  finish(meta: FileMeta): Promise<string>;
  /** Removes it; harmless after `finish` and after it was placed. */
  discard(): Promise<void>;
}

/** A finished staged file, and the name that it is to have. */
export interface FileToPlace {
  readonly staged: StagedFile;
  readonly name: NodeName;
}

/** A staged file that is all written, and what it is to be like. */
export interface FileToFinish {
  readonly staged: StagedFile;
  readonly meta: FileMeta;
}

export interface FileMeta {
  readonly mtimeUs: number;
  readonly executable: boolean;
  /** Noted on a disk that has such notes; else nothing comes of it. */
  readonly fromOutside: boolean;
}

export interface LinkToMake {
  /** Bytes as in names. */
  readonly target: string;
  readonly mtimeUs: number;
}

/** Gives room for the next block: at least a byte, and a view of the same memory as before if it likes. `mostBytes`: what is left to read. */
export type RoomForBlock = (mostBytes: number) => Promise<Uint8Array>;

export interface Disk {
  /** Throws E_FOLDER_MISSING unless the folder is there and is the one that was linked (its own mark inside matches). */
  checkRoot(): Promise<void>;
  /** What the folder lies on: another text as soon as it may be another file system. */
  fileSystem(): Promise<string>;
  /** What that file system can hold, tried out with files of a moment in Cachette's own folder. Throws E_DISK where nothing can be written. */
  probeTraits(): Promise<DiskTraits>;
  /** The folder's entries without those of Cachette's own; each with lstat. Entries that vanish meanwhile are left out. */
  list(folder: DiskPath): Promise<Listing>;
  /** lstat; undefined where nothing stands. Never follows a link, not in the folders above either. */
  look(path: DiskPath): Promise<Observed | undefined>;
  /**
   * Reads a regular file from start to end in blocks of at most so many bytes, each in a buffer of its own, or into the rooms given.
   * 'changed' when it is not what was expected, or not the same after reading as before: the blocks then mean nothing.
   */
  read(
    path: DiskPath,
    expected: Expected,
    onBlock: (block: Uint8Array) => Promise<void> | void,
    blocks: number | RoomForBlock,
  ): Promise<ActOutcome | 'unreadable'>;
  /** As `read`, of many small files (a few megabytes together), in their order: fastest where those of one folder follow each other. */
  readWhole(files: readonly SmallFile[]): Promise<readonly WholeReading[]>;
  /** A new staged file for something of about this size. */
  stage(sizeBytes: number): Promise<StagedFile>;
  /** `finish` of many, whose flushes are joined. For each its identity, or why this disk does not take it. */
  finishAll(files: readonly FileToFinish[]): Promise<readonly (string | Failure)[]>;
  /**
   * Puts a finished staged file at the path. What stood there (if expected) goes to the trash. Atomic for readers.
   *
   * `folder`, here and below: the identity of the folder above the new place, where it is known. Another one that bears its
   * name by now is given nothing: 'changed'.
   */
  place(staged: StagedFile, path: DiskPath, expected: Expected, folder?: string): Promise<ActOutcome>;
  /**
   * `place` of many in one folder, where names that must be free are taken with one call. For each what it came to; undefined for one
   * that nothing was done with: it has to be placed by itself. Nothing was done with any of them where this throws.
   */
  placeNew(files: readonly FileToPlace[], path: DiskPath, folder?: string): Promise<readonly (ActOutcome | undefined)[]>;
  /** Makes a link. What stood there (if expected) goes to the trash. */
  placeLink(link: LinkToMake, path: DiskPath, expected: Expected, folder?: string): Promise<ActOutcome>;
  makeFolder(path: DiskPath, folder?: string): Promise<ActOutcome>;
  /** Renames within the folder; the target must be free. */
  move(from: DiskPath, to: DiskPath, expected: Expected, folder?: string): Promise<ActOutcome>;
  setMeta(path: DiskPath, expected: Expected, meta: FileMeta): Promise<ActOutcome>;
  /**
   * Moves a file or link to the trash, or removes an empty folder. 'not-empty': the folder holds something still. What
   * changed at the last moment goes back; to the top of the synced folder where its own folder refuses that (E_DISK then), and
   * to the trash where its name was taken again.
   */
  discard(path: DiskPath, expected: Expected): Promise<'gone' | 'changed' | 'not-empty'>;
  /** As `discard`, but for good: for what can be had again elsewhere. */
  release(path: DiskPath, expected: Expected): Promise<'gone' | 'changed' | 'not-empty'>;
  /** Makes all acts so far survive a power cut (folders' entries included). */
  settle(): Promise<void>;
  /**
   * Clears what a crash left of acts: staged files go, what was taken away goes on to the trash, or (where a user wrote to it
   * at that moment) to the top of the synced folder as `name (kept)`. Only the owner of the folder may call it, between acts.
   */
  clearStaged(): Promise<void>;
}
