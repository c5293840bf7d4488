/** Cachette's own folder at the top of a synced folder: `mark`, `staged/`, `strays/`, `trash/`. Nobody else may look in. */
import { privateFolderName } from '../model/name.ts';
import { callCode, type FileCalls, type Folder } from './file-calls.ts';

const onlyOwner = 0o700;

/** The folder `.cachette/<names>` open, made where it is missing. `onMade` hears the parent of each one made. */
export function openPrivate(calls: FileCalls, top: Folder, names: readonly string[], onMade?: (parent: Folder) => void): Folder {
  let folder = top;
  for (const name of [privateFolderName, ...names]) {
    const parent = folder;
    try {
      folder = openOrMake(calls, parent, name, onMade);
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

/** Removes an item with all that is in it, never through a link. What is gone already is no error. */
export function removeTree(calls: FileCalls, parent: Folder, name: string): void {
  const entry = { folder: parent, name };
  const kind = calls.lstat(entry)?.kind;
  if (kind === undefined) return;
  if (kind !== 'folder') {
    calls.unlink(entry);
    return;
  }
  const folder = calls.openFolder(parent, name);
  try {
    for (const child of calls.readNames(folder)) removeTree(calls, folder, child);
  } finally {
    calls.closeFolder(folder);
  }
  calls.removeFolder(entry);
}
