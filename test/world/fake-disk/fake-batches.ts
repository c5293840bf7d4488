/**
 * Calls that take many items at once, as native code has them: each is a row of single calls that runs beside all else of its
 * process, and may end anywhere with that; what one item has against it is told of that one.
 */
import type { Listed, Observed } from '../../../src/disk/disk.ts';
import {
  callCode,
  type Entry,
  type FileCalls,
  type FinishedFile,
  type Folder,
  type FolderItems,
  type NewFile,
  type OpenFile,
  type PlacedItem,
  type WholeFile,
} from '../../../src/disk/calls/file-calls.ts';
import { observe } from '../../../src/disk/observe.ts';
import { setModeIfKept } from '../../../src/disk/act/set-mode.ts';
import type { NodeName } from '../../../src/model/name.ts';

export type BatchCalls = Required<Pick<FileCalls, 'listFolder' | 'readFiles' | 'finishFiles' | 'makeFiles' | 'placeFiles'>>;

/** Files that native code has open at the same time (native/src/make-files.cc, read-files.cc). */
const openMax = { making: 64, reading: 32 };
/** How often a folder is listed again because names came meanwhile (native/src/list-folder.cc). */
const triesMax = 4;

/** `begin`: announces the whole call, which may fail as such; and lets others go first. */
export function fakeBatches(
  calls: FileCalls,
  begin: (verb: keyof BatchCalls, at: Folder | OpenFile | undefined) => Promise<void>,
): BatchCalls {
  return {
    listFolder: async (folder) => {
      await begin('listFolder', folder);
      return withFolder(calls, folder, (own) => list(calls, own));
    },
    readFiles: async (folder, wanted) => {
      await begin('readFiles', folder);
      return withFolder(calls, folder, async (own) => {
        const found: WholeFile[] = [];
        for (const some of portions(wanted, openMax.reading)) found.push(...(await readSome(calls, own, some)));
        return found;
      });
    },
    finishFiles: async (written) => {
      await begin('finishFiles', written[0]?.file);
      const ends: (FinishedFile | undefined)[] = [];
      for (const { file, mtimeUs } of written) ends.push(failureOf(() => calls.setFileTime(file, mtimeUs)));
      for (const [at, { file }] of written.entries()) ends[at] ??= await flush(calls, file);
      return ends.map((end) => end ?? lost);
    },
    makeFiles: async (folder, wanted) => {
      await begin('makeFiles', folder);
      return withFolder(calls, folder, async (own) => {
        const ends: FinishedFile[] = [];
        for (const some of portions(wanted, openMax.making)) ends.push(...(await makeSome(calls, own, some)));
        return ends;
      });
    },
    placeFiles: async (from, to, items) => {
      await begin('placeFiles', to);
      return withFolder(calls, from, (ownFrom) =>
        withFolder(calls, to, async (ownTo) => {
          const ends: PlacedItem[] = [];
          for (const { name, newName } of items) {
            ends.push(placeOne(calls, { folder: ownFrom, name }, { folder: ownTo, name: newName }));
            // A thread of its own: others come in between.
            await Promise.resolve();
          }
          return ends;
        }),
      );
    },
  };
}

function placeOne(calls: FileCalls, from: Entry, to: Entry): PlacedItem {
  const end = failureOf(() => {
    if (calls.renameNew === undefined) throw Object.assign(new Error('no such call'), { code: 'EINVAL' });
    calls.renameNew(from, to);
  });
  if (end !== undefined) return end;
  try {
    return calls.lstat(to) ?? 'unseen';
  } catch (error) {
    failure(error);
    return 'unseen';
  }
}

const lost = { error: new Error('nothing came of it') };

function* portions<Item>(items: readonly Item[], most: number): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += most) yield items.slice(from, from + most);
}

/** Native code has the folder open for itself: whoever called may close his. */
async function withFolder<Result>(calls: FileCalls, folder: Folder, act: (own: Folder) => Promise<Result>): Promise<Result> {
  const own = calls.openFolder(folder, '.');
  try {
    return await act(own);
  } finally {
    close(() => calls.closeFolder(own));
  }
}

/** A dead process has nothing open any more. */
function close(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (callCode(error) !== 'EKILLED') throw error;
  }
}

/** What the system has against it; undefined: nothing. Throws what is no matter of the one item: the process is gone. */
function failureOf(act: () => void): { readonly error: unknown } | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): { readonly error: unknown } {
  if (['', 'EKILLED'].includes(callCode(error))) throw error;
  return { error };
}

async function flush(calls: FileCalls, file: OpenFile): Promise<FinishedFile> {
  try {
    await calls.syncFile(file);
    return calls.statFile(file);
  } catch (error) {
    return failure(error);
  }
}

async function makeSome(calls: FileCalls, folder: Folder, wanted: readonly NewFile[]): Promise<FinishedFile[]> {
  const made: { readonly file: OpenFile | undefined; readonly end: FinishedFile | undefined }[] = [];
  for (const each of wanted) made.push(await writeOne(calls, folder, each));
  const ends: FinishedFile[] = [];
  for (const [at, { file, end }] of made.entries()) {
    const finished = end ?? (file === undefined ? lost : await flush(calls, file));
    ends.push(finished);
    if (file === undefined) continue;
    // Nothing half-made stays. What was there before is not ours.
    if ('error' in finished) failureOf(() => calls.unlink({ folder, name: wanted[at]?.name ?? '' }));
    close(() => calls.closeFile(file));
  }
  return ends;
}

async function writeOne(
  calls: FileCalls,
  folder: Folder,
  { name, bytes, mtimeUs, executable }: NewFile,
): Promise<{ readonly file: OpenFile | undefined; readonly end: FinishedFile | undefined }> {
  let file: OpenFile | undefined;
  try {
    file = calls.openFile({ folder, name }, 'create');
    if (bytes.byteLength > 0) await calls.writeFile(file, bytes, 0);
    if (executable) {
      const { mode } = calls.statFile(file);
      setModeIfKept(calls, file, mode | 0o100 | ((mode & 0o444) >> 2));
    }
    calls.setFileTime(file, mtimeUs);
    return { file, end: undefined };
  } catch (error) {
    return { file, end: failure(error) };
  }
}

type Wanted = Parameters<BatchCalls['readFiles']>[1][number];

async function readSome(calls: FileCalls, folder: Folder, wanted: readonly Wanted[]): Promise<WholeFile[]> {
  const open = wanted.map(({ name }): OpenFile | { readonly error: unknown } => {
    try {
      return calls.openFile({ folder, name }, 'read');
    } catch (error) {
      return failure(error);
    }
  });
  const found: WholeFile[] = [];
  for (const [at, file] of open.entries()) {
    if (typeof file === 'object') {
      found.push(file);
      continue;
    }
    try {
      found.push(await readOne(calls, file, wanted[at]?.sizeBytes ?? 0));
    } catch (error) {
      found.push(failure(error));
    } finally {
      close(() => calls.closeFile(file));
    }
  }
  return found;
}

async function readOne(calls: FileCalls, file: OpenFile, sizeBytes: number): Promise<WholeFile> {
  const before = calls.statFile(file);
  if (before.kind !== 'file' || before.sizeBytes !== sizeBytes) return 'changed';
  const bytes = new Uint8Array(sizeBytes);
  for (let done = 0; done < sizeBytes;) {
    const count = await calls.readFile(file, bytes.subarray(done));
    if (count === 0) return 'changed';
    done += count;
  }
  const now = observe(calls.statFile(file), '');
  const then = observe(before, '');
  return now.fingerprint === then.fingerprint && now.identity === then.identity ? { now, bytes } : 'changed';
}

/** Everything again where names came meanwhile: a listing may miss what is renamed just then. */
async function list(calls: FileCalls, folder: Folder): Promise<FolderItems> {
  const names = new Set<NodeName>(calls.readNames(folder));
  for (let tries = 1; ; tries += 1) {
    const entries: Listed[] = [];
    const unknown: NodeName[] = [];
    for (const name of names) {
      const observed = lookAt(calls, { folder, name });
      if (observed === 'unknown') unknown.push(name);
      else if (observed !== undefined) entries.push({ ...observed, name });
    }
    // A thread of its own: others come in between.
    await Promise.resolve();
    const known = names.size;
    for (const name of calls.readNames(folder)) names.add(name);
    if (names.size === known || tries === triesMax) return { entries, unknown };
  }
}

/** undefined: gone meanwhile, or (a link) replaced by something else before its target was read. */
function lookAt(calls: FileCalls, entry: Entry): Observed | 'unknown' | undefined {
  const absent = ['ENOENT', 'ENOTDIR', 'ELOOP'];
  try {
    const stat = calls.lstat(entry);
    if (stat?.kind === 'link') absent.push('EINVAL');
    return stat && observe(stat, stat.kind === 'link' ? calls.readLink(entry) : '');
  } catch (error) {
    if (absent.includes(callCode(error))) return undefined;
    if (['', 'EKILLED', 'ENOMEM'].includes(callCode(error))) throw error;
    return 'unknown';
  }
}
