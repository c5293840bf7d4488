import { isTemporaryName, privateFolderName, type NodeName } from '../model/name.ts';
import type { DiskPath, Listed, Listing, Observed } from './disk.ts';
import type { DiskParts } from './disk-parts.ts';
import { callCode, type Entry, type FileCalls, type Folder, type FolderItems, isAbsence, isItemsOwn } from './calls/file-calls.ts';
import { observe } from './observe.ts';

/** lstat takes some 5 µs: other work gets a turn every 10 ms. */
const restAfter = 2000;
/** How often a folder is listed again because it changed meanwhile. */
const triesMax = 4;
/** `Disk.list`. */
export async function listFolder({ calls, clock, root }: DiskParts, path: DiskPath): Promise<Listing> {
  try {
    const listing = await root.withFolder(path, async (folder) => {
      const { device, identity } = observe(calls.statFolder(folder), '');
      const rest = (): Promise<void> => clock.sleep(0);
      const isShown = (name: NodeName): boolean => !isHidden(path, name);
      const { entries, unknown } = (await calls.listFolder?.(folder, rest)) ?? (await listEntries(calls, { folder, isShown, rest }));
      const shown = { entries: entries.filter(({ name }) => isShown(name)), unknown: unknown.filter(isShown) };
      // Without the right to search a folder its names alone can be read: that is one problem, and not one for each of them.
      if (path !== '' && shown.entries.length === 0 && shown.unknown.length > 0) return 'unreadable';
      return { device, identity, ...shown };
    });
    return listing;
  } catch (error) {
    if (isAbsence(error)) return 'gone';
    if (isItemsOwn(error)) return 'unreadable';
    throw error;
  }
}

interface Looking {
  readonly folder: Folder;
  readonly isShown: (name: NodeName) => boolean;
  /** Awaited now and then. */
  readonly rest: () => Promise<void>;
}

/**
 * POSIX lets a listing miss an entry that is renamed meanwhile, and a missing entry would be taken for a deletion. So the
 * names are read again at the end, and once more everything where there are new ones. (The folder's own time says less:
 * two changes in one tick of the clock, 4 ms on many systems, look like one.)
 */
async function listEntries(calls: FileCalls, { folder, isShown, rest }: Looking): Promise<FolderItems> {
  const names = new Set<NodeName>();
  const addNames = (): boolean => {
    const known = names.size;
    for (const name of calls.readNames(folder)) if (isShown(name)) names.add(name);
    return names.size > known;
  };
  addNames();
  for (let count = 1; ; count += 1) {
    const items = await observeAll(calls, { folder, rest }, names);
    if (!addNames() || count === triesMax) return items;
  }
}

async function observeAll(
  calls: FileCalls,
  { folder, rest }: Omit<Looking, 'isShown'>,
  names: ReadonlySet<NodeName>,
): Promise<FolderItems> {
  const entries: Listed[] = [];
  const unknown: NodeName[] = [];
  let looked = 0;
  for (const name of names) {
    const observed = observeOne(calls, folder, name);
    if (observed === 'unknown') unknown.push(name);
    else if (observed !== undefined) entries.push({ ...observed, name });
    looked += 1;
    if (looked % restAfter === 0) await rest();
  }
  return { entries, unknown };
}

function observeOne(calls: FileCalls, folder: Folder, name: NodeName): Observed | 'unknown' | undefined {
  try {
    const stat = calls.lstat({ folder, name });
    return stat && observe(stat, stat.kind === 'link' ? readTarget(calls, { folder, name }) : '');
  } catch (error) {
    // A link that vanished between lstat and readlink.
    if (isAbsence(error)) return undefined;
    if (isItemsOwn(error)) return 'unknown';
    throw error;
  }
}

/** Throws ENOENT where it was replaced by something else meanwhile. */
function readTarget(calls: FileCalls, entry: Entry): string {
  try {
    return calls.readLink(entry);
  } catch (error) {
    if (callCode(error) === 'EINVAL') throw Object.assign(new Error('not a link any more'), { code: 'ENOENT' });
    throw error;
  }
}

function isHidden(path: DiskPath, name: string): boolean {
  return (path === '' && name === privateFolderName) || isTemporaryName(name);
}
