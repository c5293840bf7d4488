import type { NodeId } from '../model/ids.ts';
import type { IndexDatabase } from './file/database.ts';
import { Emptiness } from './file/emptiness.ts';
import { idFromBytes, idToBytes } from './file/id-bytes.ts';

/** A folder whose content comes and goes with a disk. */
export interface Mount {
  /** File system that its content is on, as last seen; '' for a folder that was none when its content was seen. */
  readonly device: string;
  /** Whether its content is out of sight now. */
  readonly isAway: boolean;
}

/** Local folders that other file systems are mounted on: what is not seen there may only be away. Mostly empty. */
export class MountTable {
  readonly #database: IndexDatabase;
  readonly #emptiness: Emptiness;

  constructor(database: IndexDatabase) {
    this.#database = database;
    this.#emptiness = new Emptiness(database, 'mount');
  }

  hasAny(): boolean {
    return !this.#emptiness.isEmpty();
  }

  find(node: NodeId): Mount | undefined {
    const sql = 'SELECT device, away FROM mount WHERE node = ?';
    const row = this.#database.prepare<{ readonly device: string; readonly away: number }>(sql).get(idToBytes(node));
    return row && { device: row.device, isAway: row.away === 1 };
  }

  write(node: NodeId, { device, isAway }: Mount): void {
    this.#emptiness.forget();
    const sql =
      'INSERT INTO mount (node, device, away) VALUES (?, ?, ?) ON CONFLICT (node) DO UPDATE SET device = excluded.device, away = excluded.away';
    this.#database.prepare(sql).run(idToBytes(node), device, isAway ? 1 : 0);
  }

  /** The folder has another id from now on. */
  rename(from: NodeId, to: NodeId): void {
    this.#database.prepare('UPDATE OR REPLACE mount SET node = ? WHERE node = ?').run(idToBytes(to), idToBytes(from));
  }

  erase(node: NodeId): void {
    this.#database.prepare('DELETE FROM mount WHERE node = ?').run(idToBytes(node));
  }

  /** Folders whose content is out of sight. */
  away(): NodeId[] {
    const rows = this.#database.prepare<{ readonly node: Uint8Array }>('SELECT node FROM mount WHERE away = 1 ORDER BY node').all();
    return rows.map(({ node }) => idFromBytes(node));
  }
}
