import type { DiskPath } from '../disk.ts';
import type { DiskParts } from '../disk-parts.ts';
import type { Anchored } from '../root-anchor.ts';

/**
 * Runs `act`, which changes what the folder of this path holds; 'gone' as `RootAnchor.withEntry`. Throws EACCES before anything is
 * changed where that folder can be written to and not read: it could not be made durable, and no look would ever find the change.
 */
export function changeIn<Result>(
  { root, touched }: Pick<DiskParts, 'root' | 'touched'>,
  path: DiskPath,
  act: (entry: Anchored) => Result | Promise<Result>,
  known = '',
): Promise<Result | 'gone'> {
  const change = (entry: Anchored): Result | Promise<Result> => {
    touched.touch(entry.folder);
    return act(entry);
  };
  return root.withEntry(path, change, known);
}
