import type { Migration } from '../migration.ts';

/** What the engine notes down for itself: own changes that may turn void, intents, settings, problems. */
export const migration005: Migration = {
  number: 5,
  sql: `
  CREATE TABLE own_base (
    version BLOB NOT NULL PRIMARY KEY,
    node BLOB NOT NULL,
    previous_parent BLOB,
    previous_name BLOB,
    previous_kind INTEGER,
    previous_epoch INTEGER,
    previous_content BLOB,
    previous_size INTEGER,
    previous_mtime INTEGER,
    previous_executable INTEGER,
    previous_target BLOB,
    previous_version BLOB
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE intent (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE problem (
    path BLOB NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    action TEXT NOT NULL,
    node BLOB,
    since INTEGER NOT NULL,
    PRIMARY KEY (path, code)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX problem_node ON problem (node) WHERE node IS NOT NULL;`,
};
