import type { Migration } from '../migration.ts';

/**
 * What the tree was: a row for each state that a change ended, under the version of that change (lamport(6) ‖ tag(8) ‖
 * index(2)), so that rows come in about the order of the journal and those of an entry lie together. What is in the tree is
 * not here: a vault that is filled for the first time writes nothing. 120 to 200 bytes a row, indexes included.
 *
 * `past_entry`: entries from before this index began, whose marks the journal's book does not have. An index that is older
 * than this step knows nothing of what ended until now: it is told so, and reads it from the store when it is asked for.
 */
export const migration009: Migration = {
  number: 9,
  sql: `
  CREATE TABLE past_state (
    ended_by BLOB NOT NULL PRIMARY KEY,
    node BLOB NOT NULL,
    is_removed INTEGER NOT NULL,
    state_parent BLOB NOT NULL,
    state_name BLOB NOT NULL,
    state_kind INTEGER NOT NULL,
    state_epoch INTEGER,
    state_content BLOB,
    state_size INTEGER,
    state_mtime INTEGER,
    state_executable INTEGER,
    state_target BLOB,
    state_version BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX past_state_node ON past_state (node);
  CREATE INDEX past_state_place ON past_state (state_parent, state_name);
  CREATE INDEX past_state_removed ON past_state (ended_by) WHERE is_removed = 1;
  CREATE TABLE past_entry (
    name TEXT NOT NULL PRIMARY KEY,
    lamport INTEGER NOT NULL,
    hash BLOB NOT NULL,
    device BLOB NOT NULL,
    time INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX past_entry_order ON past_entry (lamport, hash);
  INSERT INTO journal_fact (fact, value)
    SELECT 'past-from', CAST(CAST(max(known) AS TEXT) AS BLOB)
    FROM (
      SELECT max(lamport) AS known FROM journal_entry
      UNION ALL
      SELECT json_extract(CAST(value AS TEXT), '$.lamport') FROM journal_fact WHERE fact = 'floor'
    )
    HAVING max(known) > 0;`,
};
