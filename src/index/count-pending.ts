import type { SyncIndex } from './sync-index.ts';

/** Nodes that still have to go one way or the other. */
export interface PendingCounts {
  readonly upload: number;
  readonly download: number;
}

/** Of the nodes whose states do not agree: those with news in the vault, and those changed here alone. Costs O(dirty). */
export function countPending({ database }: Pick<SyncIndex, 'database'>): PendingCounts {
  const sql = `SELECT count(*) FILTER (WHERE remote_version IS base_version) AS upload,
    count(*) FILTER (WHERE remote_version IS NOT base_version) AS download FROM node WHERE dirty_seq IS NOT NULL`;
  return database.prepare<PendingCounts>(sql).get() ?? { upload: 0, download: 0 };
}
