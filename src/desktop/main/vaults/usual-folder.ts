import path from 'node:path';

/** Where a folder to be synced would usually be: one that no vault of the app has yet. */
export function usualFolder(home: string, taken: readonly string[]): string {
  const isTaken = new Set(taken.map((folder) => path.resolve(folder)));
  for (let count = 1; ; count += 1) {
    const folder = path.join(home, count === 1 ? 'Cachette' : `Cachette ${count}`);
    if (!isTaken.has(folder)) return folder;
  }
}
