import type { NodeName } from '../../model/name.ts';

/**
 * What a folder is heard of: 'content': content or bits of the named item. 'written': whoever had opened it for writing has closed
 * it. 'names': it came, went, or was moved away. 'arrived': it was moved here, as it is. 'removed': it was removed here, and not moved away.
 * 'unwatched': the system has ended the watch (the folder is gone, or what was mounted there). 'lost': there was more, nobody knows
 * where. Not everybody who watches can tell 'written' from silence, and 'arrived' and 'removed' from 'names'.
 */
export type FolderNews = 'content' | 'written' | 'names' | 'arrived' | 'removed' | 'unwatched' | 'lost';

/** `folder`: its number; of no meaning where news were lost. `name`: undefined where it is about the folder itself, or anything in it. */
export type OnFolderNews = (what: FolderNews, folder: number, name: NodeName | undefined) => void;

/** Watches over single folders, not over what is below them. News come in the order in which things happened. */
export interface FolderWatches {
  /**
   * The folder's number, which is never given to another one. Throws what the system says, with a `code`. A folder that is watched
   * already may keep its number: it is at another path now, or at two. `path`: as names are (src/model/name.ts).
   */
  watch(path: string): number;
  /** News that are on their way may still come. */
  unwatch(folder: number): void;
  close(): void;
}
