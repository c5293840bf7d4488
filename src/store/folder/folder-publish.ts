import { link, lstat, rename, unlink } from 'node:fs/promises';
import { errnoOf } from '../../base/errno.ts';

/** What file systems without hard links say (FAT, exFAT, many network shares). */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EACCES', 'EINVAL', 'UNKNOWN']);

/** Gives a complete temporary file its name, without ever replacing anything. The temporary name is gone afterwards. */
export async function publishFile(temporary: string, target: string): Promise<'stored' | 'exists'> {
  try {
    await link(temporary, target);
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    if (errno === 'EEXIST') return 'exists';
    if (noLinks.has(errno)) return publishByRename(temporary, target);
    throw error;
  }
  await unlink(temporary).catch(() => {
    // The object stands; the second name of it goes with the next sweep of old temporaries.
  });
  return 'stored';
}

/**
 * As publishFile where there are no links. Between look and rename another writer may take the name; two of them write
 * one name only when one device tries the same bytes again, so either rename is right.
 */
export async function publishByRename(temporary: string, target: string): Promise<'stored' | 'exists'> {
  if (await isTaken(target)) return 'exists';
  await rename(temporary, target);
  return 'stored';
}

async function isTaken(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
