import fs from 'node:fs';
import type { SystemPath } from './node-paths.ts';

/**
 * Linux makes up the inode numbers of FAT and exFAT whenever an item is looked at anew (fs/fat/inode.c and fs/exfat/inode.c:
 * iunique), from the first one on after each start; their birth times, which it tells since 5.19, are of ten milliseconds.
 * So a file may well come to number and birth time that another one had which was copied together with it, and would pass
 * for that one, renamed: with equal sizes even unread. Types as statfs(2) has them.
 */
const typesWithMadeUpInodes = new Set([0x4d44, 0x2011bab0]);

/** Type of the file system that the path is on, as statfs(2) has it. */
export type FileSystemType = (path: SystemPath) => number;

export function fileSystemType(path: SystemPath): number {
  return fs.statfsSync(path).type;
}

/** Whether inode numbers mean nothing there. Asks once for each device. */
export class MadeUpInodes {
  readonly #typeOf: FileSystemType;
  readonly #known = new Map<bigint, boolean>();

  constructor(typeOf: FileSystemType) {
    this.#typeOf = typeOf;
  }

  /** `path`: of something on the device. */
  areOn(device: bigint, path: () => SystemPath): boolean {
    const known = this.#known.get(device);
    if (known !== undefined) return known;
    if (process.platform !== 'linux') return this.#note(device, false);
    try {
      return this.#note(device, typesWithMadeUpInodes.has(this.#typeOf(path())));
    } catch {
      // It has vanished meanwhile: the next one tells.
      return true;
    }
  }

  #note(device: bigint, areMadeUp: boolean): boolean {
    this.#known.set(device, areMadeUp);
    return areMadeUp;
  }
}
