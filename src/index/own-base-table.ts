import type { NodeId, Version } from '../model/ids.ts';
import type { VersionedNode } from '../model/node.ts';
import type { IndexDatabase } from './file/database.ts';
import { Emptiness } from './file/emptiness.ts';
import { idToBytes, versionToBytes } from './file/id-bytes.ts';
import {
  allColumns,
  placeValues,
  selectList,
  versionedColumns,
  versionedFromRow,
  versionedRest,
  type VersionedRow,
} from './nodes/node-row.ts';

/** What the base said of a node when this device let go of it. */
export interface OwnBase {
  readonly node: NodeId;
  /** Undefined where the change removed the node by decision: it was not made on this disk. */
  readonly previous: VersionedNode | undefined;
}

const prefix = 'previous_';
const names = allColumns(versionedColumns);
const columns = names.map((name) => `${prefix}${name}`).join(', ');
const selectRow = `SELECT lower(hex(node)) AS id, ${selectList(prefix, names)} FROM own_base`;

/** For each own change that may still turn void and that this disk does not show (it was let go of, or is a removal by decision): what it put there. */
export class OwnBaseTable {
  readonly #database: IndexDatabase;
  readonly #emptiness: Emptiness;

  constructor(database: IndexDatabase) {
    this.#database = database;
    this.#emptiness = new Emptiness(database, 'own_base');
  }

  /** Notes down what the base said of `node` by the change that made `version`. The first word stays. */
  remember(version: Version, node: NodeId, previous: VersionedNode | undefined): void {
    this.#emptiness.forget();
    const values = previous === undefined ? names.map(() => null) : [...placeValues(previous.state), ...versionedRest(previous)];
    const sql = `INSERT INTO own_base (version, node, ${columns}) VALUES (?, ?${', ?'.repeat(values.length)}) ON CONFLICT DO NOTHING`;
    this.#database.prepare(sql).run(versionToBytes(version), idToBytes(node), ...values);
  }

  find(version: Version): OwnBase | undefined {
    if (this.#emptiness.isEmpty()) return undefined;
    const sql = `${selectRow} WHERE own_base.version = ?`;
    const row = this.#database.prepare<VersionedRow | (VersionedRow & { readonly kind: null })>(sql).get(versionToBytes(version));
    if (row === undefined) return undefined;
    return { node: row.id as NodeId, previous: row.kind === null ? undefined : versionedFromRow(row) };
  }

  forget(version: Version): void {
    this.#database.prepare('DELETE FROM own_base WHERE version = ?').run(versionToBytes(version));
  }

  /** Forgets all changes of entries up to this Lamport number: a checkpoint made them certain. */
  forgetUpTo(lamport: number): void {
    const end = Buffer.alloc(16);
    end.writeUIntBE(lamport + 1, 0, 6);
    this.#database.prepare('DELETE FROM own_base WHERE version < ?').run(end);
  }

  hasAny(): boolean {
    return !this.#emptiness.isEmpty();
  }
}
