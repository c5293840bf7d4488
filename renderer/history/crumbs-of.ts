/** The folders from the top down to one; of a deep one the first and the last, with one that stands for those between. */

export interface Crumb {
  readonly path: string;
  readonly name: string;
  readonly isLast: boolean;
  /** Stands for what is left out above it; leads to the lowest of that. */
  readonly isGap: boolean;
}

/** More don't fit side by side. */
const shownMax = 4;

export function crumbsOf(folder: string): readonly Crumb[] {
  const names = folder === '' ? [] : folder.split('/');
  const all = [
    { path: '', name: '', isLast: names.length === 0, isGap: false },
    ...names.map((name, at) => ({ path: names.slice(0, at + 1).join('/'), name, isLast: at === names.length - 1, isGap: false })),
  ];
  if (all.length <= shownMax) return all;
  const gapAt = all.length - 3;
  return all.flatMap((crumb, at) => (at === 0 || at > gapAt ? [crumb] : at === gapAt ? [{ ...crumb, isGap: true }] : []));
}
