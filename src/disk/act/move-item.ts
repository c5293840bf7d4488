import { changeIn } from './change-in.ts';
import type { ActOutcome, DiskPath, Expected } from '../disk.ts';
import type { DiskParts } from '../disk-parts.ts';
import { callCode, type Entry, type FileCalls, isAbsence, type Stat } from '../calls/file-calls.ts';
import { bringAcross } from '../calls/mounts.ts';
import { isExpected, isSameItem, isUntouched, observe, observeEntry } from '../observe.ts';
import { withPassage } from './passage.ts';
import { placeNew, tryLink, tryRenameNew } from './place-new.ts';
import { putBack } from './put-back.ts';
import type { Anchored } from '../root-anchor.ts';

interface Move {
  readonly from: Anchored;
  readonly to: Anchored;
  /** What is moved. */
  readonly before: Stat;
  readonly fromPath: DiskPath;
  readonly toPath: DiskPath;
}

/** `Disk.move`. */
export async function moveItem(
  parts: DiskParts,
  { from: fromPath, expected }: { readonly from: DiskPath; readonly expected: Expected },
  { to: toPath, folder }: { readonly to: DiskPath; readonly folder: string | undefined },
): Promise<ActOutcome> {
  const outcome = await changeIn(parts, fromPath, (from) => {
    const moveTo = async (to: Anchored): Promise<ActOutcome> => {
      const before = parts.calls.lstat(from);
      if (before === undefined || !isExpected(before, expected)) return 'changed';
      return moveEntry(parts, { from, to, before, fromPath, toPath });
    };
    return changeIn(parts, toPath, moveTo, folder);
  });
  return outcome === 'gone' ? 'changed' : outcome;
}

async function moveEntry(parts: DiskParts, move: Move): Promise<ActOutcome> {
  const { calls, touched } = parts;
  const { from, to, before } = move;
  const target = before.kind === 'link' ? calls.readLink(from) : '';
  try {
    if ((await rename(parts, move)) === 'changed') return 'changed';
  } catch (error) {
    if (callCode(error) === 'EXDEV' && (before.kind === 'file' || before.kind === 'link')) return moveAcross(parts, move, target);
    if (['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EISDIR'].includes(callCode(error)) || isAbsence(error)) return 'changed';
    throw error;
  }
  touched.touch(from.folder);
  touched.touch(to.folder);
  const after = calls.lstat(to);
  // Written into meanwhile: shown as it was, so that the next look finds it changed.
  return { now: observe(after !== undefined && isUntouched(before, after) ? after : before, target) };
}

async function rename(parts: DiskParts, move: Move): Promise<'moved' | 'changed'> {
  const { calls } = parts;
  const { from, to, before } = move;
  const standing = calls.lstat(to);
  if (standing !== undefined) {
    // On a disk that does not tell cases or Unicode forms apart, the item itself stands at its own new name.
    if (!isSameItem(standing, before) || !isOtherForm(calls, from, to)) return 'changed';
    calls.rename(from, to);
    return 'moved';
  }
  if (tryRenameNew(calls, from, to)) return checkMoved(calls, move);
  if (before.kind === 'folder') {
    // What could appear at `to` meanwhile and be replaced is an empty folder only.
    calls.rename(from, to);
    return checkMoved(calls, move);
  }
  if (tryLink(calls, from, to)) return keepOneName(parts, move);
  calls.rename(from, to);
  return checkMoved(calls, move);
}

/** What was moved may be what a user put there in the last microsecond: then it goes back. */
function checkMoved(calls: FileCalls, { from, to, before }: Move): 'moved' | 'changed' {
  const after = calls.lstat(to);
  if (after === undefined || isSameItem(before, after)) return 'moved';
  if (calls.lstat(from) !== undefined) return 'changed';
  if (after.kind === 'folder') calls.rename(to, from);
  else placeNew(calls, to, from);
  return 'changed';
}

/** What goes wrong now must not leave both names, which look like a copy that somebody made: where the old one stands, the new one goes. */
async function keepOneName(parts: DiskParts, move: Move): Promise<'moved' | 'changed'> {
  try {
    return await dropOldName(parts, move);
  } catch (error) {
    dropNewName(parts, move);
    throw error;
  }
}

function dropNewName(parts: DiskParts, move: Move): void {
  const { from, to, before } = move;
  try {
    const standing = parts.calls.lstat(from);
    if (standing !== undefined && isSameItem(before, standing)) takeAway(parts, move, to, before);
  } catch (error) {
    // What the move failed with is told. A disk that fails for longer keeps both, until the engine looks there again.
    if (callCode(error) === '') throw error;
  }
}

/**
 * Both names are there now. The old one goes, if it still is the same item; if not, the new one goes. A crash in between
 * leaves both (which a rename would not, but a rename could write over what appears at `to`).
 */
async function dropOldName(parts: DiskParts, move: Move): Promise<'moved' | 'changed'> {
  const { from, to, before } = move;
  const linked = parts.calls.lstat(to);
  if (linked !== undefined && !isSameItem(before, linked)) {
    // A user put another file at the old name before the link, which then got the second name, or at the new one after it.
    const standing = parts.calls.lstat(from);
    if (standing !== undefined && isSameItem(standing, linked)) takeAway(parts, move, to, linked);
    return 'changed';
  }
  // Else a power cut could keep the old name's end without the new one's beginning.
  await parts.calls.syncFolder(to.folder);
  if (takeAway(parts, move, from, before) === 'taken') return 'moved';
  takeAway(parts, move, to, before);
  return 'changed';
}

/**
 * Removes one of two names of an item. It is taken out of the way first and looked at there: unlink could hit what a user
 * put there meanwhile, or what he wrote by the name that is the item's last by now, as he replaced or removed it under the
 * other one. That goes back to its place; should the place be taken again, beside that. The item's own place is its old name: the
 * new one was not given by a user, and what nobody is to see for longer than a moment may be among such names. So only what a
 * user has put there himself goes back to the new one.
 */
function takeAway(parts: DiskParts, { from, fromPath }: Move, entry: Anchored, item: Stat): 'taken' | 'changed' {
  const { calls } = parts;
  return withPassage(parts, entry, { path: fromPath, before: item }, (taken) => {
    try {
      calls.rename(entry, taken);
    } catch (error) {
      if (isAbsence(error)) return 'changed';
      if (callCode(error) === 'EXDEV') return takeThere(calls, entry, item);
      throw error;
    }
    const out = calls.lstat(taken);
    if (out !== undefined && isSameItem(item, out) && (out.nameCount > 1 || isUntouched(item, out))) {
      calls.unlink(taken);
      return 'taken';
    }
    putBack(calls, taken, out !== undefined && isSameItem(item, out) ? from : entry);
    return 'changed';
  });
}

/**
 * On a disk that is mounted inside the folder, from which nothing can be taken to the passage. What a user puts there between the look
 * and unlink (two calls in a row) is not found; what he writes into the file stands under its other name.
 */
function takeThere(calls: FileCalls, entry: Entry, item: Stat): 'taken' | 'changed' {
  const there = calls.lstat(entry);
  if (there === undefined || !isSameItem(item, there) || there.nameCount < 2) return 'changed';
  calls.unlink(entry);
  return 'taken';
}

function isOtherForm(calls: FileCalls, from: Entry, to: Entry): boolean {
  const fold = (name: string): string => name.normalize('NFC').toLowerCase();
  const a = calls.statFolder(from.folder);
  const b = calls.statFolder(to.folder);
  return a.inode === b.inode && a.device === b.device && from.name !== to.name && fold(from.name) === fold(to.name);
}

/** To another file system: a copy arrives, then the original goes if it is still the same. Folders are refused (EXDEV). */
async function moveAcross(parts: DiskParts, { from, to, before, toPath }: Move, target: string): Promise<ActOutcome> {
  const { calls, touched } = parts;
  return bringAcross(parts, { source: from, stat: before, target }, { entry: to, path: toPath }, async (brought) => {
    if (before.ctimeNs !== calls.lstat(from)?.ctimeNs || placeNew(calls, brought.source, to) === 'taken') return 'changed';
    await calls.syncFolder(to.folder);
    touched.touch(from.folder);
    const now = observeEntry(calls, to);
    return now === undefined ? 'changed' : { now };
  });
}
