import { changeIn } from './act/change-in.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { ActOutcome, Disk, DiskPath } from './disk.ts';
import { discardItem } from './act/discard-item.ts';
import { diskFailure } from './disk-failure.ts';
import type { DiskParts } from './disk-parts.ts';
import { DiskRoom } from './disk-room.ts';
import { callCode, type Entry, type FileCalls, isAbsence } from './calls/file-calls.ts';
import { HeldBytes } from './act/held-bytes.ts';
import { listFolder } from './list-folder.ts';
import { clearStrays } from './calls/mounts.ts';
import { moveItem } from './act/move-item.ts';
import { observe, observeEntry } from './observe.ts';
import { clearPassage } from './act/passage.ts';
import { placeLink, placeStaged } from './act/place-item.ts';
import { placeTogether } from './act/place-together.ts';
import { probeTraits } from './probe-traits.ts';
import { openPrivate, removeTree } from './private-folder.ts';
import { readFile } from './read-file.ts';
import { readWhole } from './read-whole.ts';
import { RootAnchor } from './root-anchor.ts';
import { setItemMeta } from './act/set-meta.ts';
import { finishAll } from './act/finish-all.ts';
import { stageFile } from './act/staging.ts';
import { Touched } from './act/touched.ts';
import { Trash } from './act/trash.ts';

/** With less room than this on the disk, what is in the trash has to go. */
const nearlyFullBytes = 256 * 1024 * 1024;

/** A synced folder with what is not for the engine's port. */
export interface OpenDisk extends Disk {
  /** Removes from the trash what went there more than `days` ago (0: all), and what went first where the disk is nearly full. How many times of removal went. */
  emptyTrash(days: number): Promise<number>;
}

export interface DiskSettings {
  readonly clock: Clock;
  readonly random: Random;
  /** What `linkFolder` wrote into the folder. */
  readonly mark: string;
}

/** The Disk on any file system that offers the calls. Nothing is read before the first act. */
export function openDisk(calls: FileCalls, { clock, random, mark }: DiskSettings): OpenDisk {
  const touched = new Touched(calls, random);
  const [root, trash, held] = [new RootAnchor(calls, mark), new Trash(calls, clock, touched), new HeldBytes()];
  const parts: DiskParts = { calls, clock, random, touched, root, trash, held, room: new DiskRoom(calls, trash) };
  const act = <Result>(doing: string, path: DiskPath, run: () => Promise<Result>): Promise<Result> =>
    guard(doing, path, async () => {
      await touched.makeRoom();
      return run();
    });
  return {
    checkRoot: () => guard('read', '', () => parts.root.check()),
    fileSystem: () => guard('look at', '', () => fileSystemOf(parts)),
    probeTraits: () => guard('try out', '', () => probeTraits(parts)),
    list: (folder) => guard('list', folder, () => listFolder(parts, folder)),
    look: (path) => guard('look at', path, () => look(parts, path)),
    read: (path, expected, onBlock, blocks) => guard('read', path, () => readFile(parts, path, { expected, onBlock, blocks })),
    readWhole: (files) => guard('read', files[0]?.path ?? '', () => readWhole(parts, files)),
    stage: (sizeBytes) => guard('write in', '.cachette/staged', () => stageFile(parts, sizeBytes)),
    finishAll: (files) => guard('finish', '.cachette/staged', () => finishAll(parts, files)),
    place: (staged, path, expected, folder) => act('put in place', path, () => placeStaged(parts, staged, { path, expected, folder })),
    placeNew: (files, path, folder) => act('put in place', path, () => placeTogether(parts, files, { path, known: folder ?? '' })),
    placeLink: (link, path, expected, folder) => act('put in place', path, () => placeLink(parts, link, { path, expected, folder })),
    makeFolder: (path, folder) => act('make', path, () => makeFolder(parts, path, folder)),
    move: (from, to, expected, folder) => act('move', from, () => moveItem(parts, { from, expected }, { to, folder })),
    setMeta: (path, expected, meta) => act('set the time of', path, () => setItemMeta(parts, path, expected, meta)),
    discard: (path, expected) => act('remove', path, () => discardItem(parts, { path, expected, becomes: 'trash' })),
    release: (path, expected) => act('remove', path, () => discardItem(parts, { path, expected, becomes: 'nothing' })),
    settle: () => guard('make durable', '', () => touched.settle()),
    clearStaged: () => guard('clear', '.cachette/staged', () => clearStaged(parts)),
    emptyTrash: (days) =>
      guard('clear', '.cachette/trash', () =>
        parts.root.withTop(async (top) => (await parts.trash.empty(top, days)) + (await parts.trash.makeRoom(top, nearlyFullBytes))),
      ),
  };
}

async function guard<Result>(doing: string, path: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    throw diskFailure(error, doing, path);
  }
}

function fileSystemOf({ calls, root }: DiskParts): Promise<string> {
  return root.withTop((top) => {
    const { device, inode, birthNs } = calls.statFolder(top);
    return `${device}:${inode}:${birthNs}`;
  });
}

async function look({ calls, root }: DiskParts, path: DiskPath): ReturnType<Disk['look']> {
  if (path === '') return root.withTop((top) => observe(calls.statFolder(top), ''));
  try {
    const observed = await root.withEntry(path, (entry) => observeEntry(calls, entry));
    return observed === 'gone' ? undefined : observed;
  } catch (error) {
    // A link that vanished between lstat and readlink.
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function makeFolder(parts: DiskParts, path: DiskPath, folder?: string): ReturnType<Disk['makeFolder']> {
  const { calls, touched } = parts;
  const make = (entry: Entry): ActOutcome => {
    try {
      calls.makeFolder(entry, 0o755);
    } catch (error) {
      if (callCode(error) === 'EEXIST' || isAbsence(error)) return 'changed';
      throw error;
    }
    touched.touch(entry.folder);
    const now = observeEntry(calls, entry);
    return now?.kind === 'folder' ? { now } : 'changed';
  };
  const outcome = await changeIn(parts, path, make, folder);
  return outcome === 'gone' ? 'changed' : outcome;
}

async function clearStaged(parts: DiskParts): Promise<void> {
  const { calls, root } = parts;
  await clearPassage(parts);
  await clearStrays(parts);
  await root.withTop(async (top) => {
    const folder = openPrivate(calls, top, ['staged']);
    try {
      for (const name of calls.readNames(folder)) await removeTree(parts, folder, name);
    } finally {
      calls.closeFolder(folder);
    }
  });
}
