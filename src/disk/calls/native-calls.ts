/**
 * What native code does better than node:fs: the system's own calls on a name in an open folder (openat and its family), in a
 * fifth of the time, without /proc in between; and renames that never replace, or swap, which Node has no call for.
 */
import { getSystemErrorName } from 'node:util';
import type { NativeFiles, NativeFinished } from '../../base/native.ts';
import type { NodeName } from '../../model/name.ts';
import type { Listed } from '../disk.ts';
import type {
  Entry,
  FileCalls,
  FinishedFile,
  Folder,
  FolderItems,
  ItemToPlace,
  NewFile,
  OpenFile,
  PlacedItem,
  Stat,
  WholeFile,
  WrittenFile,
} from './file-calls.ts';
import { itemsOf } from './item-table.ts';
import type { MadeUpInodes } from './made-up-inodes.ts';
import { type SystemPath, systemPath } from './node-paths.ts';

type NativeCalls = Omit<
  Required<FileCalls>,
  'openToSync' | 'syncFolder' | 'space' | 'readFile' | 'writeFile' | 'syncFile' | 'readOrigin' | 'setOrigin'
>;

/** The calls that native code has, to take the place of those on node:fs: all that open or close something come together. */
export function nativeCalls(files: NativeFiles, rootDir: string, madeUp: MadeUpInodes): NativeCalls {
  const stats = new StatWords(madeUp);
  return {
    openTop: () => files.openTop(rootDir) as Folder,
    openFolder: (parent, name) => files.openFolder(parent, name) as Folder,
    closeFolder: (folder) => files.close(folder),
    statFolder: (folder) => statOpen(files, folder, stats),
    readNames: (folder) => readNames(files, folder),
    lstat: ({ folder, name }) => {
      if (!files.statEntry(folder, name, stats.bytes)) return undefined;
      // Asked of a link, the system would tell of what it points to.
      return stats.read((kind) => pathBelow(folder, kind === 'link' ? '.' : name));
    },
    readLink: ({ folder, name }) => files.readLink(folder, name),
    makeFolder: ({ folder, name }, mode) => files.makeFolder(folder, name, mode),
    makeLink: (target, { folder, name }) => files.makeLink(target, folder, name),
    link: (from, to) => files.link(from.folder, from.name, to.folder, to.name),
    ...renames(files),
    listFolder: (folder, rest) => listFolder(files, { folder, rest, madeUp }),
    readFiles: (folder, wanted) => readFiles(files, { folder, wanted, madeUp }),
    unlink: ({ folder, name }) => files.remove(folder, name, 0),
    removeFolder: ({ folder, name }) => files.remove(folder, name, 1),
    setLinkTime: ({ folder, name }, mtimeUs) => files.setLinkTime(folder, name, mtimeUs),
    openFile: ({ folder, name }, how) => files.openFile(folder, name, how === 'create' ? 1 : 0) as OpenFile,
    closeFile: (file) => files.close(file),
    statFile: (file) => statOpen(files, file, stats),
    setFileTime: (file, mtimeUs) => files.setFileTime(file, mtimeUs),
    setFileMode: (file, mode) => files.setFileMode(file, mode),
    allocate: (file, sizeBytes) => files.allocate(file, sizeBytes),
    finishFiles: (written) => finishFiles(files, written, madeUp),
    makeFiles: (folder, wanted) => makeFiles(files, { folder, wanted, madeUp }),
    placeFiles: (from, to, items) => placeFiles(files, { from, to, items, madeUp }),
  };
}

function renames(files: NativeFiles): Pick<NativeCalls, 'rename' | 'renameNew' | 'exchange'> {
  const rename = (from: Entry, to: Entry, how: 0 | 1 | 2): void => files.rename(from.folder, from.name, to.folder, to.name, how);
  return {
    rename: (from, to) => rename(from, to, 0),
    renameNew: (from, to) => rename(from, to, 1),
    exchange: (a, b) => rename(a, b, 2),
  };
}

interface Listing {
  readonly folder: Folder;
  readonly rest: () => Promise<void>;
  readonly madeUp: MadeUpInodes;
}

async function listFolder(files: NativeFiles, { folder, rest, madeUp }: Listing): Promise<FolderItems> {
  const entries: Listed[] = [];
  const unknown: NodeName[] = [];
  for (const [at, table] of (await files.listFolder(folder)).entries()) {
    if (at > 0) await rest();
    for (const { outcome, item } of itemsOf(table, madeUp, ({ kind }, name) => pathBelow(folder, kind === 'link' ? '.' : name))) {
      if (outcome === 0) entries.push(item);
      else unknown.push(item.name);
    }
  }
  return { entries, unknown };
}

interface Reading {
  readonly folder: Folder;
  readonly wanted: readonly { readonly name: string; readonly sizeBytes: number }[];
  readonly madeUp: MadeUpInodes;
}

async function readFiles(files: NativeFiles, { folder, wanted, madeUp }: Reading): Promise<WholeFile[]> {
  const names = wanted.map(({ name }) => name);
  const table = await files.readFiles(
    folder,
    names,
    Float64Array.from(wanted, ({ sizeBytes }) => sizeBytes),
  );
  const found: WholeFile[] = [];
  let offset = 0;
  for (const { outcome, item } of itemsOf(table, madeUp, () => pathBelow(folder, names[found.length] ?? '.'))) {
    const sizeBytes = wanted[found.length]?.sizeBytes ?? 0;
    const bytes = table.bytes.subarray(offset, offset + sizeBytes);
    offset += sizeBytes;
    if (outcome > 0) found.push({ error: systemError(outcome) });
    else if (outcome < 0) found.push('changed');
    else {
      const { name: _, ...now } = item;
      found.push({ now, bytes });
    }
  }
  return found;
}

async function finishFiles(files: NativeFiles, written: readonly WrittenFile[], madeUp: MadeUpInodes): Promise<FinishedFile[]> {
  const descriptors = Float64Array.from(written, ({ file }) => file);
  const finished = await files.finishFiles(
    descriptors,
    Float64Array.from(written, ({ mtimeUs }) => mtimeUs),
  );
  return written.map(({ file }, at) => finishedFile(finished, { at, madeUp, path: () => `/proc/self/fd/${file}` }));
}

interface Making {
  readonly folder: Folder;
  readonly wanted: readonly NewFile[];
  readonly madeUp: MadeUpInodes;
}

async function makeFiles(files: NativeFiles, { folder, wanted, madeUp }: Making): Promise<FinishedFile[]> {
  const finished = await files.makeFiles(
    folder,
    wanted.map(({ name }) => name),
    wanted.map(({ bytes }) => bytes),
    Float64Array.from(wanted, ({ mtimeUs }) => mtimeUs),
    Float64Array.from(wanted, ({ executable }) => (executable ? 1 : 0)),
  );
  return wanted.map(({ name }, at) => finishedFile(finished, { at, madeUp, path: () => pathBelow(folder, name) }));
}

interface Placing {
  readonly from: Folder;
  readonly to: Folder;
  readonly items: readonly ItemToPlace[];
  readonly madeUp: MadeUpInodes;
}

/** Placed, and gone a moment later. */
const unseen = -1;

async function placeFiles(files: NativeFiles, { from, to, items, madeUp }: Placing): Promise<PlacedItem[]> {
  const finished = await files.placeFiles(
    from,
    items.map(({ name }) => name),
    to,
    items.map(({ newName }) => newName),
  );
  return items.map(({ newName }, at) =>
    finished.outcomes[at] === unseen ? 'unseen' : finishedFile(finished, { at, madeUp, path: () => pathBelow(to, newName) }),
  );
}

interface OneFinished {
  readonly at: number;
  readonly madeUp: MadeUpInodes;
  readonly path: () => SystemPath;
}

function finishedFile({ outcomes, stats }: NativeFinished, { at, madeUp, path }: OneFinished): FinishedFile {
  const outcome = outcomes[at] ?? 0;
  return outcome === 0 ? new StatWords(madeUp, stats).read(path, at) : { error: systemError(outcome) };
}

function systemError(errno: number): Error {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(code), { code, errno: -errno });
}

function pathBelow(folder: Folder, name: string): SystemPath {
  return systemPath(`/proc/self/fd/${folder}`, name, '/');
}

function readNames(files: NativeFiles, folder: Folder): NodeName[] {
  const names = files.readNames(folder);
  return names === '' ? [] : (names.split('\0') as NodeName[]);
}

function statOpen(files: NativeFiles, descriptor: Folder | OpenFile, stats: StatWords): Stat {
  files.statOpen(descriptor, stats.bytes);
  return stats.read(() => `/proc/self/fd/${descriptor}`);
}

const kinds = ['file', 'folder', 'link', 'other'] as const;
/** Six numbers of 64 bits, then four of doubles. */
const statWords = 10;

/** Where native code writes what it finds of items (native/src/stat-words.h). */
class StatWords {
  readonly bytes: Uint8Array;
  readonly #stamps: BigInt64Array;
  readonly #numbers: Float64Array;
  readonly #madeUp: MadeUpInodes;

  constructor(madeUp: MadeUpInodes, bytes = new Uint8Array(8 * statWords)) {
    this.bytes = bytes;
    this.#stamps = new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
    this.#numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
    this.#madeUp = madeUp;
  }

  /** `path`: of something on its file system. `at`: which item. */
  read(path: (kind: Stat['kind']) => SystemPath, at = 0): Stat {
    const stamp = (word: number): bigint => this.#stamps[statWords * at + word] ?? 0n;
    const number = (word: number): number => this.#numbers[statWords * at + word] ?? 0;
    const kind = kinds[number(6)] ?? 'other';
    const device = stamp(0);
    return {
      kind,
      device,
      mount: stamp(5),
      inode: BigInt.asUintN(64, stamp(1)),
      birthNs: this.#madeUp.areOn(device, () => path(kind)) ? 0n : stamp(2),
      mtimeNs: stamp(3),
      ctimeNs: stamp(4),
      sizeBytes: number(7),
      mode: number(8),
      nameCount: number(9),
    };
  }
}
