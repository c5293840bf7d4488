/** File systems of other computers in a file, mounted for a test: where this machine can. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

type Command = readonly [string, ...string[]];

export interface ImageKind {
  readonly title: string;
  readonly sizeMiB: number;
  readonly make: (file: string) => Command;
  /** Its undoing is `umount`. */
  readonly mount: (file: string, folder: string) => Command;
  /** What the folder needs once, when it is empty. */
  readonly prepare?: (folder: string) => readonly Command[];
}

/** exFAT through FUSE takes block devices only. */
const mountExfat =
  'set -e; device=$(losetup -f --show "$1"); mount.exfat-fuse "$device" "$2" || { losetup -d "$device"; exit 1; }; losetup -d "$device"';

/** Through the kernel where it has the driver, and through FUSE, whose drivers are others and have other whims. */
export const imageKinds: readonly ImageKind[] = [
  {
    title: 'ext4 that folds case',
    sizeMiB: 32,
    make: (file) => ['mkfs.ext4', '-q', '-O', 'casefold', '-E', 'encoding=utf8-12.1', file],
    mount: (file, folder) => ['mount', '-o', 'loop', file, folder],
    // Only an empty folder can be told to fold.
    prepare: (folder) => [
      ['rmdir', path.join(folder, 'lost+found')],
      ['chattr', '+F', folder],
    ],
  },
  {
    title: 'FAT',
    sizeMiB: 64,
    make: (file) => ['mkfs.vfat', '-F', '32', file],
    mount: (file, folder) => ['mount', '-t', 'vfat', '-o', 'loop,utf8', file, folder],
  },
  {
    title: 'exFAT through FUSE',
    sizeMiB: 32,
    make: (file) => ['mkfs.exfat', file],
    mount: (file, folder) => ['sh', '-c', mountExfat, 'mount', file, folder],
  },
  {
    title: 'NTFS with the names of Windows, through FUSE',
    sizeMiB: 32,
    make: (file) => ['mkntfs', '-q', '-F', file],
    mount: (file, folder) => ['ntfs-3g', '-o', 'windows_names', file, folder],
  },
];

/** A disk that can't tell a renamed item from a new one. */
export const withoutBirthTimes: ImageKind = {
  title: 'ext4 without birth times',
  sizeMiB: 64,
  make: (file) => ['mkfs.ext4', '-q', '-I', '128', file],
  mount: (file, folder) => ['mount', '-o', 'loop', file, folder],
  prepare: (folder) => [['rmdir', path.join(folder, 'lost+found')]],
};

export interface MountedImage {
  readonly unmount: () => void;
  /** As if it had been taken away and brought back: numbers that the driver makes up for its items are others then. */
  readonly remount: () => void;
}

/** Makes an image and mounts it at the folder; or says in one line what this machine lacks. */
export function mountImage({ sizeMiB, make, mount, prepare }: ImageKind, file: string, folder: string): MountedImage | string {
  fs.writeFileSync(file, '');
  fs.truncateSync(file, sizeMiB * 1024 * 1024);
  fs.mkdirSync(folder, { recursive: true });
  const before = fs.statSync(folder).dev;
  const unmount = (): void => {
    if (fs.statSync(folder).dev !== before && run(['umount', folder]) !== undefined) run(['umount', '-l', folder]);
  };
  const failure = runAll([make(file), mount(file, folder), ...(prepare?.(folder) ?? [])]);
  if (failure !== undefined || fs.statSync(folder).dev === before) {
    unmount();
    return failure ?? 'it was not mounted';
  }
  const remount = (): void => {
    const trouble = runAll([['umount', folder], mount(file, folder)]);
    if (trouble !== undefined) throw new Error(trouble);
  };
  return { unmount, remount };
}

function runAll(commands: readonly Command[]): string | undefined {
  for (const command of commands) {
    const failure = run(command);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** What this machine lacks for such an image; undefined where it can mount one. */
export function whatIsMissing(kind: ImageKind): string | undefined {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-image-'));
  try {
    const mounted = mountImage(kind, path.join(place, 'image'), path.join(place, 'folder'));
    if (typeof mounted === 'string') return mounted;
    mounted.unmount();
    return undefined;
  } finally {
    fs.rmSync(place, { recursive: true, force: true });
  }
}

/** What went wrong, in one line. */
function run([command, ...args]: Command): string | undefined {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
  const { status, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', timeout: 20_000 });
  if (status === 0) return undefined;
  const [line] = stderr?.split('\n').filter((each) => each.trim() !== '') ?? [];
  return line ?? error?.message ?? `${command} ended with ${status ?? 'a signal'}`;
}
