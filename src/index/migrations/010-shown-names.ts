import type { Migration } from '../migration.ts';

/**
 * Names that items bear on this disk: `local_shown` where that is not the item's own, `local_key` (under what the disk
 * finds it) where that is not the item's own name.
 */
export const migration010: Migration = {
  number: 10,
  sql: `
  ALTER TABLE node ADD COLUMN local_shown BLOB;
  ALTER TABLE node ADD COLUMN local_key BLOB;
  CREATE INDEX node_local_shown ON node (local_parent) WHERE local_shown IS NOT NULL;
  CREATE INDEX node_local_key ON node (local_parent, local_key) WHERE local_key IS NOT NULL;`,
};
