import { changeIn } from './change-in.ts';
import type { DiskPath, Expected } from '../disk.ts';
import { copyItem } from './copy-item.ts';
import type { DiskParts } from '../disk-parts.ts';
import { callCode, type Entry, type FileCalls, isAbsence, type Stat } from '../calls/file-calls.ts';
import { isExpected, isUntouched } from '../observe.ts';
import { withPassage } from './passage.ts';
import { removeEmpty } from './place-item.ts';
import { putBack } from './put-back.ts';
import type { Anchored } from '../root-anchor.ts';

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
  const outcome = await changeIn(parts, discard.path, async (entry) => ({ done: await discardEntry(parts, entry, discard) }));
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

/** Moved out of the way first, looked at then: what a user wrote in the last microsecond goes back. */
async function takeAway(parts: DiskParts, entry: Anchored, { path, before, becomes }: Taking): Promise<'removed' | 'changed'> {
  const { calls, touched } = parts;
  const keep = becomes === 'trash' ? parts.trash.openPlace(entry.top, path) : undefined;
  try {
    const done = withPassage(parts, entry, { path, before }, (taken) => takeThrough(parts, taken, { entry, before, keep }));
    if (done === 'across') return await takeAcross(calls, { entry, keep, before });
    if (done === 'removed' && keep !== undefined) touched.touch(keep.folder);
    return done;
  } finally {
    if (keep !== undefined) calls.closeFolder(keep.folder);
  }
}

interface TakingThrough {
  readonly entry: Anchored;
  readonly before: Stat;
  /** Its place in the trash; undefined: it goes for good. */
  readonly keep: Entry | undefined;
}

/** 'across': it is on another file system. */
function takeThrough(parts: DiskParts, taken: Entry, { entry, before, keep }: TakingThrough): 'removed' | 'changed' | 'across' {
  const { calls } = parts;
  try {
    calls.rename(entry, taken);
  } catch (error) {
    if (callCode(error) === 'EXDEV') return 'across';
    throw error;
  }
  if (isUntouched(before, lookAt(calls, taken, entry))) {
    if (keep === undefined) calls.unlink(taken);
    else passOn(calls, taken, { entry, keep });
    return 'removed';
  }
  putBack(calls, taken, entry);
  return 'changed';
}

function passOn(calls: FileCalls, taken: Entry, { entry, keep }: { readonly entry: Anchored; readonly keep: Entry }): void {
  try {
    calls.rename(taken, keep);
  } catch (error) {
    putBack(calls, taken, entry);
    throw error;
  }
}

/** What was taken; put back where the disk does not say what it is, as a user may have written to it. */
function lookAt(calls: FileCalls, taken: Entry, entry: Anchored): Stat | undefined {
  try {
    return calls.lstat(taken);
  } catch (error) {
    putBack(calls, taken, entry);
    throw error;
  }
}

interface TakingAcross {
  readonly entry: Entry;
  /** undefined: it goes for good. */
  readonly keep: Entry | undefined;
  readonly before: Stat;
}

/** From another file system. A write between the last look and unlink (two calls in a row) is not found. */
async function takeAcross(calls: FileCalls, { entry, keep, before }: TakingAcross): Promise<'removed' | 'changed'> {
  if (keep !== undefined && (await copyItem(calls, entry, keep, before)) === 'changed') return 'changed';
  if (calls.lstat(entry)?.ctimeNs !== before.ctimeNs) {
    if (keep !== undefined) calls.unlink(keep);
    return 'changed';
  }
  calls.unlink(entry);
  return 'removed';
}
