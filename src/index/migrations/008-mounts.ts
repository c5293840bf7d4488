import type { Migration } from '../migration.ts';

/** Local folders that other file systems are mounted on, or hidden by. */
export const migration008: Migration = {
  number: 8,
  sql: `
  CREATE TABLE mount (
    node BLOB NOT NULL PRIMARY KEY,
    device TEXT NOT NULL,
    away INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`,
};
