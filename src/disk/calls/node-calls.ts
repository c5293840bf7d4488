/**
 * FileCalls on node:fs, and where there is native code (native-calls.ts) on what the system itself offers.
 *
 * Linux: an open folder is a descriptor (O_PATH | O_NOFOLLOW), names in it are reached as /proc/self/fd/<n>/<name>: what
 * was opened stays the folder meant, even if somebody puts a link in its place meanwhile.
 * Elsewhere Node has no such thing: a folder is its path, looked at (lstat, all the way down) when it is opened. Whoever
 * can write into the synced folder and wins a race of microseconds between this look and the act can make the act land
 * elsewhere; closed only by a native module.
 */
import fs from 'node:fs';
import { promisify } from 'node:util';
import { native } from '../../base/native.ts';
import { nameFromBytes, nameToBytes, type NodeName } from '../../model/name.ts';
import { spaceOf } from '../disk-reserve.ts';
import { callCode, type Entry, type FileCalls, type Folder, type OpenFile, type Stat } from './file-calls.ts';
import { fileSystemType, MadeUpInodes, type FileSystemType } from './made-up-inodes.ts';
import { nativeCalls } from './native-calls.ts';
import { type SystemPath, systemPath, toSystemTime } from './node-paths.ts';
import { zoneCalls } from './zone-calls.ts';

const { constants } = fs;
/** Not among Node's constants; the same number on all Linux platforms that Node runs on. */
const oPath = 0o10000000;
const folderFlags = oPath | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Windows has none of these: `undefined | 0` is 0. */
const readableFlags = constants.O_RDONLY | constants.O_DIRECTORY;
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const createFlags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const separator = process.platform === 'win32' ? '\\' : '/';
/** Below this a write goes to the page cache faster than to another thread. */
const smallWriteBytes = 64 * 1024;

const read = promisify(fs.read);
const write = promisify(fs.write);
const fsync = promisify(fs.fsync);
const open = promisify(fs.open);
const close = promisify(fs.close);

/** How open folders are kept. */
interface FolderTable {
  openTop(): Folder;
  openFolder(parent: Folder, name: string): Folder;
  openToSync(folder: Folder): Folder;
  sync(folder: Folder): Promise<void>;
  closeFolder(folder: Folder): void;
  /** Path that reaches the folder itself. */
  pathOf(folder: Folder): SystemPath;
}

/** For tests of what other systems do. */
interface NodeCallsOptions {
  readonly anchored?: boolean;
  readonly typeOf?: FileSystemType;
  readonly isNative?: boolean;
}

/** What the system says of an item; `path` is of something on its file system. */
type ToStat = (stat: fs.BigIntStats, path: () => SystemPath) => Stat;

/** The calls of this machine on one folder. */
export function nodeCalls(rootDir: string, options: NodeCallsOptions = {}): FileCalls {
  const { anchored = hasDescriptorPaths(), typeOf = fileSystemType, isNative = true } = options;
  const table = anchored ? descriptorTable(rootDir) : pathTable(rootDir);
  const at = ({ folder, name }: Entry): SystemPath => systemPath(table.pathOf(folder), name, separator);
  const madeUp = new MadeUpInodes(typeOf);
  const toStat = statReader(madeUp);
  return {
    openTop: () => table.openTop(),
    openFolder: (parent, name) => table.openFolder(parent, name),
    openToSync: (folder) => table.openToSync(folder),
    closeFolder: (folder) => table.closeFolder(folder),
    ...folderCalls(table, toStat),
    ...entryCalls(at, toStat),
    ...openCalls(at),
    ...fileCalls(toStat),
    ...(process.platform === 'win32' ? zoneCalls(at) : {}),
    ...(anchored && isNative && native?.files !== undefined ? nativeCalls(native.files, rootDir, madeUp) : {}),
  };
}

function hasDescriptorPaths(): boolean {
  return process.platform === 'linux' && fs.existsSync('/proc/self/fd');
}

function descriptorTable(rootDir: string): FolderTable {
  const pathOf = (folder: Folder): string => `/proc/self/fd/${folder}`;
  return {
    openTop: () => fs.openSync(rootDir, oPath | constants.O_DIRECTORY) as Folder,
    openFolder: (parent, name) => fs.openSync(systemPath(pathOf(parent), name, '/'), folderFlags) as Folder,
    openToSync: (folder) => fs.openSync(pathOf(folder), readableFlags) as Folder,
    sync: async (folder) => {
      try {
        await fsync(folder);
      } catch (error) {
        // One that only names can be reached by.
        if (callCode(error) !== 'EBADF') throw error;
        await syncAt(pathOf(folder));
      }
    },
    closeFolder: (folder) => fs.closeSync(folder),
    pathOf,
  };
}

async function syncAt(path: SystemPath): Promise<void> {
  const fd = await open(path, readableFlags);
  try {
    await fsync(fd);
  } finally {
    await close(fd);
  }
}

function pathTable(rootDir: string): FolderTable {
  const paths = new Map<Folder, SystemPath>();
  let last = 0;
  const add = (path: SystemPath, stat: fs.Stats): Folder => {
    if (!stat.isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    last += 1;
    paths.set(last as Folder, path);
    return last as Folder;
  };
  const pathOf = (folder: Folder): SystemPath => paths.get(folder) ?? rootDir;
  return {
    openTop: () => add(rootDir, fs.statSync(rootDir)),
    openFolder: (parent, name) => {
      const path = name === '.' ? pathOf(parent) : systemPath(pathOf(parent), name, separator);
      return add(path, fs.lstatSync(path));
    },
    openToSync: (folder) => {
      fs.accessSync(pathOf(folder), constants.R_OK);
      return add(pathOf(folder), fs.lstatSync(pathOf(folder)));
    },
    sync: (folder) => syncAt(pathOf(folder)),
    closeFolder: (folder) => void paths.delete(folder),
    pathOf,
  };
}

function folderCalls(table: FolderTable, toStat: ToStat): Pick<FileCalls, 'statFolder' | 'readNames' | 'syncFolder' | 'space'> {
  return {
    statFolder: (folder) => toStat(fs.statSync(table.pathOf(folder), { bigint: true }), () => table.pathOf(folder)),
    readNames: (folder) => readNames(table.pathOf(folder)),
    syncFolder: async (folder) => {
      // Windows can't open folders for this; NTFS journals its entries by itself.
      if (process.platform === 'win32') return;
      await table.sync(folder);
    },
    space: (folder) => {
      const { bavail, blocks, bsize } = fs.statfsSync(table.pathOf(folder));
      return spaceOf({ bavail, blocks, bsize });
    },
  };
}

/** Text is read five times faster than bytes; bytes are read again only where a name may not be text. */
function readNames(path: SystemPath): NodeName[] {
  const names = fs.readdirSync(path, 'utf8');
  if (!names.some((name) => name.includes('\uFFFD'))) return names as NodeName[];
  return fs.readdirSync(path, 'buffer').map((bytes) => nameFromBytes(bytes));
}

type EntryCalls = Pick<
  FileCalls,
  'lstat' | 'readLink' | 'makeFolder' | 'makeLink' | 'link' | 'rename' | 'unlink' | 'removeFolder' | 'setLinkTime'
>;

function entryCalls(at: (entry: Entry) => SystemPath, toStat: ToStat): EntryCalls {
  return {
    lstat: (entry) => {
      const stat = fs.lstatSync(at(entry), { bigint: true, throwIfNoEntry: false });
      if (stat === undefined) return undefined;
      return toStat(stat, () => at(stat.isSymbolicLink() ? { folder: entry.folder, name: '.' } : entry));
    },
    readLink: (entry) => nameFromBytes(fs.readlinkSync(at(entry), 'buffer')),
    makeFolder: (entry, mode) => fs.mkdirSync(at(entry), mode),
    makeLink: (target, entry) => fs.symlinkSync(target.isWellFormed() ? target : Buffer.from(nameToBytes(target)), at(entry)),
    link: (from, to) => {
      // macOS would follow a link here.
      if (process.platform === 'darwin' && fs.lstatSync(at(from)).isSymbolicLink())
        throw Object.assign(new Error('links of links'), { code: 'ENOTSUP' });
      fs.linkSync(at(from), at(to));
    },
    rename: (from, to) => fs.renameSync(at(from), at(to)),
    unlink: (entry) => fs.unlinkSync(at(entry)),
    removeFolder: (entry) => fs.rmdirSync(at(entry)),
    setLinkTime: (entry, mtimeUs) => {
      const time = toSystemTime(mtimeUs);
      fs.lutimesSync(at(entry), time, time);
    },
  };
}

function openCalls(at: (entry: Entry) => SystemPath): Pick<FileCalls, 'openFile'> {
  return {
    openFile: (entry, how) => fs.openSync(at(entry), how === 'create' ? createFlags : readFlags, 0o644) as OpenFile,
  };
}

function fileCalls(
  toStat: ToStat,
): Pick<FileCalls, 'closeFile' | 'statFile' | 'setFileTime' | 'setFileMode' | 'readFile' | 'writeFile' | 'syncFile'> {
  return {
    closeFile: (file) => fs.closeSync(file),
    statFile: (file) => toStat(fs.fstatSync(file, { bigint: true }), () => `/proc/self/fd/${file}`),
    setFileTime: (file, mtimeUs) => {
      const time = toSystemTime(mtimeUs);
      fs.futimesSync(file, time, time);
    },
    setFileMode: (file, mode) => fs.fchmodSync(file, mode),
    readFile: async (file, into) => (await read(file, into, 0, into.byteLength, null)).bytesRead,
    writeFile: async (file, bytes, offset) => {
      for (let done = 0; done < bytes.byteLength;) {
        const rest = bytes.byteLength - done;
        const small = rest <= smallWriteBytes;
        done += small
          ? fs.writeSync(file, bytes, done, rest, offset + done)
          : (await write(file, bytes, done, rest, offset + done)).bytesWritten;
      }
    },
    syncFile: (file) => fsync(file),
  };
}

function statReader(madeUp: MadeUpInodes): ToStat {
  return (stat, path) => ({
    kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'other',
    device: stat.dev,
    // Node does not tell it.
    mount: 0n,
    inode: stat.ino,
    birthNs: madeUp.areOn(stat.dev, path) ? 0n : stat.birthtimeNs,
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
    sizeBytes: Number(stat.size),
    mode: Number(stat.mode & 0o7777n),
    nameCount: Number(stat.nlink),
  });
}
