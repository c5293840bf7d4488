import { Failure } from '../../base/failure.ts';
import type { ActOutcome, DiskPath, Expected, FileMeta } from '../disk.ts';
import type { DiskParts } from '../disk-parts.ts';
import { type Entry, type FileCalls, isAbsence, type OpenFile, type Stat } from '../calls/file-calls.ts';
import { isExpected, isSameItem, isUntouched, observe } from '../observe.ts';
import { setModeIfKept } from './set-mode.ts';
import { readOriginIfKept, setOriginIfKept } from '../origin-note.ts';

/**
 * `Disk.setMeta`, on files through an open file: no other file can be hit. Setting the time hides a write between the
 * last look and the act (one call apart), so after that the fingerprint told is one that the file does not have: it is
 * read once more.
 */
export async function setItemMeta(parts: DiskParts, path: DiskPath, expected: Expected, meta: FileMeta): Promise<ActOutcome> {
  if (expected === 'absent' || (expected.kind !== 'file' && expected.kind !== 'link')) {
    throw new Failure('E_FAILED', 'only files and links have times and bits');
  }
  const set = expected.kind === 'file' ? setFile : setLink;
  const outcome = await parts.root.withEntry(path, (entry) => {
    try {
      return set(parts, entry, expected, meta);
    } catch (error) {
      if (isAbsence(error)) return 'changed';
      throw error;
    }
  });
  return outcome === 'gone' ? 'changed' : outcome;
}

function setFile({ calls, touched }: DiskParts, entry: Entry, expected: Expected, meta: FileMeta): ActOutcome {
  const file = calls.openFile(entry, 'read');
  let taken = false;
  try {
    const before = calls.statFile(file);
    if (!isExpected(before, expected)) return 'changed';
    const now = setOpenFile(calls, { entry, file, before }, meta);
    touched.take(file);
    taken = true;
    return { now };
  } finally {
    if (!taken) calls.closeFile(file);
  }
}

interface OpenToSet {
  readonly entry: Entry;
  readonly file: OpenFile;
  readonly before: Stat;
}

function setOpenFile(
  calls: FileCalls,
  { entry, file, before }: OpenToSet,
  { mtimeUs, executable, fromOutside }: FileMeta,
): ReturnType<typeof observe> {
  const seen = observe(before, '');
  if (seen.executable !== executable) {
    // Only this one bit is ours; setuid and the like go.
    setModeIfKept(calls, file, executable ? (before.mode & 0o777) | 0o100 : before.mode & 0o677);
  }
  const isNoted = noteOrigin(calls, { entry, before }, fromOutside);
  if (seen.mtimeUs !== mtimeUs || isNoted) {
    calls.setFileTime(file, mtimeUs);
    return observe({ ...calls.statFile(file), ctimeNs: before.ctimeNs }, '');
  }
  const after = calls.statFile(file);
  return observe(isUntouched(before, after) ? after : before, '');
}

/** Whether anything came of it. Only by its name can the note of a file be reached: another file under that name is left alone. */
function noteOrigin(calls: FileCalls, { entry, before }: Pick<OpenToSet, 'entry' | 'before'>, fromOutside: boolean): boolean {
  const noted = readOriginIfKept(calls, entry);
  if (noted === undefined || noted === fromOutside) return false;
  const there = calls.lstat(entry);
  if (there === undefined || !isSameItem(there, before)) return false;
  setOriginIfKept(calls, entry, fromOutside);
  return true;
}

function setLink({ calls, touched }: DiskParts, entry: Entry, expected: Expected, { mtimeUs }: FileMeta): ActOutcome {
  const before = calls.lstat(entry);
  if (!isExpected(before, expected)) return 'changed';
  const target = calls.readLink(entry);
  calls.setLinkTime(entry, mtimeUs);
  touched.touch(entry.folder);
  const now = calls.lstat(entry);
  return now?.kind === 'link' ? { now: observe(now, target) } : 'changed';
}
