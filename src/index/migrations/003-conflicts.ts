import type { Migration } from '../migration.ts';

/** What the planner has to know beside the three trees. */
export const migration003: Migration = {
  number: 3,
  sql: `
  CREATE TABLE conflict_copy (
    copy BLOB NOT NULL PRIMARY KEY,
    of_node BLOB NOT NULL,
    epoch INTEGER,
    content BLOB,
    size INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE past_content (
    node BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (node, content)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE left_behind (identity TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;`,
};
