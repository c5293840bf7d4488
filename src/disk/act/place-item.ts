import { changeIn } from './change-in.ts';
import { Failure } from '../../base/failure.ts';
import { toHex } from '../../base/bytes.ts';
import type { Arrival } from './arrival.ts';
import type { ActOutcome, DiskPath, Expected, LinkToMake, StagedFile } from '../disk.ts';
import type { DiskParts } from '../disk-parts.ts';
import { callCode, type Entry, type FileCalls, isAbsence, type Stat } from '../calls/file-calls.ts';
import { bringAcross } from '../calls/mounts.ts';
import { isExpected, isUntouched, observe } from '../observe.ts';
import { placeNew } from './place-new.ts';
import { replaceItem } from './replace-item.ts';
import type { Anchored } from '../root-anchor.ts';
import { setModeIfKept } from './set-mode.ts';
import { StagedItem, withStagingFolder } from './staging.ts';

/** Where something is put. */
interface Spot {
  readonly path: DiskPath;
  readonly expected: Expected;
  /** The folder above, where it is known. */
  readonly folder: string | undefined;
}

/** `Disk.place`. */
export async function placeStaged(parts: DiskParts, staged: StagedFile, spot: Spot): Promise<ActOutcome> {
  if (!(staged instanceof StagedItem)) throw new Failure('E_FAILED', 'a file staged by another disk');
  const stat = staged.finished;
  return withStagingFolder(parts, async (folder) => {
    const source = { folder, name: staged.name };
    const outcome = await arrive(parts, { source, stat, target: '' }, spot);
    // To another file system it went as a copy.
    if (outcome !== 'changed' && parts.calls.lstat(source) === undefined) staged.leave();
    return outcome;
  });
}

/** `Disk.placeLink`: the link is made out of sight first, so that it gets its place with its time. */
export async function placeLink(parts: DiskParts, { target, mtimeUs }: LinkToMake, spot: Spot): Promise<ActOutcome> {
  const { calls } = parts;
  return withStagingFolder(parts, async (folder) => {
    const source = { folder, name: toHex(parts.random.bytes(16)) };
    calls.makeLink(target, source);
    try {
      calls.setLinkTime(source, mtimeUs);
      return await arrive(parts, { source, stat: requireStat(calls, source), target }, spot);
    } finally {
      if (calls.lstat(source) !== undefined) calls.unlink(source);
    }
  });
}

async function arrive(parts: DiskParts, arrival: Arrival, { path, expected, folder }: Spot): Promise<ActOutcome> {
  const putAt = async (entry: Anchored): Promise<ActOutcome> => {
    try {
      return await put(parts, arrival, { entry, path, expected });
    } catch (error) {
      if (callCode(error) === 'EXDEV') {
        return bringAcross(parts, arrival, { entry, path }, (brought) => put(parts, brought, { entry, path, expected }));
      }
      // The folder was removed under our hands, unless it is the source that is gone.
      if (isAbsence(error) && parts.calls.lstat(arrival.source) !== undefined) return 'changed';
      throw error;
    }
  };
  const outcome = await changeIn(parts, path, putAt, folder);
  return outcome === 'gone' ? 'changed' : outcome;
}

interface Target {
  readonly entry: Anchored;
  readonly path: DiskPath;
  readonly expected: Expected;
}

async function put(parts: DiskParts, arrival: Arrival, { entry, path, expected }: Target): Promise<ActOutcome> {
  const { calls, touched } = parts;
  const before = calls.lstat(entry);
  if (!isExpected(before, expected)) return 'changed';
  if (before === undefined || before.kind === 'folder') {
    if (before !== undefined && removeEmpty(calls, entry) !== 'removed') return 'changed';
    if (placeNew(calls, arrival.source, entry) === 'taken') return 'changed';
  } else {
    const arrived = { ...arrival, stat: adoptMode(calls, arrival, before) };
    const keep = parts.trash.openPlace(entry.top, path);
    try {
      const replacement = { source: arrived.source, sourceStat: arrived.stat, entry, path, before, keep };
      if ((await replaceItem(parts, replacement)) === 'changed') return 'changed';
      touched.touch(keep.folder);
    } finally {
      calls.closeFolder(keep.folder);
    }
  }
  touched.touch(entry.folder);
  return { now: observePlaced(calls, entry, arrival) };
}

/**
 * What was placed. A user who wrote again at once must not be taken for us: then it is shown as it was before it got its
 * place, and the next look finds it changed.
 */
function observePlaced(calls: FileCalls, entry: Entry, { stat, target }: Arrival): ReturnType<typeof observe> {
  const after = calls.lstat(entry);
  return observe(after !== undefined && isUntouched(stat, after) ? after : stat, target);
}

export function removeEmpty(calls: FileCalls, entry: Entry): 'removed' | 'not-empty' {
  try {
    calls.removeFolder(entry);
    return 'removed';
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(callCode(error))) return 'not-empty';
    throw error;
  }
}

/** A file that takes another's place keeps its mode but for the owner's execute bit; setuid and the like go. */
function adoptMode(calls: FileCalls, { source, stat }: Arrival, before: Stat): Stat {
  const mode = (before.mode & 0o677) | (stat.mode & 0o100);
  if (stat.kind !== 'file' || before.kind !== 'file' || mode === stat.mode) return stat;
  const file = calls.openFile(source, 'read');
  try {
    setModeIfKept(calls, file, mode);
    return calls.statFile(file);
  } finally {
    calls.closeFile(file);
  }
}

function requireStat(calls: FileCalls, entry: Entry): Stat {
  const stat = calls.lstat(entry);
  if (stat === undefined) throw Object.assign(new Error('a staged item is gone'), { code: 'ENOENT' });
  return stat;
}
