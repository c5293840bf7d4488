import fs from 'node:fs/promises';
import path from 'node:path';
import { privateFolderName } from '../../model/name.ts';
import type { AgentHost } from '../agent-host.ts';
import { checkFolder, nearestFolder } from '../folder/claim-folder.ts';

/** What a folder holds that is to be linked. */
export interface FolderLook {
  readonly exists: boolean;
  readonly files: number;
  readonly bytes: number;
  /** Counting ended before everything was counted. */
  readonly isMore: boolean;
  readonly freeBytes: number | null;
}

/** Enough to say "much": nobody waits for a count of a million files. */
const countedMax = 20_000;

/** Changes nothing. Throws E_FOLDER_OWNED, E_NOT_FOUND, E_DISK where the folder can't be linked. */
export async function lookAtFolder(host: AgentHost, folder: string): Promise<FolderLook> {
  const { dir, exists } = await checkFolder(folder, { profileDir: path.resolve(host.profileDir), storeDir: undefined });
  const held = exists ? await count(dir) : { files: 0, bytes: 0, isMore: false };
  return { exists, ...held, freeBytes: await findFreeBytes(await nearestFolder(dir)) };
}

/** What the disk has left for this user; null where it does not tell. */
export async function findFreeBytes(dir: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await fs.statfs(dir);
    return bavail * bsize;
  } catch {
    return null;
  }
}

async function count(top: string): Promise<Omit<FolderLook, 'exists' | 'freeBytes'>> {
  const queue = [top];
  let [files, bytes, seen] = [0, 0, 0];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    for (const entry of await fs.readdir(folder, { withFileTypes: true }).catch(() => [])) {
      seen += 1;
      if (seen > countedMax) return { files, bytes, isMore: true };
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== privateFolderName) queue.push(file);
      if (!entry.isFile()) continue;
      files += 1;
      bytes += await fs.lstat(file).then(
        ({ size }) => size,
        () => 0,
      );
    }
  }
  return { files, bytes, isMore: false };
}
