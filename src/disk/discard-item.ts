import type { DiskPath, Expected } from './disk.ts';
import { copyItem } from './copy-item.ts';
import type { DiskParts } from './disk-parts.ts';
import { callCode, type Entry, type FileCalls, isAbsence, type Stat } from './file-calls.ts';
import { isExpected, isUntouched } from './observe.ts';
import { removeEmpty } from './place-item.ts';
import { putBack } from './put-back.ts';
import type { Anchored } from './root-anchor.ts';

type Discarded = 'gone' | 'changed' | 'not-empty';

/** What becomes of a file or link: 'trash' keeps it there, 'nothing' frees its space. */
type Becomes = 'trash' | 'nothing';

interface Discard {
  readonly path: DiskPath;
  readonly expected: Expected;
  readonly becomes: Becomes;
}

/** `Disk.discard` and `Disk.release`. */
export async function discardItem(parts: DiskParts, discard: Discard): Promise<Discarded> {
  const outcome = await parts.root.withEntry(discard.path, async (entry) => ({ done: await discardEntry(parts, entry, discard) }));
  if (outcome === 'gone') return discard.expected === 'absent' ? 'gone' : 'changed';
  return outcome.done;
}

async function discardEntry(parts: DiskParts, entry: Anchored, { path, expected, becomes }: Discard): Promise<Discarded> {
  const { calls, touched } = parts;
  const before = calls.lstat(entry);
  if (!isExpected(before, expected)) return 'changed';
  if (before === undefined) return 'gone';
  try {
    const done = before.kind === 'folder' ? removeEmpty(calls, entry) : await takeAway(parts, entry, { path, before, becomes });
    if (done !== 'removed') return done;
  } catch (error) {
    if (isAbsence(error)) return 'changed';
    throw error;
  }
  touched.touch(entry.folder);
  return 'gone';
}

interface Taking {
  readonly path: DiskPath;
  readonly before: Stat;
  readonly becomes: Becomes;
}

/** Moved to the trash first, looked at then: what a user wrote in the last microsecond goes back. */
async function takeAway(
  { calls, trash, touched }: DiskParts,
  entry: Anchored,
  { path, before, becomes }: Taking,
): Promise<'removed' | 'changed'> {
  const keep = becomes === 'trash' ? trash.openPlace(entry.top, path) : trash.openPassage(entry.top, path);
  try {
    try {
      calls.rename(entry, keep);
    } catch (error) {
      if (callCode(error) !== 'EXDEV') throw error;
      return await takeAcross(calls, { entry, keep, before, becomes });
    }
    if (isUntouched(before, lookAt(calls, keep, entry))) {
      if (becomes === 'nothing') calls.unlink(keep);
      touched.touch(keep.folder);
      return 'removed';
    }
    // Where he has taken the place again, what he wrote first stays in the trash.
    putBack(calls, keep, entry);
    return 'changed';
  } finally {
    calls.closeFolder(keep.folder);
  }
}

/** What was taken; put back where the disk does not say what it is, as a user may have written to it. */
function lookAt(calls: FileCalls, keep: Entry, entry: Anchored): Stat | undefined {
  try {
    return calls.lstat(keep);
  } catch (error) {
    putBack(calls, keep, entry);
    throw error;
  }
}

interface TakingAcross {
  readonly entry: Entry;
  readonly keep: Entry;
  readonly before: Stat;
  readonly becomes: Becomes;
}

/** From another file system. A write between the last look and unlink (two calls in a row) is not found. */
async function takeAcross(calls: FileCalls, { entry, keep, before, becomes }: TakingAcross): Promise<'removed' | 'changed'> {
  if (becomes === 'trash' && (await copyItem(calls, entry, keep, before)) === 'changed') return 'changed';
  if (calls.lstat(entry)?.ctimeNs !== before.ctimeNs) {
    if (becomes === 'trash') calls.unlink(keep);
    return 'changed';
  }
  calls.unlink(entry);
  return 'removed';
}
