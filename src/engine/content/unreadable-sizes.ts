/** New files that can't be read now: nobody knows what they hold. */
import type { SyncIndex } from '../../index/sync-index.ts';

/** More are a problem of the disk, not of single files. */
const problemsMax = 1_000;

/**
 * Their sizes, where the disk does not tell whether a file is new or was moved: only what it holds would. They rest as long as they can't
 * be read, so that no plan asks about them by itself. Costs O(problems).
 */
export function unreadableSizes({ problems, local, base, remote }: SyncIndex): ReadonlySet<number> {
  const sizes = new Set<number>();
  for (const { node } of problems.list(problemsMax)) {
    const row = node && local.find(node);
    if (row?.state.kind !== 'file' || row.identity !== '' || row.state.content !== undefined) continue;
    if (base.find(row.id) === undefined && remote.find(row.id) === undefined) sizes.add(row.state.sizeBytes);
  }
  return sizes;
}
