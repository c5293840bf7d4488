import type { Migration } from '../migration.ts';

/*
 * A node's state as one tree has it; all null where the tree does not hold the node. Kind: 0 file, 1 folder, 2 link.
 * Ids, names and link texts are the bytes they are in the vault; a version is lamport(6) ‖ tag(8) ‖ index(2).
 * No CHECK constraints: with them a write took twice as long, and the types of the code say the same.
 */
function treeColumns(tree: string): string {
  return `
    ${tree}_parent BLOB,
    ${tree}_name BLOB,
    ${tree}_kind INTEGER,
    ${tree}_epoch INTEGER,
    ${tree}_content BLOB,
    ${tree}_size INTEGER,
    ${tree}_mtime INTEGER,
    ${tree}_executable INTEGER,
    ${tree}_target BLOB,`;
}

/* Kept by the code (totals.ts): triggers that did it made every write half as slow again. */
const totals = [
  ...['local', 'base', 'remote'].flatMap((tree) => [`${tree}_files`, `${tree}_folders`, `${tree}_links`, `${tree}_bytes`]),
  'dirty',
  'dirty_seq',
];

/**
 * The three trees, what disagrees among them, and how much they hold.
 *
 * All three stand in one row per node, so that one look at one row says whether they agree. The rows lie in the order in
 * which nodes were first seen, not by id: ids are random, and tables in their order would write a page of 4 KiB for almost
 * every row of every tree. Only the index by id has to.
 *
 * Two nodes never stand at one place in the local and the remote tree. In the base they may for a while: agreed upon one
 * by one, two files that swapped names pass through a moment in which both have the same one.
 *
 * A node is dirty where `dirty_seq` (its place in the queue) is set. `hold`: null none, -1 until the node is written,
 * else a time in milliseconds since 1970.
 */
export const migration001: Migration = {
  number: 1,
  sql: `
  CREATE TABLE node (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    dirty_seq INTEGER,
    hold INTEGER,
    ${treeColumns('local')}
    local_content_size INTEGER,
    local_identity TEXT,
    local_fingerprint TEXT,
    ${treeColumns('base')}
    base_version BLOB,
    ${treeColumns('remote')}
    remote_version BLOB
  ) STRICT;
  CREATE UNIQUE INDEX node_id ON node (id);
  CREATE UNIQUE INDEX node_local_place ON node (local_parent, local_name) WHERE local_parent IS NOT NULL;
  CREATE INDEX node_base_place ON node (base_parent, base_name) WHERE base_parent IS NOT NULL;
  CREATE UNIQUE INDEX node_remote_place ON node (remote_parent, remote_name) WHERE remote_parent IS NOT NULL;
  CREATE INDEX node_local_identity ON node (local_identity) WHERE local_identity > '';
  CREATE INDEX node_vanished ON node (base_content, id) WHERE local_kind IS NULL AND base_kind = 0;
  CREATE INDEX node_dirty ON node (hold, dirty_seq) WHERE dirty_seq IS NOT NULL;
  CREATE TABLE totals (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    ${totals.map((name) => `${name} INTEGER NOT NULL DEFAULT 0`).join(', ')}
  ) STRICT;
  INSERT INTO totals (only) VALUES (1);`,
};
