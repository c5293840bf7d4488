import { parseId, type PackId } from '../model/ids.ts';
import { idToBytes } from './file/id-bytes.ts';
import type { SyncIndex } from './sync-index.ts';

/** Packs that entries of the journal name, by id, `after` excluded, at most `limit`. */
export function listPacks({ database }: Pick<SyncIndex, 'database'>, after: PackId | undefined, limit: number): PackId[] {
  const sql = 'SELECT DISTINCT lower(hex(pack)) AS pack FROM pack WHERE committed = 1 AND pack > ? ORDER BY pack LIMIT ?';
  const rows = database.prepare<{ readonly pack: string }>(sql).all(after === undefined ? new Uint8Array(0) : idToBytes(after), limit);
  return rows.map(({ pack }) => parseId('PackId', pack));
}

/** How many packs entries of the journal name. */
export function countPacks({ database }: Pick<SyncIndex, 'database'>): number {
  const sql = 'SELECT count(DISTINCT pack) AS packs FROM pack WHERE committed = 1';
  return database.prepare<{ readonly packs: number }>(sql).get()?.packs ?? 0;
}
