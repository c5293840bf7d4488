import type { Migration } from '../migration.ts';

/**
 * A node that has come to agreement has no problem any more, and nothing of it waits for a person's word: what leaves
 * the queue takes its rows along, so that nobody has to look through all of them for it. (Two look-ups in tables that are
 * mostly empty, once for each time that a node settles.)
 *
 * `node.hold` may be -2 from now on: held back until it is written or a person decides.
 */
export const migration011: Migration = {
  number: 11,
  sql: `
  CREATE TRIGGER node_settled AFTER UPDATE OF dirty_seq ON node WHEN OLD.dirty_seq IS NOT NULL AND NEW.dirty_seq IS NULL BEGIN
    DELETE FROM mass_change WHERE node = NEW.id;
    DELETE FROM problem WHERE node = NEW.id;
  END;
  CREATE TRIGGER node_gone AFTER DELETE ON node WHEN OLD.dirty_seq IS NOT NULL BEGIN
    DELETE FROM mass_change WHERE node = OLD.id;
    DELETE FROM problem WHERE node = OLD.id;
  END;
  DROP INDEX mass_change_open;
  CREATE INDEX mass_change_word ON mass_change (confirmed, loss);
  CREATE INDEX problem_code ON problem (code);`,
};
