import { Failure } from '../base/failure.ts';
import { displayName, findNameFault, isPrivateName, isTemporaryName, nameFromBytes, privateFolderName } from '../model/name.ts';
import type { DiskPath } from './disk.ts';
import { callCode, type Entry, type FileCalls, type Folder, isAbsence, type OpenFile, type Stat } from './calls/file-calls.ts';
import { isOther } from './observe.ts';

/** File in the private folder by which a folder is known to be the one that was linked. */
export const markName = 'mark';
const markMaxBytes = 4096;

/** A name in an open folder, and how to let the folder go. */
export interface Anchored extends Entry {
  /** The synced folder itself, open as well. */
  readonly top: Folder;
}

/**
 * The way from the synced folder down to any folder in it: one open per name, never through a link, every time anew.
 * (Folders kept open would go on pointing into one that was moved away, and would keep a disk from being unmounted.)
 * Each way starts by comparing the folder with the one whose mark was checked, so that nothing is ever written where a
 * disk was unmounted.
 */
export class RootAnchor {
  readonly #calls: FileCalls;
  readonly #mark: string;
  /** Device and inode of the folder whose mark was found right. */
  #checked: Pick<Stat, 'device' | 'inode'> | undefined;

  constructor(calls: FileCalls, mark: string) {
    this.#calls = calls;
    this.#mark = mark;
  }

  /** Reads the mark. Throws E_FOLDER_MISSING where it is not there or another one. */
  async check(): Promise<void> {
    this.#checked = undefined;
    const top = this.#openTop();
    try {
      const mark = await readMark(this.#calls, top);
      if (mark === undefined) throw missing('its mark is not there', undefined, unmarkedAction);
      if (mark !== this.#mark) throw missing('it bears the mark of another link');
      this.#checked = this.#calls.statFolder(top);
    } finally {
      this.#calls.closeFolder(top);
    }
  }

  /** Runs `act` with the synced folder open. Throws E_FOLDER_MISSING where it is not the one that was linked. */
  async withTop<Result>(act: (top: Folder) => Result | Promise<Result>): Promise<Result> {
    if (this.#checked === undefined) await this.check();
    const top = this.#openTop();
    try {
      const { device, inode } = this.#calls.statFolder(top);
      if (device !== this.#checked?.device || inode !== this.#checked.inode) throw missing('another folder is in its place');
      return await act(top);
    } finally {
      this.#calls.closeFolder(top);
    }
  }

  /** Runs `act` with the folder open; 'gone' where no folder stands there. Throws what the calls throw (EACCES and the like). */
  async withFolder<Result>(path: DiskPath, act: (folder: Folder, top: Folder) => Result | Promise<Result>): Promise<Result | 'gone'> {
    return this.withTop(async (top) => {
      const folder = openBelow(this.#calls, top, splitPath(path));
      if (folder === undefined) return 'gone';
      try {
        return await act(folder, top);
      } finally {
        this.#calls.closeFolder(folder);
      }
    });
  }

  /** Runs `act` on the name in its folder, open; 'gone' where that folder is not there, or is another one than is known. */
  async withEntry<Result>(path: DiskPath, act: (entry: Anchored) => Result | Promise<Result>, known = ''): Promise<Result | 'gone'> {
    const names = splitPath(path);
    const name = names.pop();
    if (name === undefined) throw new Failure('E_FAILED', 'the synced folder itself is never acted on');
    return this.withFolder(names.join('/') as DiskPath, (folder, top) =>
      known !== '' && isOther(this.#calls.statFolder(folder), known) ? 'gone' : act({ folder, name, top }),
    );
  }

  #openTop(): Folder {
    try {
      return this.#calls.openTop();
    } catch (error) {
      if (isAbsence(error)) throw missing('nothing is there', error);
      throw error;
    }
  }
}

/**
 * The names of a path. Throws E_UNSAFE_NAME for what must never be acted on, whoever judged it before: what is no name,
 * Cachette's own folder (in any case, for disks that don't tell cases apart) and its temporary files.
 */
export function splitPath(path: DiskPath): string[] {
  const names = path === '' ? [] : path.split('/');
  for (const name of names) {
    const fault = isTemporaryName(name) ? 'is a name of Cachette itself' : findNameFault(name);
    if (fault !== undefined) throw new Failure('E_UNSAFE_NAME', `${displayName(path)}: ${JSON.stringify(displayName(name))} ${fault}`);
  }
  if (names[0] !== undefined && isPrivateName(names[0]))
    throw new Failure('E_UNSAFE_NAME', `${displayName(path)}: belongs to Cachette itself`);
  return names;
}

/** The folder open; undefined where it is not there. The one given stays open. */
export function openBelow(calls: FileCalls, from: Folder, names: readonly string[]): Folder | undefined {
  if (names.length === 0) return calls.openFolder(from, '.');
  let folder = from;
  for (const name of names) {
    const parent = folder;
    try {
      folder = calls.openFolder(parent, name);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    } finally {
      if (parent !== from) calls.closeFolder(parent);
    }
  }
  return folder;
}

/** The mark of the folder; undefined where there is none. */
export async function readMark(calls: FileCalls, top: Folder): Promise<string | undefined> {
  let folder: Folder | undefined;
  let file: OpenFile | undefined;
  try {
    folder = openBelow(calls, top, [privateFolderName]);
    if (folder === undefined) return undefined;
    file = calls.openFile({ folder, name: markName }, 'read');
    const bytes = new Uint8Array(markMaxBytes);
    let length = 0;
    for (let count = -1; count !== 0 && length < markMaxBytes; length += count) count = await calls.readFile(file, bytes.subarray(length));
    return nameFromBytes(bytes.subarray(0, length));
  } catch (error) {
    if (isAbsence(error) || callCode(error) === 'EISDIR') return undefined;
    throw error;
  } finally {
    if (file !== undefined) calls.closeFile(file);
    if (folder !== undefined) calls.closeFolder(folder);
  }
}

/** Another folder, or a disk that is not mounted; or somebody tidied up. */
const unmarkedAction = `bring back the folder with its ${privateFolderName} (moved: \`cachette relink --folder DIR\`); where that is lost, \`cachette join\` with a new profile goes on with the files as they are; nothing was removed`;

function missing(reason: string, cause?: unknown, action?: string): Failure {
  const detail = { ...(cause === undefined ? {} : { cause }), ...(action === undefined ? {} : { action }) };
  return new Failure('E_FOLDER_MISSING', `the synced folder is not the one that was linked: ${reason}`, detail);
}
