import type { ContentId, NodeId } from '../model/ids.ts';
import type { IndexDatabase } from './file/database.ts';
import { idToBytes } from './file/id-bytes.ts';

/** Contents that stood at a node before the one that it has: a local file that holds one of them is merely old, not somebody's edit. */
export class PastTable {
  readonly #database: IndexDatabase;

  constructor(database: IndexDatabase) {
    this.#database = database;
  }

  add(node: NodeId, content: ContentId): void {
    this.#database.prepare('INSERT OR IGNORE INTO past_content (node, content) VALUES (?, ?)').run(idToBytes(node), idToBytes(content));
  }

  /** Epochs in whose terms contents of that size stood there, rising. */
  epochsOf(node: NodeId, sizeBytes: number): number[] {
    const sql = `SELECT content.epoch AS epoch FROM past_content JOIN content ON content.id = past_content.content
      WHERE past_content.node = ? AND content.size = ?
      UNION SELECT state_epoch FROM past_state WHERE node = ? AND state_size = ? AND state_epoch IS NOT NULL ORDER BY epoch`;
    const id = idToBytes(node);
    const rows = this.#database.prepare<{ readonly epoch: number }>(sql).all(id, sizeBytes, id, sizeBytes);
    return rows.map(({ epoch }) => epoch);
  }

  /** Noted here, or known of the vault's past (past-state-table.ts). */
  has(node: NodeId, content: ContentId): boolean {
    const sql = `SELECT 1 FROM past_content WHERE node = ? AND content = ?
      UNION ALL SELECT 1 FROM past_state WHERE node = ? AND state_content = ? LIMIT 1`;
    const [id, of] = [idToBytes(node), idToBytes(content)];
    return this.#database.prepare(sql).get(id, of, id, of) !== undefined;
  }
}
