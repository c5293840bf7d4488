/** Where an item of the synced folder stands on this computer: in that folder, whatever links lie on the way. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../base/failure.ts';

/**
 * `at`: its path in the vault; '' is the folder itself. The item itself may be a link: what it leads to is not looked at. Throws
 * E_USAGE for a place outside, E_NOT_FOUND where there is no such folder.
 */
export async function findItemPlace(folder: string, at: string): Promise<string> {
  const item = path.resolve(folder, ...at.split('/').filter((name) => name !== ''));
  if (!isWithin(folder, item)) throw outside();
  const top = await realFolder(folder);
  if (item === path.resolve(folder)) return top;
  const above = await realFolder(path.dirname(item));
  // Another device can have sent a link, and a window names what it likes below it.
  if (!isWithin(top, above)) throw outside();
  return path.join(above, path.basename(item));
}

async function realFolder(dir: string): Promise<string> {
  try {
    const real = await fs.realpath(dir);
    if ((await fs.stat(real)).isDirectory()) return real;
  } catch {
    // Told below.
  }
  throw new Failure('E_NOT_FOUND', 'this is not on this computer now', { action: 'look whether its folder is there' });
}

function isWithin(folder: string, item: string): boolean {
  const way = path.relative(folder, item);
  return way === '' || (!path.isAbsolute(way) && way.split(path.sep)[0] !== '..');
}

function outside(): Failure {
  return new Failure('E_USAGE', 'this is not in the synced folder');
}
