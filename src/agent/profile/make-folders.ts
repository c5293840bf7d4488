import fs from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../base/errno.ts';

/**
 * Makes a folder and those above it that are missing; the topmost that it made, undefined where all were there. In place of
 * `mkdir` with `recursive`, which never ends where a folder is there but takes nothing new (`/proc/x`: ENOENT for ever).
 * Rejects with the system's error.
 */
export async function makeFolders(dir: string, mode = 0o777): Promise<string | undefined> {
  const parent = path.dirname(dir);
  try {
    return await makeOne(dir, mode);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || parent === dir) throw error;
  }
  const above = await makeFolders(parent, mode);
  const made = await makeOne(dir, mode);
  return above ?? made;
}

/** The folder, if it was made; undefined where one stood there. */
async function makeOne(dir: string, mode: number): Promise<string | undefined> {
  try {
    await fs.mkdir(dir, { mode });
    return dir;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' && (await fs.stat(dir)).isDirectory()) return undefined;
    throw error;
  }
}
