import type { DiskPath, Expected } from './disk.ts';
import { copyItem } from './copy-item.ts';
import type { DiskParts } from './disk-parts.ts';
import { callCode, type Entry, type FileCalls, isAbsence, type Stat } from './file-calls.ts';
import { isExpected, isUntouched } from './observe.ts';
import { removeEmpty } from './place-item.ts';
import { placeNew } from './place-new.ts';
import type { Anchored } from './root-anchor.ts';

type Discarded = 'gone' | 'changed' | 'not-empty';

/** `Disk.discard`. */
export async function discardItem(parts: DiskParts, path: DiskPath, expected: Expected): Promise<Discarded> {
  const outcome = await parts.root.withEntry(path, async (entry) => ({ done: await discardEntry(parts, entry, path, expected) }));
  if (outcome === 'gone') return expected === 'absent' ? 'gone' : 'changed';
  return outcome.done;
}

async function discardEntry(parts: DiskParts, entry: Anchored, path: DiskPath, expected: Expected): Promise<Discarded> {
  const { calls, touched } = parts;
  const before = calls.lstat(entry);
  if (!isExpected(before, expected)) return 'changed';
  if (before === undefined) return 'gone';
  try {
    const done = before.kind === 'folder' ? removeEmpty(calls, entry) : await toTrash(parts, entry, path, before);
    if (done !== 'removed') return done;
  } catch (error) {
    if (isAbsence(error)) return 'changed';
    throw error;
  }
  touched.touch(entry.folder);
  return 'gone';
}

/** Moved there first, looked at then: what a user wrote in the last microsecond goes back. */
async function toTrash(
  { calls, trash, touched }: DiskParts,
  entry: Anchored,
  path: DiskPath,
  before: Stat,
): Promise<'removed' | 'changed'> {
  const keep = trash.openPlace(entry.top, path);
  try {
    try {
      calls.rename(entry, keep);
    } catch (error) {
      if (callCode(error) !== 'EXDEV') throw error;
      return await copyToTrash(calls, entry, keep, before);
    }
    if (isUntouched(before, calls.lstat(keep))) {
      touched.touch(keep.folder);
      return 'removed';
    }
    // Where he has taken the place again, what he wrote first stays in the trash.
    placeNew(calls, keep, entry);
    return 'changed';
  } finally {
    calls.closeFolder(keep.folder);
  }
}

/** From another file system. A write between the last look and unlink (two calls in a row) is not found. */
async function copyToTrash(calls: FileCalls, entry: Entry, keep: Entry, before: Stat): Promise<'removed' | 'changed'> {
  if ((await copyItem(calls, entry, keep, before)) === 'changed') return 'changed';
  if (calls.lstat(entry)?.ctimeNs !== before.ctimeNs) {
    calls.unlink(keep);
    return 'changed';
  }
  calls.unlink(entry);
  return 'removed';
}
