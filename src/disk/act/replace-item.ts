/**
 * Putting a new item in the place of an old one, so that readers see the one or the other, the old one ends in the trash,
 * and a user's write in the last microseconds is found and stays. Three ways, by what the file system can do:
 *
 * - swap (renameat2 EXCHANGE): what was displaced is looked at afterwards and goes back if it is not what was expected;
 *   what he wrote while it went back is found in the same way, and put beside it if both are his. Nothing can slip through.
 * - link: the old file gets a second name out of sight, then is renamed over. Writes into the old file at any moment are
 *   there, are found and go back. What slips through: a *rename* onto the path ("atomic save") between the
 *   last lstat and our rename, two system calls with nothing in between; the file renamed there is then gone.
 * - copy (no hard links, or another mount): as link, but writes into the old file in that same gap are gone too.
 */
import { type Entry, type FileCalls, isAbsence, isLinkRefusal, isUnsupported, callCode, type Stat } from '../calls/file-calls.ts';
import { copyItem } from './copy-item.ts';
import type { DiskPath } from '../disk.ts';
import type { DiskParts } from '../disk-parts.ts';
import { isSameItem, isUntouched } from '../observe.ts';
import { withPassage } from './passage.ts';
import { orSave } from './put-back.ts';
import { placeNew } from './place-new.ts';
import { putBeside } from './put-beside.ts';
import type { Anchored } from '../root-anchor.ts';

export interface Replacement {
  /** What is put; gone from there when it was placed. */
  readonly source: Entry;
  readonly sourceStat: Stat;
  /** Where. */
  readonly entry: Anchored;
  readonly path: DiskPath;
  /** What stands there, as expected. */
  readonly before: Stat;
  /** A free place in the trash for it. */
  readonly keep: Entry;
}

/** 'changed': what the user did is in place (or, where he wrote twice, his last write is); the source may be gone then. */
export async function replaceItem(parts: DiskParts, replacement: Replacement): Promise<'placed' | 'changed'> {
  const { entry, path, before, sourceStat } = replacement;
  const through = (act: typeof swap): ReturnType<typeof swap> =>
    withPassage(parts, entry, { path, before, ours: sourceStat }, (taken) => act(parts, { ...replacement, taken }));
  return through(swap) ?? through(replaceByLink) ?? (await replaceByCopy(parts.calls, replacement));
}

/** A replacement through the passage. */
interface Passing extends Replacement {
  /** A free place there. */
  readonly taken: Entry;
}

/** undefined: this file system can't. */
function swap(parts: DiskParts, passing: Passing): 'placed' | 'changed' | undefined {
  const { calls } = parts;
  const { source, entry, taken } = passing;
  if (calls.exchange === undefined) return undefined;
  try {
    // Through the passage, so that what is displaced is safe there at once, even from a crash.
    calls.rename(source, taken);
  } catch (error) {
    if (callCode(error) === 'EXDEV') return undefined;
    throw error;
  }
  try {
    calls.exchange(taken, entry);
  } catch (error) {
    calls.rename(taken, source);
    if (isAbsence(error)) return 'changed';
    if (isUnsupported(error) || callCode(error) === 'EXDEV') return undefined;
    throw error;
  }
  return conclude(parts, passing, takeBack);
}

/** What was displaced is in the passage: it goes on to the trash if it is what was to go, else back. */
function conclude(parts: DiskParts, passing: Passing, goBack: (calls: FileCalls, passing: Passing) => void): 'placed' | 'changed' {
  const { calls } = parts;
  const { sourceStat, entry, before, taken, keep } = passing;
  const undo = (): void => orSave(calls, { taken, entry, ours: sourceStat }, () => goBack(calls, passing));
  if (isOld(calls, before, taken)) {
    try {
      calls.rename(taken, keep);
      return 'placed';
    } catch (error) {
      undo();
      throw error;
    }
  }
  undo();
  // What did not go back.
  if (calls.lstat(taken) !== undefined) calls.rename(taken, keep);
  return 'changed';
}

/** Whether that is what was to go. What can't be looked at may be a user's. */
function isOld(calls: FileCalls, before: Stat, taken: Entry): boolean {
  try {
    return isUntouched(before, calls.lstat(taken));
  } catch (error) {
    if (callCode(error) === '') throw error;
    return false;
  }
}

/** What was displaced is a user's: it goes back, unless he was there again. */
function takeBack(calls: FileCalls, { source, sourceStat, entry, taken }: Passing): void {
  try {
    const his = calls.lstat(taken);
    calls.exchange?.(taken, entry);
    if (isUntouched(sourceStat, calls.lstat(taken))) {
      calls.rename(taken, source);
      return;
    }
    // Over ours he wrote again within microseconds: his later write stands, the earlier one is in the trash…
    calls.exchange?.(taken, entry);
    // …unless it is a folder, over which nobody writes, or stood there again just when he wrote a third time: then he has overwritten neither.
    const out = calls.lstat(taken);
    const isOverwritten = out === undefined || (out.kind !== 'folder' && (his === undefined || isUntouched(his, out)));
    if (!isOverwritten) putBeside(calls, taken, entry);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    // What stood there was moved or removed meanwhile. It was ours, or what he put there before: he may not have meant what is here.
    const left = calls.lstat(taken);
    if (left !== undefined && !isUntouched(sourceStat, left) && placeNew(calls, taken, entry) === 'taken') putBeside(calls, taken, entry);
  }
}

/** undefined: this file system can't. */
function replaceByLink(parts: DiskParts, passing: Passing): 'placed' | 'changed' | undefined {
  const { calls } = parts;
  const { source, entry, before, taken } = passing;
  try {
    calls.link(entry, taken);
  } catch (error) {
    if (isAbsence(error)) return 'changed';
    if (isLinkRefusal(error)) return undefined;
    throw error;
  }
  const linked = calls.lstat(taken);
  const now = calls.lstat(entry);
  if (
    linked === undefined ||
    now === undefined ||
    !isUntouched(before, linked) ||
    !isUntouched(linked, now) ||
    linked.ctimeNs !== now.ctimeNs
  ) {
    calls.unlink(taken);
    return 'changed';
  }
  try {
    calls.rename(source, entry);
  } catch (error) {
    calls.unlink(taken);
    throw error;
  }
  return conclude(parts, passing, linkBack);
}

/** The user wrote into the old file meanwhile: it goes back, unless he has written over ours as well. */
function linkBack(calls: FileCalls, { source, sourceStat, entry, taken }: Passing): void {
  const there = calls.lstat(entry);
  if (there === undefined) {
    // He moved or removed ours, and may not have meant this.
    if (placeNew(calls, taken, entry) === 'taken') putBeside(calls, taken, entry);
    return;
  }
  if (!isUntouched(sourceStat, there)) return;
  calls.link(entry, source);
  calls.rename(taken, entry);
  // Over ours he saved another file just before it was taken away.
  if (!isUntouched(sourceStat, calls.lstat(source))) putBeside(calls, source, entry);
}

async function replaceByCopy(calls: FileCalls, { source, entry, before, keep }: Replacement): Promise<'placed' | 'changed'> {
  const copied = await copyItem(calls, entry, keep, before);
  const now = calls.lstat(entry);
  if (
    copied === 'changed' ||
    now === undefined ||
    !isSameItem(before, now) ||
    !isUntouched(before, now) ||
    before.ctimeNs !== now.ctimeNs
  ) {
    if (copied !== 'changed') calls.unlink(keep);
    return 'changed';
  }
  try {
    calls.rename(source, entry);
  } catch (error) {
    calls.unlink(keep);
    throw error;
  }
  return 'placed';
}
