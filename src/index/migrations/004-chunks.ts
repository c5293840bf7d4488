import type { Migration } from '../migration.ts';

/**
 * Where chunks are, and what contents are made of.
 *
 * What two devices say of one pack may differ (one of them is wrong or lies): then both stand here side by side, and
 * opening shows which is true. So every part of a statement belongs to the key. Places lie in the order of packs; only
 * the index by chunk is in random order. `trust`: 0 own, 1 opened, 2 told.
 * `content.chunks` is null where the content is its own only chunk.
 */
export const migration004: Migration = {
  number: 4,
  sql: `
  CREATE TABLE pack (
    number INTEGER PRIMARY KEY,
    pack BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    size INTEGER NOT NULL,
    committed INTEGER NOT NULL,
    UNIQUE (pack, epoch, size)
  ) STRICT;
  CREATE INDEX pack_stored ON pack (number) WHERE committed = 0;
  CREATE TABLE chunk_place (
    pack INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    chunk BLOB NOT NULL,
    offset INTEGER NOT NULL,
    sealed INTEGER NOT NULL,
    plain INTEGER NOT NULL,
    trust INTEGER NOT NULL,
    PRIMARY KEY (pack, ordinal, chunk, offset, sealed, plain)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX chunk_place_chunk ON chunk_place (chunk, trust);
  CREATE TABLE content (
    id BLOB NOT NULL PRIMARY KEY,
    epoch INTEGER NOT NULL,
    size INTEGER NOT NULL,
    chunks BLOB,
    list_chunks BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;`,
};
