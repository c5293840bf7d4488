/**
 * The few calls to an operating system that the Disk is made of. Everything stands in an open folder and bears one name
 * there (as `openat` and its family have it), so that no path is ever resolved twice and no link on the way is followed.
 * Implemented on node:fs, and by the simulator's file system, under the same algorithms.
 *
 * Calls throw errors with a POSIX `code` (ENOENT, EEXIST, …). What is synchronous takes microseconds; between two
 * synchronous calls nothing else of this process runs.
 */
import { errnoOf } from '../../base/errno.ts';
import type { DiskSpace } from '../disk-reserve.ts';
import type { NodeName } from '../../model/name.ts';
import type { Listed, Observed } from '../disk.ts';

declare const brand: unique symbol;
/** An open folder: stays the same folder wherever it is moved. */
export type Folder = number & { readonly [brand]: 'Folder' };
/** An open file. */
export type OpenFile = number & { readonly [brand]: 'OpenFile' };

/** A name in an open folder, whether or not something stands there. */
export interface Entry {
  readonly folder: Folder;
  readonly name: string;
}

/** What lstat and fstat show. */
export interface Stat {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly device: bigint;
  /** Which mount it is reached through, until that is unmounted; 0 where the system does not tell. */
  readonly mount: bigint;
  readonly inode: bigint;
  /** 0 where the file system keeps none. */
  readonly birthNs: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly sizeBytes: number;
  /** Permission bits, setuid and the like included (0 to 0o7777). */
  readonly mode: number;
  /** How many names it has; 1 where the file system knows no second ones. */
  readonly nameCount: number;
}

/** What stands in a folder. */
export interface FolderItems {
  readonly entries: readonly Listed[];
  /** Names of items of which the disk does not say what they are (`isItemsOwn`). */
  readonly unknown: readonly NodeName[];
}

/** A small file that was read from start to end; 'changed': not of that size, no file, or written to meanwhile. */
export type WholeFile = { readonly now: Observed; readonly bytes: Uint8Array } | 'changed' | { readonly error: unknown };

/** A file that is all written, and the time that it is to have. */
export interface WrittenFile {
  readonly file: OpenFile;
  readonly mtimeUs: number;
}

/** A small file that is to be made, as a whole. */
export interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mtimeUs: number;
  readonly executable: boolean;
}

export type FinishedFile = Stat | { readonly error: unknown };

/** An item that is to be moved to a free name in another folder. */
export interface ItemToPlace {
  readonly name: string;
  readonly newName: string;
}

/** What stands there then; 'unseen': it was placed, and gone from there a moment later. */
export type PlacedItem = FinishedFile | 'unseen';

export interface FileCalls {
  /** Opens the synced folder. The one call that takes a path; links above it are followed. */
  openTop(): Folder;
  /** Opens a folder in a folder; `.` opens it again. ENOENT; ENOTDIR for anything else, links included. */
  openFolder(parent: Folder, name: string): Folder;
  closeFolder(folder: Folder): void;
  statFolder(folder: Folder): Stat;
  /** Names in the folder but `.` and `..`. */
  readNames(folder: Folder): NodeName[];
  /**
   * All at once, as `listEntries` (list-folder.ts) does it with single calls: names with lstat and readLink, and everything again
   * where names came meanwhile. `rest` is awaited now and then. Missing where there are only single calls.
   */
  listFolder?(folder: Folder, rest: () => Promise<void>): Promise<FolderItems>;
  /** Whole files of the folder, as `readEntry` (read-file.ts) reads one. At most 64 MiB together. Missing as above. */
  readFiles?(folder: Folder, files: readonly { readonly name: string; readonly sizeBytes: number }[]): Promise<WholeFile[]>;
  /** Opens the folder once more, so that it can be made durable whatever becomes of the rights to it. EACCES where its names can't be read. */
  openToSync(folder: Folder): Folder;
  /** Makes the folder's entries durable. EACCES where they can't be read, unless it was opened for this. */
  syncFolder(folder: Folder): Promise<void>;
  /** Room on the folder's file system. */
  space(folder: Folder): DiskSpace;

  /** undefined where nothing stands. */
  lstat(entry: Entry): Stat | undefined;
  readLink(entry: Entry): string;
  /** EEXIST. */
  makeFolder(entry: Entry, mode: number): void;
  /** EEXIST. */
  makeLink(target: string, entry: Entry): void;
  /** A second name for a file, or for a link itself. EEXIST; EPERM or the like where the file system has no such thing; EXDEV. */
  link(from: Entry, to: Entry): void;
  /** Replaces what stands at `to`. EXDEV. */
  rename(from: Entry, to: Entry): void;
  /** Throws EEXIST rather than replace. Missing where the system has none; EINVAL or ENOSYS where the file system has none. */
  renameNew?(from: Entry, to: Entry): void;
  /** Swaps two entries at once. Missing and EINVAL as above. */
  exchange?(a: Entry, b: Entry): void;
  unlink(entry: Entry): void;
  /** ENOTEMPTY. */
  removeFolder(entry: Entry): void;
  /** Modification time of a link itself. */
  setLinkTime(entry: Entry, mtimeUs: number): void;

  /** `read`: never waits (FIFO, device) and never follows a link (ELOOP). `create`: a new file, 0644 less the umask; EEXIST. */
  openFile(entry: Entry, how: 'read' | 'create'): OpenFile;
  closeFile(file: OpenFile): void;
  statFile(file: OpenFile): Stat;
  setFileTime(file: OpenFile, mtimeUs: number): void;
  setFileMode(file: OpenFile, mode: number): void;
  /**
   * Has the file system set room aside for a new file that will be so long, in one piece where it can: it is then known at the start that
   * there is enough. False where the file system has no call for that. Missing where the system has none.
   */
  allocate?(file: OpenFile, sizeBytes: number): boolean;
  /**
   * Whether the system's note says that the file came from outside. Missing where the system has no such notes, like the next one; what a
   * file system answers that has none: `isUnsupported`.
   */
  readOrigin?(entry: Entry): boolean;
  /** Notes it, or takes the note away. May set the file's times. */
  setOrigin?(entry: Entry, fromOutside: boolean): void;
  /** Reads on into the buffer; how many bytes came, 0 at the end. */
  readFile(file: OpenFile, into: Uint8Array): Promise<number>;
  /** Writes all of it at that place. */
  writeFile(file: OpenFile, bytes: Uint8Array, offset: number): Promise<void>;
  /** Makes content, times and bits durable. */
  syncFile(file: OpenFile): Promise<void>;
  /** `setFileTime`, `syncFile` and `statFile` of up to 1,024 files at once. Missing where there are only single calls. */
  finishFiles?(files: readonly WrittenFile[]): Promise<FinishedFile[]>;
  /**
   * New files of a folder, up to 1,024 of 64 MiB together: each opened to `create`, written, with its time and bits, durable, closed. One
   * that has an error is not there. Missing where there are only single calls.
   */
  makeFiles?(folder: Folder, files: readonly NewFile[]): Promise<FinishedFile[]>;
  /**
   * `renameNew` of up to 1,024 items of one folder, each followed by `lstat`. One that has an error is where it was. Missing where there
   * are only single calls.
   */
  placeFiles?(from: Folder, to: Folder, items: readonly ItemToPlace[]): Promise<PlacedItem[]>;
}

/** POSIX code of an error from a call; '' for any other value. */
export function callCode(error: unknown): string {
  const code = errnoOf(error) ?? '';
  return /^E[A-Z0-9]+$/.test(code) ? code : '';
}

/** Nothing stands there: no such name, or something above it is no folder (any more). */
export function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(callCode(error));
}

/** The process or the system has too little of something just now: that says nothing of what was asked for. */
export function isScarcity(error: unknown): boolean {
  return ['EMFILE', 'ENFILE', 'ENOMEM'].includes(callCode(error));
}

/** What the system answered is about the item alone: nothing is known of that, and it is no reason to stop with everything else. */
export function isItemsOwn(error: unknown): boolean {
  return callCode(error) !== '' && !isAbsence(error) && !isScarcity(error);
}

/** The file system has no hard links, or refuses this one (other owner, too many, other file system). */
export function isLinkRefusal(error: unknown): boolean {
  return ['EPERM', 'EMLINK', 'EXDEV', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'].includes(callCode(error));
}

/** The system knows the call, this file system does not. */
export function isUnsupported(error: unknown): boolean {
  return ['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(callCode(error));
}
