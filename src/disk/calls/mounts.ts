/**
 * Other file systems inside the synced folder (mounts, btrfs subvolumes): nothing is renamed or linked into them, so what
 * arrives there is copied beside its place first, under a name that is never listed. A record in `.cachette/strays` says
 * where, so that a crash leaves nothing behind.
 */
import { isTemporaryName, nameFromBytes, nameToBytes } from '../../model/name.ts';
import type { Arrival } from '../act/arrival.ts';
import { copyItem } from '../act/copy-item.ts';
import type { DiskPath } from '../disk.ts';
import type { DiskParts } from '../disk-parts.ts';
import type { Entry, FileCalls, Folder } from './file-calls.ts';
import { openPrivate } from '../private-folder.ts';
import type { Anchored } from '../root-anchor.ts';
import { temporaryName } from '../act/temporary-name.ts';

const straysName = 'strays';
const recordMaxBytes = 64 * 1024;

/** Copies the arrival beside its place and runs `put` with the copy; the original goes when that was placed. */
export async function bringAcross<Outcome>(
  parts: DiskParts,
  arrival: Arrival,
  { entry, path }: { readonly entry: Anchored; readonly path: DiskPath },
  put: (brought: Arrival) => Promise<Outcome | 'changed'>,
): Promise<Outcome | 'changed'> {
  const { calls } = parts;
  const stray = { folder: entry.folder, name: temporaryName(parts.random) };
  const strays = openPrivate(calls, entry.top, [straysName]);
  const record = { folder: strays, name: stray.name };
  try {
    await writeRecord(calls, record, path);
    const stat = await copyItem(calls, arrival.source, stray, arrival.stat);
    const outcome = stat === 'changed' ? 'changed' : await put({ ...arrival, source: stray, stat });
    if (outcome !== 'changed') calls.unlink(arrival.source);
    return outcome;
  } finally {
    if (calls.lstat(stray) !== undefined) calls.unlink(stray);
    if (calls.lstat(record) !== undefined) calls.unlink(record);
    calls.closeFolder(strays);
  }
}

/** Removes what a crash left beside its place. */
export async function clearStrays({ calls, root }: DiskParts): Promise<void> {
  await root.withTop(async (top) => {
    const strays = openPrivate(calls, top, [straysName]);
    try {
      for (const name of calls.readNames(strays)) {
        // One that can't be removed (its disk is away, its record damaged) stays for the next start and keeps nobody from working.
        if (isTemporaryName(name)) await clearStray({ calls, root }, { folder: strays, name }).catch(() => undefined);
      }
    } finally {
      calls.closeFolder(strays);
    }
  });
}

async function clearStray({ calls, root }: Pick<DiskParts, 'calls' | 'root'>, record: Entry): Promise<void> {
  const path = await readRecord(calls, record);
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0)) as DiskPath;
  await root.withFolder(folder, (folder: Folder) => {
    const stray = { folder, name: record.name };
    const kind = calls.lstat(stray)?.kind;
    if (kind === 'file' || kind === 'link') calls.unlink(stray);
  });
  calls.unlink(record);
}

async function writeRecord(calls: FileCalls, record: Entry, path: DiskPath): Promise<void> {
  const file = calls.openFile(record, 'create');
  try {
    await calls.writeFile(file, nameToBytes(path), 0);
    await calls.syncFile(file);
  } finally {
    calls.closeFile(file);
  }
}

async function readRecord(calls: FileCalls, record: Entry): Promise<string> {
  const file = calls.openFile(record, 'read');
  try {
    const bytes = new Uint8Array(recordMaxBytes);
    const length = await calls.readFile(file, bytes);
    return nameFromBytes(bytes.subarray(0, length));
  } finally {
    calls.closeFile(file);
  }
}
