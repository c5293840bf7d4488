import fs from 'node:fs';
import path from 'node:path';
import { toIndexFailure } from './sqlite-failure.ts';

/** What SQLite keeps beside the file, named after it. */
const companions = ['-wal', '-shm', '-journal'];

/**
 * Moves a damaged index out of the way, never deletes it: what it holds may still be wanted. Nobody may have it open.
 * Returns where it stands now; undefined where there was none. Throws E_DISK.
 */
export function quarantineIndex(file: string): string | undefined {
  try {
    if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
    const target = freeName(file);
    // The file first: a crash in between then leaves a WAL that SQLite drops (it belongs to no database), whereas the
    // other way round an index without its last commits would be opened as if it were whole.
    fs.renameSync(file, target);
    for (const suffix of companions) moveIfThere(file + suffix, target + suffix);
    return target;
  } catch (error) {
    throw toIndexFailure(error, file);
  }
}

function freeName(file: string): string {
  const taken = new Set(fs.readdirSync(path.dirname(file)));
  for (let number = 1; ; number += 1) {
    const target = `${file}.damaged-${number}`;
    if (!['', ...companions].some((suffix) => taken.has(path.basename(target) + suffix))) return target;
  }
}

function moveIfThere(from: string, to: string): void {
  if (fs.lstatSync(from, { throwIfNoEntry: false }) !== undefined) fs.renameSync(from, to);
}
