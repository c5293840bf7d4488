import type { PutOutcome } from '../store/store.ts';
import type { FolderStore } from '../store/folder/folder-store.ts';
import type { NewsBoard } from './news-board.ts';
import { Failure } from '../base/failure.ts';

/** One of the server's stores: its objects, the space they take, and who waits for news. */
export class ServedStore {
  readonly folder: FolderStore;
  readonly news: NewsBoard;
  /** Bytes of all objects, and of those on their way in. Counted once, then kept up. */
  #usedBytes: Promise<number> | undefined;
  #addedBytes = 0;

  constructor(folder: FolderStore, news: NewsBoard) {
    this.folder = folder;
    this.news = news;
  }

  /** Stores a new object of a known size. Throws E_STORE_FULL when it does not fit into `quotaBytes`. */
  async put(name: string, upload: Upload, quotaBytes: number | undefined): Promise<PutOutcome> {
    if (!(await this.#reserve(upload.sizeBytes, quotaBytes))) {
      // Perhaps an earlier try of the same upload took the last room.
      if ((await this.#sizeOf(name)) !== undefined) return 'exists';
      throw new Failure('E_STORE_FULL', 'the quota is used up');
    }
    let outcome: PutOutcome | undefined;
    try {
      outcome = await this.folder.putStream(name, upload.bytes);
    } finally {
      if (outcome === undefined || outcome === 'exists') this.#addedBytes -= upload.sizeBytes;
    }
    return outcome;
  }

  async delete(name: string): Promise<void> {
    await this.#count();
    this.#addedBytes -= await this.folder.remove(name);
  }

  async close(): Promise<void> {
    this.news.close();
    await this.folder.close();
  }

  async #sizeOf(name: string): Promise<number | undefined> {
    const object = await this.folder.openObject(name);
    await object?.handle.close();
    return object?.sizeBytes;
  }

  /** False: no room. Counts before the bytes come, so that uploads at the same time can't pass a quota together. */
  async #reserve(sizeBytes: number, quotaBytes: number | undefined): Promise<boolean> {
    const usedBytes = await this.#count();
    if (quotaBytes !== undefined && usedBytes + this.#addedBytes + sizeBytes > quotaBytes) return false;
    this.#addedBytes += sizeBytes;
    return true;
  }

  async #count(): Promise<number> {
    this.#usedBytes ??= this.folder.usedBytes();
    try {
      return await this.#usedBytes;
    } catch (error) {
      this.#usedBytes = undefined;
      throw error;
    }
  }
}

export interface Upload {
  readonly sizeBytes: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}
