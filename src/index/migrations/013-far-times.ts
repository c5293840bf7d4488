import type { Migration } from '../migration.ts';

/** The farthest times that a vault can hold, in microseconds since 1970 (src/disk/observe.ts). */
const farthestUs = 9_007_199_254_000_000;

/**
 * Times of files on this disk were once taken as the disk shows them. Of one beyond what an entry can hold nothing could be written:
 * it would keep everything else from being published, for as long as nobody touches the file.
 */
export const migration013: Migration = {
  number: 13,
  sql: `UPDATE node SET local_mtime = max(-${farthestUs}, min(${farthestUs}, local_mtime))
    WHERE local_mtime NOT BETWEEN -${farthestUs} AND ${farthestUs};`,
};
