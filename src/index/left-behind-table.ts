import type { IndexDatabase } from './file/database.ts';

/** A folder on this disk; its identity is empty where the disk gives none. */
export interface KeptFolder {
  readonly identity: string;
  readonly path: string;
}

/**
 * Folders that the vault removed and this disk keeps for the ignored things in them, by identity; where the disk gives none, by
 * their place. They are not synced again as long as they hold nothing else: what was deleted must not come back.
 */
export class LeftBehindTable {
  readonly #database: IndexDatabase;

  constructor(database: IndexDatabase) {
    this.#database = database;
  }

  add(folder: KeptFolder): void {
    this.#database.prepare('INSERT OR IGNORE INTO left_behind (identity) VALUES (?)').run(keyOf(folder));
  }

  hasAny(): boolean {
    return this.#database.prepare('SELECT 1 FROM left_behind LIMIT 1').get() !== undefined;
  }

  has(folder: KeptFolder): boolean {
    return this.#database.prepare('SELECT 1 FROM left_behind WHERE identity = ?').get(keyOf(folder)) !== undefined;
  }

  erase(folder: KeptFolder): void {
    this.#database.prepare('DELETE FROM left_behind WHERE identity = ?').run(keyOf(folder));
  }

  /** Those below the folder that are known by their places, at any depth. */
  placesBelow(path: string): string[] {
    const from = path === '' ? placeMark : `${placeMark}${path}/`;
    const to = `${from.slice(0, -1)}${afterMark}`;
    const sql = 'SELECT identity FROM left_behind WHERE identity >= ? AND identity < ?';
    const rows = this.#database.prepare<{ readonly identity: string }>(sql).all(from, to);
    return rows.map(({ identity }) => identity.slice(placeMark.length));
  }

  /** Those below a folder that is about to be moved stand at both places from then on, until `forgetBelow` says which they left. */
  expectBelow(from: string, to: string): void {
    for (const place of this.placesBelow(from)) this.add({ identity: '', path: to + place.slice(from.length) });
  }

  forgetBelow(path: string): void {
    for (const place of this.placesBelow(path)) this.erase({ identity: '', path: place });
  }
}

/** No identity begins with it, and no path. */
const placeMark = '/';
/** What sorts next. */
const afterMark = '0';

function keyOf({ identity, path }: KeptFolder): string {
  return identity === '' ? placeMark + path : identity;
}
