import type { Migration } from '../migration.ts';

/**
 * What this device remembers of the journal. Marks of entries stay for ever and are looked through by the hundred, so what
 * is large (headers, bodies) and what is rewritten (traces) lies beside them. Values of records and traces are JSON.
 */
export const migration002: Migration = {
  number: 2,
  sql: `
  CREATE TABLE journal_entry (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    lamport INTEGER NOT NULL,
    hash BLOB NOT NULL,
    device BLOB NOT NULL,
    counter INTEGER NOT NULL,
    mine INTEGER NOT NULL,
    speaks INTEGER NOT NULL,
    arrived INTEGER NOT NULL,
    time INTEGER NOT NULL,
    body_bytes INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX journal_entry_order ON journal_entry (lamport, hash);
  CREATE UNIQUE INDEX journal_entry_chain ON journal_entry (device, counter);
  CREATE INDEX journal_entry_speaks ON journal_entry (lamport) WHERE speaks = 1;
  CREATE TABLE journal_content (
    entry INTEGER PRIMARY KEY,
    header BLOB NOT NULL,
    body BLOB
  ) STRICT;
  CREATE TABLE journal_trace (
    entry INTEGER PRIMARY KEY,
    trace TEXT NOT NULL
  ) STRICT;
  CREATE TABLE journal_head (
    device BLOB NOT NULL PRIMARY KEY,
    counter INTEGER NOT NULL,
    hash BLOB NOT NULL,
    lamport INTEGER,
    name TEXT,
    arrived INTEGER NOT NULL,
    time INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE journal_record (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE journal_fact (
    fact TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
  ) STRICT;`,
};
