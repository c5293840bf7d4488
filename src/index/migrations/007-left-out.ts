import type { Migration } from '../migration.ts';

/**
 * Folders that selective sync leaves out. `chosen` is a person's word, written by any process; `applied` is what the owner
 * of the profile has made of it, and then `node.left_out` tells it of every node in the vault's tree: so that one look at
 * a node's row still says whether there is anything to do.
 */
export const migration007: Migration = {
  number: 7,
  sql: `
  CREATE TABLE left_out (
    node BLOB NOT NULL PRIMARY KEY,
    chosen INTEGER NOT NULL,
    applied INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE node ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;`,
};
