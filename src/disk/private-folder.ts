/** Cachette's own folder at the top of a synced folder: `mark`, `passage/`, `staged/`, `strays/`, `trash/`. Nobody else may look in. */
import { Failure } from '../base/failure.ts';
import { privateFolderName } from '../model/name.ts';
import type { Clock } from '../base/clock.ts';
import { callCode, type Entry, type FileCalls, type Folder, isAbsence } from './calls/file-calls.ts';

const onlyOwner = 0o700;

/** The folder `.cachette/<names>` open, made where it is missing. `onMade` hears the parent of each one made. */
export function openPrivate(calls: FileCalls, top: Folder, names: readonly string[], onMade?: (parent: Folder) => void): Folder {
  let folder = top;
  for (const [at, name] of [privateFolderName, ...names].entries()) {
    const parent = folder;
    try {
      folder = openOrMake(calls, parent, name, onMade);
    } catch (error) {
      // Further down are names of users.
      throw at <= 1 && callCode(error) === 'ENOTDIR' ? inTheWay([privateFolderName, ...names].slice(0, at + 1).join('/'), error) : error;
    } finally {
      if (parent !== top) calls.closeFolder(parent);
    }
  }
  return folder;
}

/** Throws ENOTDIR where something else bears the name. */
function openOrMake(calls: FileCalls, parent: Folder, name: string, onMade?: (parent: Folder) => void): Folder {
  try {
    return calls.openFolder(parent, name);
  } catch (error) {
    if (callCode(error) !== 'ENOENT') throw error;
  }
  calls.makeFolder({ folder: parent, name }, onlyOwner);
  onMade?.(parent);
  return calls.openFolder(parent, name);
}

/** Nothing of ours is ever anything else: a person, or another program, put it there. */
function inTheWay(path: string, cause: unknown): Failure {
  return new Failure('E_DISK', `${path} is no folder: Cachette keeps what it needs there`, {
    subject: path,
    action: 'take away what stands there; the folder is made anew',
    cause,
  });
}

/** Items removed in a row: other work gets a turn every few milliseconds. */
const restAfter = 200;

/** Removes an item with all that is in it, never through a link. What is gone already is no error. */
export async function removeTree({ calls, clock }: Remover, parent: Folder, name: string): Promise<void> {
  let removed = 0;
  const rest = async (): Promise<void> => {
    removed += 1;
    if (removed % restAfter === 0) await clock.sleep(0);
  };
  await removeBelow(calls, { folder: parent, name }, rest);
}

interface Remover {
  readonly calls: FileCalls;
  readonly clock: Clock;
}

async function removeBelow(calls: FileCalls, entry: Entry, rest: () => Promise<void>): Promise<void> {
  await rest();
  const kind = calls.lstat(entry)?.kind;
  if (kind === undefined) return;
  if (kind !== 'folder') {
    calls.unlink(entry);
    return;
  }
  const folder = calls.openFolder(entry.folder, entry.name);
  try {
    for (const name of calls.readNames(folder)) await removeBelow(calls, { folder, name }, rest);
  } finally {
    calls.closeFolder(folder);
  }
  try {
    calls.removeFolder(entry);
  } catch (error) {
    // Somebody else was at it, too.
    if (!isAbsence(error)) throw error;
  }
}
