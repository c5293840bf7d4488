import type BetterSqlite from 'better-sqlite3';

/** Columns that step 14 gave other names. */
const renamed = [
  ['node', 'local_'],
  ['node', 'base_'],
  ['node', 'remote_'],
  ['own_base', 'previous_'],
  ['past_state', 'state_'],
] as const;

/** Makes an index what the Cachette before step 14 left: it only knew executable files. To an even older one, where that is said. */
export function makeOlder(native: BetterSqlite.Database, version = 13): void {
  for (const [table, prefix] of renamed) {
    native.exec(`UPDATE ${table} SET ${prefix}bits = ${prefix}bits & 1`);
    native.exec(`ALTER TABLE ${table} RENAME COLUMN ${prefix}bits TO ${prefix}executable`);
  }
  native.pragma(`user_version = ${version}`);
}
