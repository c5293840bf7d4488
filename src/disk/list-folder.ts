import { isTemporaryName, privateFolderName, type NodeName } from '../model/name.ts';
import type { DiskPath, Listed, Listing } from './disk.ts';
import type { DiskParts } from './disk-parts.ts';
import { callCode, type FileCalls, type Folder, isAbsence } from './file-calls.ts';
import { observe, observeEntry } from './observe.ts';

/** lstat takes some 5 µs: other work gets a turn every 10 ms. */
const restAfter = 2000;
/** How often a folder is listed again because it changed meanwhile. */
const triesMax = 4;
/** Says nothing of what is inside. Never taken for "it is empty". */
const unreadableCodes = [
  'EACCES',
  'EPERM',
  'EIO',
  'ESTALE',
  'EBUSY',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'ENOTCONN',
  'EREMOTEIO',
  'EUCLEAN',
  'EBADMSG',
];

/** `Disk.list`. */
export async function listFolder({ calls, clock, root }: DiskParts, path: DiskPath): Promise<Listing> {
  try {
    const listing = await root.withFolder(path, async (folder) => {
      const { device, identity } = observe(calls.statFolder(folder), '');
      const rest = (): Promise<void> => clock.sleep(0);
      const entries = await calls.listFolder?.(folder, rest);
      const shown = entries?.filter(({ name }) => !isHidden(path, name)) ?? (await listEntries(calls, folder, path, rest));
      return { device, identity, entries: shown };
    });
    return listing;
  } catch (error) {
    if (unreadableCodes.includes(callCode(error))) return 'unreadable';
    if (isAbsence(error)) return 'gone';
    throw error;
  }
}

/**
 * POSIX lets a listing miss an entry that is renamed meanwhile, and a missing entry would be taken for a deletion. So the
 * names are read again at the end, and once more everything where there are new ones. (The folder's own time says less:
 * two changes in one tick of the clock, 4 ms on many systems, look like one.)
 */
async function listEntries(calls: FileCalls, folder: Folder, path: DiskPath, rest: () => Promise<void>): Promise<Listed[]> {
  const names = new Set<NodeName>();
  const addNames = (): boolean => {
    const known = names.size;
    for (const name of calls.readNames(folder)) if (!isHidden(path, name)) names.add(name);
    return names.size > known;
  };
  addNames();
  for (let count = 1; ; count += 1) {
    const entries = await observeAll(calls, folder, names, rest);
    if (!addNames() || count === triesMax) return entries;
  }
}

async function observeAll(calls: FileCalls, folder: Folder, names: ReadonlySet<NodeName>, rest: () => Promise<void>): Promise<Listed[]> {
  const entries: Listed[] = [];
  let looked = 0;
  for (const name of names) {
    const observed = observeOne(calls, folder, name);
    if (observed !== undefined) entries.push(observed);
    looked += 1;
    if (looked % restAfter === 0) await rest();
  }
  return entries;
}

function observeOne(calls: FileCalls, folder: Folder, name: NodeName): Listed | undefined {
  try {
    const observed = observeEntry(calls, { folder, name });
    return observed === undefined ? undefined : { ...observed, name };
  } catch (error) {
    // A link that vanished, or was replaced by something else, between lstat and readlink.
    if (isAbsence(error) || callCode(error) === 'EINVAL') return undefined;
    throw error;
  }
}

function isHidden(path: DiskPath, name: string): boolean {
  return (path === '' && name === privateFolderName) || isTemporaryName(name);
}
