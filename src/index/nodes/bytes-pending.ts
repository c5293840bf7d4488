import type { SyncIndex } from '../sync-index.ts';

/** Bytes of the files that have to go either way, as far as the index knows. Costs O(dirty). */
export function bytesPending({ database }: Pick<SyncIndex, 'database'>): number {
  const sql = `SELECT coalesce(sum(CASE
      WHEN remote_kind = 0 AND left_out = 0 AND remote_content IS NOT base_content AND remote_content IS NOT local_content THEN remote_size
      WHEN local_kind = 0 AND (local_content IS NULL OR local_content IS NOT base_content) THEN local_size
    END), 0) AS bytes FROM node WHERE dirty_seq IS NOT NULL`;
  return database.prepare<{ readonly bytes: number }>(sql).get()?.bytes ?? 0;
}
