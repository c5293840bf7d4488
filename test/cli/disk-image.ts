/** File systems of other computers in a file, mounted for a test: where this machine can. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Commands that make the file system in `file` and show it in `folder`; the last one's undoing is `umount`. */
type Recipe = (file: string, folder: string) => readonly (readonly [string, ...string[]])[];

export interface ImageKind {
  readonly title: string;
  readonly sizeMiB: number;
  readonly recipe: Recipe;
}

/** Through the kernel where it has the driver, and through FUSE, whose drivers are others and have other whims. */
export const imageKinds: readonly ImageKind[] = [
  {
    title: 'ext4 that folds case',
    sizeMiB: 32,
    recipe: (file, folder) => [
      ['mkfs.ext4', '-q', '-O', 'casefold', '-E', 'encoding=utf8-12.1', file],
      ['mount', '-o', 'loop', file, folder],
      // Only an empty folder can be told to fold.
      ['rmdir', path.join(folder, 'lost+found')],
      ['chattr', '+F', folder],
    ],
  },
  {
    title: 'FAT',
    sizeMiB: 64,
    recipe: (file, folder) => [
      ['mkfs.vfat', '-F', '32', file],
      ['mount', '-t', 'vfat', '-o', 'loop,utf8', file, folder],
    ],
  },
  {
    title: 'exFAT through FUSE',
    sizeMiB: 32,
    recipe: (file, folder) => [
      ['mkfs.exfat', file],
      // It takes block devices only.
      [
        'sh',
        '-c',
        'set -e; device=$(losetup -f --show "$1"); mount.exfat-fuse "$device" "$2" || { losetup -d "$device"; exit 1; }; losetup -d "$device"',
        'mount',
        file,
        folder,
      ],
    ],
  },
  {
    title: 'NTFS with the names of Windows, through FUSE',
    sizeMiB: 32,
    recipe: (file, folder) => [
      ['mkntfs', '-q', '-F', file],
      ['ntfs-3g', '-o', 'windows_names', file, folder],
    ],
  },
];

/** Makes an image and mounts it at the folder; gives what takes it away again, or says in one line what this machine lacks. */
export function mountImage({ sizeMiB, recipe }: ImageKind, file: string, folder: string): { unmount: () => void } | string {
  fs.writeFileSync(file, '');
  fs.truncateSync(file, sizeMiB * 1024 * 1024);
  fs.mkdirSync(folder, { recursive: true });
  const before = fs.statSync(folder).dev;
  const unmount = (): void => {
    if (fs.statSync(folder).dev !== before && run(['umount', folder]) !== undefined) run(['umount', '-l', folder]);
  };
  for (const command of recipe(file, folder)) {
    const failure = run(command);
    if (failure === undefined) continue;
    unmount();
    return failure;
  }
  if (fs.statSync(folder).dev !== before) return { unmount };
  return 'it was not mounted';
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
function run([command, ...args]: readonly [string, ...string[]]): string | undefined {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
  const { status, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', timeout: 20_000 });
  if (status === 0) return undefined;
  const [line] = stderr?.split('\n').filter((each) => each.trim() !== '') ?? [];
  return line ?? error?.message ?? `${command} ended with ${status ?? 'a signal'}`;
}
