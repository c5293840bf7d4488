import type { ContentId, NodeId } from '../model/ids.ts';
import type { IndexDatabase } from './database.ts';
import { idToBytes } from './id-bytes.ts';

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
    const sql = `SELECT DISTINCT content.epoch FROM past_content JOIN content ON content.id = past_content.content
      WHERE past_content.node = ? AND content.size = ? ORDER BY content.epoch`;
    const rows = this.#database.prepare<{ readonly epoch: number }>(sql).all(idToBytes(node), sizeBytes);
    return rows.map(({ epoch }) => epoch);
  }

  has(node: NodeId, content: ContentId): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM past_content WHERE node = ? AND content = ?').get(idToBytes(node), idToBytes(content)) !==
      undefined
    );
  }
}
