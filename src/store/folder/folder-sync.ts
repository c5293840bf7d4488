import { open } from 'node:fs/promises';
import { errnoOf } from '../../base/errno.ts';

interface Syncing {
  /** Began before the last caller came, so it may not cover what that caller did. */
  readonly running: Promise<void>;
  next: Promise<void> | undefined;
}

/** What file systems and platforms say that cannot or need not flush a folder (Windows, FUSE, SMB). */
const notNeeded = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'EPERM', 'EACCES', 'EBADF']);

/** Makes folder entries durable. Callers that come while a flush of the same folder runs share the next one. */
export class FolderSync {
  readonly #folders = new Map<string, Syncing>();

  /** Resolves when every entry made in the folder before the call is on the disk. Rejects with the system's error. */
  sync(folder: string): Promise<void> {
    const current = this.#folders.get(folder);
    if (current === undefined) return this.#start(folder);
    current.next ??= current.running.then(
      () => this.#start(folder),
      () => this.#start(folder),
    );
    return current.next;
  }

  #start(folder: string): Promise<void> {
    const running = flush(folder).finally(() => {
      if (this.#folders.get(folder)?.next === undefined) this.#folders.delete(folder);
    });
    this.#folders.set(folder, { running, next: undefined });
    return running;
  }
}

async function flush(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!notNeeded.has(errnoOf(error) ?? '')) throw error;
  }
}
