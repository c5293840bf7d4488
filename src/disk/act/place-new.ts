import { callCode, type Entry, type FileCalls, isLinkRefusal, isUnsupported } from '../calls/file-calls.ts';

/**
 * Moves a file or link to a name that must be free. 'taken': it is not, and nothing was done. Race-free by
 * `renameNew` or by hard link; without either, a name that is taken between lstat and rename is written over.
 * By hard link both names are there for microseconds.
 */
export function placeNew(calls: FileCalls, source: Entry, entry: Entry): 'placed' | 'taken' {
  try {
    if (tryRenameNew(calls, source, entry)) return 'placed';
    if (tryLink(calls, source, entry)) {
      calls.unlink(source);
      return 'placed';
    }
  } catch (error) {
    if (callCode(error) === 'EEXIST') return 'taken';
    throw error;
  }
  if (calls.lstat(entry) !== undefined) return 'taken';
  calls.rename(source, entry);
  return 'placed';
}

/** false: this file system can't. Throws EEXIST. */
export function tryRenameNew(calls: FileCalls, source: Entry, entry: Entry): boolean {
  if (calls.renameNew === undefined) return false;
  try {
    calls.renameNew(source, entry);
    return true;
  } catch (error) {
    if (isUnsupported(error)) return false;
    throw error;
  }
}

/** false: this file system can't. Throws EEXIST, EXDEV. */
export function tryLink(calls: FileCalls, source: Entry, entry: Entry): boolean {
  try {
    calls.link(source, entry);
    return true;
  } catch (error) {
    if (isLinkRefusal(error) && callCode(error) !== 'EXDEV') return false;
    throw error;
  }
}
