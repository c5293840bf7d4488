import path from 'node:path';
import { Failure } from '../base/failure.ts';
import { nameToBytes, privateFolderName } from '../model/name.ts';
import { diskFailure } from './disk-failure.ts';
import { callCode, type FileCalls, type Folder, isAbsence } from './calls/file-calls.ts';
import { nodeCalls } from './calls/node-calls.ts';
import { openPrivate } from './private-folder.ts';
import { markName, readMark } from './root-anchor.ts';
import { setModeIfKept } from './act/set-mode.ts';

/**
 * Marks a folder as the one that a profile syncs; the mark (at most 4 KiB, unguessable) is what `openNodeDisk` asks for.
 * Again with the same mark is harmless. Throws E_FOLDER_OWNED where it, or a folder above it, is linked already;
 * E_NOT_FOUND where it is no folder.
 */
export async function linkFolder(rootDir: string, mark: string): Promise<void> {
  const absolute = path.resolve(rootDir);
  for (let folder = path.dirname(absolute); ; folder = path.dirname(folder)) {
    if ((await readMarkAt(folder)) !== undefined) throw owned(`it lies in ${folder}, which is linked already`);
    if (folder === path.dirname(folder)) break;
  }
  try {
    await markFolder(nodeCalls(absolute), mark);
  } catch (error) {
    if (isAbsence(error)) throw new Failure('E_NOT_FOUND', `${absolute} is not a folder`, { cause: error });
    throw diskFailure(error, 'link', absolute);
  }
}

/** `linkFolder` without the look at the folders above. */
export async function markFolder(calls: FileCalls, mark: string): Promise<void> {
  const top = calls.openTop();
  try {
    const standing = await readMark(calls, top);
    if (standing === mark) return;
    if (standing !== undefined) throw owned('another profile has linked it');
    const folder = openPrivate(calls, top, []);
    try {
      await writeMark(calls, folder, mark);
    } finally {
      calls.closeFolder(folder);
    }
    await calls.syncFolder(top);
  } finally {
    calls.closeFolder(top);
  }
}

async function writeMark(calls: FileCalls, folder: Folder, mark: string): Promise<void> {
  // Whole or not there at all: half a mark would be another one.
  const draft = { folder, name: `${markName}.new` };
  if (calls.lstat(draft) !== undefined) calls.unlink(draft);
  const file = calls.openFile(draft, 'create');
  try {
    setModeIfKept(calls, file, 0o600);
    await calls.writeFile(file, nameToBytes(mark), 0);
    await calls.syncFile(file);
  } finally {
    calls.closeFile(file);
  }
  calls.rename(draft, { folder, name: markName });
  await calls.syncFolder(folder);
}

async function readMarkAt(folder: string): Promise<string | undefined> {
  const calls = nodeCalls(folder);
  try {
    const top = calls.openTop();
    try {
      return await readMark(calls, top);
    } finally {
      calls.closeFolder(top);
    }
  } catch (error) {
    // What can't be read was not linked by this user.
    if (isAbsence(error) || callCode(error) !== '') return undefined;
    throw error;
  }
}

function owned(reason: string): Failure {
  return new Failure('E_FOLDER_OWNED', `cannot link the folder: ${reason}`, {
    action: `choose another folder; if that profile is gone for good, remove ${privateFolderName}/${markName} in it`,
  });
}
