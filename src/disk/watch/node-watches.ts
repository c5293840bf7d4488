import fs from 'node:fs';
import { nameFromBytes, nameToBytes } from '../../model/name.ts';
import type { FolderWatches, OnFolderNews } from './folder-watches.ts';

/** By node:fs: a watcher for each folder, which take two kilobytes each. */
export function nodeWatches(onNews: OnFolderNews): FolderWatches {
  const watchers = new Map<number, fs.FSWatcher>();
  let given = 0;
  return {
    watch: (path) => {
      const folder = given;
      const watcher = fs.watch(Buffer.from(nameToBytes(path)), { encoding: 'buffer', persistent: false }, (event, name) =>
        onNews(event === 'rename' ? 'names' : 'content', folder, name === null ? undefined : nameFromBytes(name)),
      );
      watcher.on('error', () => onNews('lost', folder, undefined));
      watchers.set(folder, watcher);
      given += 1;
      return folder;
    },
    unwatch: (folder) => {
      watchers.get(folder)?.close();
      watchers.delete(folder);
    },
    close: () => {
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}
