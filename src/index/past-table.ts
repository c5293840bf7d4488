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

  has(node: NodeId, content: ContentId): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM past_content WHERE node = ? AND content = ?').get(idToBytes(node), idToBytes(content)) !==
      undefined
    );
  }
}
