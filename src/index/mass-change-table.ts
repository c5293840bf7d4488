import type { NodeId } from '../model/ids.ts';
import type { IndexDatabase } from './file/database.ts';
import { Emptiness } from './file/emptiness.ts';
import { idFromBytes, idToBytes } from './file/id-bytes.ts';

/** What would happen to a file: removed or overwritten, on this disk or in the vault. */
export type Loss = 'removed-here' | 'overwritten-here' | 'removed-there' | 'overwritten-there';

export interface HeldFile {
  readonly node: NodeId;
  readonly loss: Loss;
}

/** Files whose loss waits for a person's word, and those whose loss was confirmed and has not happened yet. */
export class MassChangeTable {
  readonly #database: IndexDatabase;
  readonly #emptiness: Emptiness;

  constructor(database: IndexDatabase) {
    this.#database = database;
    this.#emptiness = new Emptiness(database, 'mass_change');
  }

  /** Holds the file back; one that was confirmed stays confirmed. */
  hold(node: NodeId, loss: Loss): void {
    this.#emptiness.forget();
    this.#database.prepare('INSERT OR IGNORE INTO mass_change (node, loss) VALUES (?, ?)').run(idToBytes(node), loss);
  }

  /** Lets this one happen without asking. */
  confirm(node: NodeId, loss: Loss): void {
    this.#emptiness.forget();
    this.#database.prepare('INSERT OR REPLACE INTO mass_change (node, loss, confirmed) VALUES (?, ?, 1)').run(idToBytes(node), loss);
  }

  isHeld(node: NodeId): boolean {
    if (this.#emptiness.isEmpty()) return false;
    return this.#database.prepare('SELECT 1 FROM mass_change WHERE node = ? AND confirmed = 0').get(idToBytes(node)) !== undefined;
  }

  isConfirmed(node: NodeId): boolean {
    if (this.#emptiness.isEmpty()) return false;
    return this.#database.prepare('SELECT 1 FROM mass_change WHERE node = ? AND confirmed > 0').get(idToBytes(node)) !== undefined;
  }

  /** Whether any file is in the table. */
  hasAny(): boolean {
    return !this.#emptiness.isEmpty();
  }

  /** Whether the file is in the table, held back or confirmed. */
  isListed(node: NodeId): boolean {
    return this.isHeld(node) || this.isConfirmed(node);
  }

  /** Whether any file is held back. */
  hasHeld(): boolean {
    return this.#database.prepare('SELECT 1 FROM mass_change WHERE confirmed = 0 LIMIT 1').get() !== undefined;
  }

  /** Some of the files that are held back because of one of these losses. */
  someHeld(losses: readonly [Loss, Loss], limit: number): NodeId[] {
    const sql = 'SELECT node FROM mass_change WHERE confirmed = 0 AND loss IN (?, ?) LIMIT ?';
    return this.#database
      .prepare<{ readonly node: Uint8Array }>(sql)
      .all(...losses, limit)
      .map(({ node }) => idFromBytes<NodeId>(node));
  }

  /** Whether a person has decided since the last time this was asked. */
  takeConfirmed(): boolean {
    if (this.#emptiness.isEmpty()) return false;
    return this.#database.prepare('UPDATE mass_change SET confirmed = 2 WHERE confirmed = 1').run() > 0;
  }

  /** Forgets files that are in agreement, and those that are left out. Costs O(files in the table). */
  eraseSettled(): void {
    if (this.#emptiness.isEmpty()) return;
    const open = 'SELECT id FROM node WHERE id = mass_change.node AND dirty_seq IS NOT NULL AND left_out = 0';
    this.#database.prepare(`DELETE FROM mass_change WHERE NOT EXISTS (${open})`).run();
  }

  /** Files held back. */
  countHeld(): number {
    if (this.#emptiness.isEmpty()) return 0;
    return (
      this.#database.prepare<{ readonly count: number }>('SELECT count(*) AS count FROM mass_change WHERE confirmed = 0').get()?.count ?? 0
    );
  }

  /** Files in the table, held or confirmed, in the order of their ids, `after` excluded. */
  list(limit: number, after?: NodeId): HeldFile[] {
    const sql = 'SELECT node, loss FROM mass_change WHERE node > ? ORDER BY node LIMIT ?';
    const rows = this.#database
      .prepare<{ readonly node: Uint8Array; readonly loss: Loss }>(sql)
      .all(after === undefined ? new Uint8Array() : idToBytes(after), limit);
    return rows.map(({ node, loss }) => ({ node: idFromBytes<NodeId>(node), loss }));
  }

  /** A person lets it happen; another process may say so. How many files that concerns. */
  confirmAll(): number {
    return this.#database.prepare('UPDATE mass_change SET confirmed = 1 WHERE confirmed = 0').run();
  }

  erase(node: NodeId): void {
    this.#database.prepare('DELETE FROM mass_change WHERE node = ?').run(idToBytes(node));
  }
}
