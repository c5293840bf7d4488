import type { Clock } from '../../base/clock.ts';
import type { DiskPath } from '../disk.ts';
import { callCode, type Entry, type FileCalls, type Folder, isAbsence } from '../calls/file-calls.ts';
import { openPrivate, removeTree } from '../private-folder.ts';
import { splitPath } from '../root-anchor.ts';
import type { Touched } from './touched.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Times that the same path can go to the trash in one second. */
const sameSecondMax = 10_000;

/** What went just now stays, however short the room is: whoever moved it there may still be looking at it. */
const freshMs = 60_000;

/** `.cachette/trash/<UTC time>/<path>`: what sync replaced or removed, each at its path under the time when it went. */
export class Trash {
  readonly #calls: FileCalls;
  readonly #clock: Clock;
  readonly #touched: Touched;

  constructor(calls: FileCalls, clock: Clock, touched: Touched) {
    this.#calls = calls;
    this.#clock = clock;
    this.#touched = touched;
  }

  /** A free place for what stood at `path`, in a folder that the caller closes. */
  openPlace(top: Folder, path: DiskPath): Entry {
    const names = splitPath(path);
    const name = names.pop() ?? '';
    const time = toFolderName(this.#clock.nowMs());
    for (let count = 1; count <= sameSecondMax; count += 1) {
      const entry = this.#findPlace(top, ['trash', count === 1 ? time : `${time}-${count}`, ...names], name);
      if (entry !== undefined) return entry;
    }
    throw Object.assign(new Error(`no room in the trash for another item of ${time}`), { code: 'EEXIST' });
  }

  /**
   * Removes for good what went more than `days` ago (0: all), and times that hold nothing. How many of the times under which
   * it went. Throws the first error, when all that can be removed is.
   */
  async empty(top: Folder, days: number): Promise<number> {
    const folder = openPrivate(this.#calls, top, ['trash']);
    const beforeMs = this.#clock.nowMs() - days * dayMs;
    let count = 0;
    const errors: unknown[] = [];
    try {
      for (const name of this.#calls.readNames(folder)) {
        const wentMs = findTime(name);
        try {
          if (days > 0 && (wentMs === undefined || wentMs >= beforeMs)) this.#removeIfEmpty({ folder, name });
          else {
            await removeTree({ calls: this.#calls, clock: this.#clock }, folder, name);
            count += 1;
          }
        } catch (error) {
          errors.push(error);
        }
      }
    } finally {
      this.#calls.closeFolder(folder);
    }
    if (errors.length > 0) throw errors[0] as Error;
    return count;
  }

  #removeIfEmpty(entry: Entry): void {
    try {
      this.#calls.removeFolder(entry);
    } catch (error) {
      // It holds something, or is no folder: it stays for its time.
      if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(callCode(error))) throw error;
    }
  }

  /**
   * Removes for good what went first, until so many bytes are free or nothing is left but what went within the last minute.
   * How many of the times under which it went.
   */
  async makeRoom(top: Folder, wantedBytes: number): Promise<number> {
    const folder = openPrivate(this.#calls, top, ['trash']);
    const beforeMs = this.#clock.nowMs() - freshMs;
    let count = 0;
    try {
      if (this.#calls.space(folder).freeBytes >= wantedBytes) return 0;
      const times = this.#calls.readNames(folder).map((name) => ({ name, wentMs: findTime(name) ?? Infinity }));
      const old = times.filter(({ wentMs }) => wentMs < beforeMs).toSorted((a, b) => a.wentMs - b.wentMs);
      for (const { name } of old) {
        if (this.#calls.space(folder).freeBytes >= wantedBytes) break;
        await removeTree({ calls: this.#calls, clock: this.#clock }, folder, name);
        count += 1;
      }
    } finally {
      this.#calls.closeFolder(folder);
    }
    return count;
  }

  #findPlace(top: Folder, names: readonly string[], name: string): Entry | undefined {
    let folder: Folder;
    try {
      folder = openPrivate(this.#calls, top, names, (parent) => this.#touched.touch(parent));
    } catch (error) {
      // A file that went to the trash stands where a folder is needed now.
      if (isAbsence(error) || callCode(error) === 'EEXIST') return undefined;
      throw error;
    }
    const entry = { folder, name };
    let free = false;
    try {
      free = this.#calls.lstat(entry) === undefined;
    } finally {
      if (!free) this.#calls.closeFolder(folder);
    }
    return free ? entry : undefined;
  }
}

/** `2026-03-01T12-00-00Z`: no colons, for Windows' sake. */
function toFolderName(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}

function findTime(name: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z(?:-\d+)?$/.exec(name);
  const atMs = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
}
