import type { Migration } from '../migration.ts';

/** Files that a mass change would remove or overwrite: held back until a person decides. */
export const migration006: Migration = {
  number: 6,
  sql: `
  CREATE TABLE mass_change (
    node BLOB NOT NULL PRIMARY KEY,
    loss TEXT NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX mass_change_open ON mass_change (confirmed);`,
};
