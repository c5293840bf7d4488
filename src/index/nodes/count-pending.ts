import type { SyncIndex } from '../sync-index.ts';

/** Nodes that still have to go one way or the other. */
export interface PendingCounts {
  readonly upload: number;
  readonly download: number;
}

/**
 * Of the nodes whose states do not agree: those with news in the vault (or to be left out), and those changed here alone.
 * Costs O(dirty).
 */
export function countPending({ database }: Pick<SyncIndex, 'database'>): PendingCounts {
  const sql = `SELECT count(*) FILTER (WHERE remote_version IS base_version AND left_out = 0) AS upload,
    count(*) FILTER (WHERE remote_version IS NOT base_version OR left_out = 1) AS download FROM node WHERE dirty_seq IS NOT NULL`;
  return database.prepare<PendingCounts>(sql).get() ?? { upload: 0, download: 0 };
}
