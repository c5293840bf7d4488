import type { NativeWatches } from '../../base/native.ts';
import type { NodeName } from '../../model/name.ts';
import type { FolderNews, FolderWatches, OnFolderNews } from './folder-watches.ts';

/** By their numbers in native/src/folder-watches.cc. */
const kinds: readonly FolderNews[] = ['content', 'names', 'unwatched', 'lost', 'written', 'arrived', 'removed'];

/** By native code: one descriptor for all folders, and a number for each. Throws what the system says, with a `code`. */
export function nativeWatches(native: NativeWatches, onNews: OnFolderNews): FolderWatches {
  const opened = native.open((names, numbers) => {
    const nameOf = names.split('\0');
    for (let at = 0; at < nameOf.length; at += 1) {
      const name = nameOf[at] ?? '';
      const kind = kinds[numbers[2 * at + 1] ?? -1];
      if (kind !== undefined) onNews(kind, numbers[2 * at] ?? -1, name === '' ? undefined : (name as NodeName));
    }
  });
  return {
    watch: (path) => native.watch(opened, path),
    unwatch: (folder) => native.unwatch(opened, folder),
    close: () => native.close(opened),
  };
}
