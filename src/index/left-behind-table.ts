import type { IndexDatabase } from './file/database.ts';

/**
 * Folders that the vault removed and this disk keeps for the ignored things in them, by identity. They are not synced
 * again as long as they hold nothing else: what was deleted must not come back.
 */
export class LeftBehindTable {
  readonly #database: IndexDatabase;

  constructor(database: IndexDatabase) {
    this.#database = database;
  }

  add(identity: string): void {
    if (identity !== '') this.#database.prepare('INSERT OR IGNORE INTO left_behind (identity) VALUES (?)').run(identity);
  }

  hasAny(): boolean {
    return this.#database.prepare('SELECT 1 FROM left_behind LIMIT 1').get() !== undefined;
  }

  has(identity: string): boolean {
    return this.#database.prepare('SELECT 1 FROM left_behind WHERE identity = ?').get(identity) !== undefined;
  }

  erase(identity: string): void {
    this.#database.prepare('DELETE FROM left_behind WHERE identity = ?').run(identity);
  }
}
