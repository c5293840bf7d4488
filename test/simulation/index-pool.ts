/**
 * Indexes in memory that are used again: making one (preparing its statements, above all) costs more than a whole sync.
 * A row-by-row image is also how an index is saved, lost, and put back.
 */
import { SyncIndex } from '../../src/index/sync-index.ts';
import type { SqlValue } from '../../src/index/file/statement.ts';

type Row = Readonly<Record<string, SqlValue>>;

/** All rows of all tables. */
export type IndexImage = ReadonlyMap<string, readonly Row[]>;

const free: SyncIndex[] = [];
let empty: IndexImage | undefined;

/** An index without content. */
export function takeIndex(): SyncIndex {
  const index = free.pop() ?? SyncIndex.open(':memory:');
  empty ??= saveIndex(index);
  return index;
}

/** The index is used for something else from now on. */
export function giveBackIndex(index: SyncIndex): void {
  free.push(loadIndex(index, empty ?? new Map()));
}

export function saveIndex({ database }: SyncIndex): IndexImage {
  return new Map(tablesOf(database).map(({ name, read }) => [name, database.prepare<Row>(read).all()]));
}

/** An index that holds what the image holds, in the place of the given one. */
export function loadIndex(index: SyncIndex, image: IndexImage): SyncIndex {
  const { database } = index;
  database.transaction(() => {
    for (const { name, clear } of tablesOf(database)) {
      database.prepare(clear).run();
      for (const row of image.get(name) ?? []) {
        const columns = Object.keys(row);
        const sql = `INSERT INTO "${name}" (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
        database.prepare(sql).run(...Object.values(row));
      }
    }
  });
  return index.reopen();
}

/** What a killed process still writes is not there any more: all until `forgetStray` is. */
export function beginStray({ database }: SyncIndex): void {
  database.prepare('SAVEPOINT stray').run();
}

export function forgetStray({ database }: SyncIndex): void {
  database.prepare('ROLLBACK TO stray').run();
  database.prepare('RELEASE stray').run();
}

interface Table {
  readonly name: string;
  readonly read: string;
  readonly clear: string;
}

/** The same in all of them. */
let tables: readonly Table[] | undefined;

function tablesOf(database: SyncIndex['database']): readonly Table[] {
  return (tables ??= findTables(database));
}

function findTables(database: SyncIndex['database']): readonly Table[] {
  // A counter's table comes last: filling the others moves the counters.
  const sql =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%' ORDER BY name = 'sqlite_sequence', name";
  return database
    .prepare<{ readonly name: string }>(sql)
    .all()
    .map(({ name }) => ({ name, read: `SELECT * FROM "${name}" ORDER BY 1`, clear: `DELETE FROM "${name}"` }));
}
