/**
 * `.cachette/passage/`: what an act takes away stands here until it was looked at. What was to go moves on to the trash, what
 * a user has written at the last moment goes back. Should the process end in between, or the power, the next start finds it
 * here, and its name says what was to be taken: so nothing that a user has just written ends in the trash unseen.
 *
 * The folder is there and durable before anything is put into it, and one rename brings an item in: it is never in between.
 */
import { changeIn } from './change-in.ts';
import { hash } from 'node:crypto';
import { toHex } from '../../base/bytes.ts';
import { nameToBytes } from '../../model/name.ts';
import type { DiskPath } from '../disk.ts';
import type { DiskParts } from '../disk-parts.ts';
import type { Entry, FileCalls, Folder, Stat } from '../calls/file-calls.ts';
import { isSameItem } from '../observe.ts';
import { placeNew } from './place-new.ts';
import { openPrivate } from '../private-folder.ts';
import { putBeside, shortName } from './put-beside.ts';
import type { Anchored } from '../root-anchor.ts';

const passageName = 'passage';
/** Digits of a mark, in hexadecimal. */
const markLength = 16;
/** Bytes of a path that a name here holds: with all marks 143, which is what encrypted folders allow. */
const pathMaxBytes = 98;

/** What may stand in the passage that is no user's. */
export interface Passing {
  /** Where it stood, or is to stand. */
  readonly path: DiskPath;
  /** What is to be taken away. */
  readonly before: Stat;
  /** What takes its place. */
  readonly ours?: Stat;
}

/** Runs `act` with a free place in the passage for what stands at the entry. Leaves to it what becomes of what it puts there. */
export function withPassage<Result>(
  { calls, random, touched }: DiskParts,
  { top }: Anchored,
  { path, before, ours }: Passing,
  act: (taken: Entry) => Result,
): Result {
  const folder = openPrivate(calls, top, [passageName], (parent) => touched.touch(parent));
  const marks = [markOf(before), ours === undefined ? '' : markOf(ours), toHex(random.bytes(4))];
  try {
    return act({ folder, name: [...marks, nameOf(path)].join('_') });
  } finally {
    calls.closeFolder(folder);
  }
}

/** Moves on to the trash what stands in the passage, if anything does. */
function passToTrash({ calls, trash, touched }: DiskParts, taken: Entry, place: { readonly top: Folder; readonly path: DiskPath }): void {
  if (calls.lstat(taken) === undefined) return;
  const keep = trash.openPlace(place.top, place.path);
  try {
    calls.rename(taken, keep);
    touched.touch(keep.folder);
  } finally {
    calls.closeFolder(keep.folder);
  }
}

/** Makes the passage, and clears what an end at the wrong moment left there. Only the owner of the folder may call it, at start. */
export async function clearPassage(parts: DiskParts): Promise<void> {
  const { calls, root, touched } = parts;
  await root.withTop(async (top) => {
    const folder = openPrivate(calls, top, [passageName], (parent) => touched.touch(parent));
    try {
      // What the disk refuses now stays for the next start and keeps nobody from working.
      for (const name of calls.readNames(folder)) await judge(parts, top, { folder, name }).catch(() => undefined);
    } finally {
      calls.closeFolder(folder);
    }
  });
  await touched.settle();
}

async function judge(parts: DiskParts, top: Folder, taken: Entry): Promise<void> {
  const { calls } = parts;
  const [before, ours, , ...rest] = taken.name.split('_');
  const stat = calls.lstat(taken);
  if (stat === undefined || before?.length !== markLength) return;
  const path = pathOf(rest.join('_'));
  const mark = markOf(stat);
  // A folder has one name alone, and counts its own '.'.
  const isSecondName = stat.kind !== 'folder' && stat.nameCount > 1;
  // What was to take the place, and can be had again; or what was to go, and stands elsewhere still; or what never went.
  if (mark === ours || (isSecondName && (mark === before || (await isAt(parts, path, stat))))) calls.unlink(taken);
  else if (mark === before) passToTrash(parts, taken, { top, path });
  // By its other names a user's file may stand outside of the synced folder.
  else await putUsersBack(parts, taken, { top, path, ours });
}

async function isAt({ calls, root }: DiskParts, path: DiskPath, stat: Stat): Promise<boolean> {
  const found = await root.withEntry(path, (entry) => {
    const there = calls.lstat(entry);
    return there !== undefined && isSameItem(stat, there);
  });
  return found === true;
}

interface PlaceBack {
  readonly top: Folder;
  readonly path: DiskPath;
  readonly ours: string | undefined;
}

/** What a user has written: to its place if that is free, or holds what replaced it; else beside it, or to the top. */
async function putUsersBack(parts: DiskParts, taken: Entry, { top, path, ours }: PlaceBack): Promise<void> {
  const { calls, touched } = parts;
  const done = await changeIn(parts, path, (entry) => {
    if (!putIn(calls, { taken, entry, ours })) putBeside(calls, taken, entry);
    touched.touch(entry.folder);
  });
  if (done !== 'gone') return;
  putBeside(calls, taken, { folder: top, name: path.slice(path.lastIndexOf('/') + 1) });
  touched.touch(top);
}

function putIn(
  calls: FileCalls,
  { taken, entry, ours }: { readonly taken: Entry; readonly entry: Entry; readonly ours: string | undefined },
): boolean {
  const isOurs = (at: Entry): boolean => {
    const stat = calls.lstat(at);
    return stat !== undefined && markOf(stat) === ours;
  };
  if (calls.lstat(entry) === undefined) return placeNew(calls, taken, entry) === 'placed';
  if (calls.exchange === undefined || !isOurs(entry)) return false;
  calls.exchange(taken, entry);
  if (!isOurs(taken)) return false;
  calls.unlink(taken);
  return true;
}

/**
 * By what an item is known again after a restart: that is less than `isUntouched` asks for, as numbers of devices change, and
 * times of links may not have become durable. Inode numbers tell only where there are no birth times.
 */
function markOf({ kind, birthNs, inode, mtimeNs, sizeBytes }: Stat): string {
  const identity = birthNs === 0n ? `inode ${inode}` : `born ${birthNs}`;
  const facts = [kind, identity, kind === 'link' ? '' : mtimeNs, sizeBytes];
  return hash('sha256', facts.join(' ')).slice(0, markLength);
}

/** The path as one name; of a long one the last name only, so that it leads to the top. */
function nameOf(path: DiskPath): string {
  const escaped = path.replaceAll('%', '%25').replaceAll('/', '%2F');
  if (nameToBytes(escaped).length <= pathMaxBytes) return escaped;
  return nameOf(shortName(path.slice(path.lastIndexOf('/') + 1), pathMaxBytes / 3) as DiskPath);
}

function pathOf(name: string): DiskPath {
  return name.replaceAll('%2F', '/').replaceAll('%25', '%') as DiskPath;
}
