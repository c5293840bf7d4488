import type BetterSqlite from 'better-sqlite3';
import { Failure } from '../base/failure.ts';
import { migrations } from './migrations.ts';

/** "CchX" in the file's header: a SQLite file that is not an index is left alone. */
const applicationId = 0x43636858;

const newest = migrations.at(-1)?.number ?? 0;
/** How far ahead a newer Cachette may be. A number beyond that is a damaged one. */
const aheadMax = 200;

export interface MigrateOptions {
  readonly readonly: boolean;
  readonly beforeChange?: (() => void) | undefined;
}

/**
 * Brings the schema up to date, in one transaction; `beforeChange` may throw, then nothing is done. Throws E_INDEX_DAMAGED where the file is another program's, or (when nothing may
 * be written) an older Cachette's, and E_INDEX_NEWER where it is a newer one's: that is whole, and no reason to begin a new one.
 */
export function migrate(native: BetterSqlite.Database, { readonly, beforeChange }: MigrateOptions): void {
  if (isCurrent(native)) return;
  if (readonly) {
    throw new Failure('E_INDEX_DAMAGED', 'the index was written by an older Cachette and was not yet brought up to date', {
      action: 'run `cachette sync`: it brings it up to date (an older Cachette that is at work here has to be ended first)',
    });
  }
  beforeChange?.();
  native.exec('BEGIN IMMEDIATE');
  try {
    // Asked again under the lock: another process may have been faster.
    if (!isCurrent(native)) {
      const from = readNumber(native, 'user_version');
      const steps = migrations.filter((step) => step.number > from).map((step) => step.sql);
      native.exec(`${steps.join('\n')}\nPRAGMA application_id = ${applicationId}; PRAGMA user_version = ${newest};`);
    }
    native.exec('COMMIT');
  } catch (error) {
    if (native.inTransaction) native.exec('ROLLBACK');
    throw error;
  }
}

/**
 * What is open was brought up to date when it was opened. Throws E_INDEX_NEWER where a newer Cachette has done more since, which this
 * one would write over.
 */
export function requireCurrent(native: BetterSqlite.Database): void {
  if (!isCurrent(native)) throw new Failure('E_INDEX_DAMAGED', 'the index lost its schema');
}

/** Whether nothing is to do. Reading these numbers is also what finds out that a file is no database at all. */
function isCurrent(native: BetterSqlite.Database): boolean {
  const version = readNumber(native, 'user_version');
  const id = readNumber(native, 'application_id');
  if (version > newest + aheadMax) throw new Failure('E_INDEX_DAMAGED', `the index is damaged: schema ${version}`);
  if (version > newest && id === applicationId) {
    throw new Failure('E_INDEX_NEWER', `the index was written by a newer Cachette (schema ${version}, known up to ${newest})`);
  }
  const empty = version === 0 && id === 0 && native.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (!empty && (id !== applicationId || version < 1)) throw new Failure('E_INDEX_DAMAGED', 'the file is not an index of Cachette');
  return version === newest;
}

function readNumber(native: BetterSqlite.Database, pragma: 'user_version' | 'application_id'): number {
  const value = native.pragma(pragma, { simple: true });
  if (typeof value !== 'number') throw new Failure('E_INDEX_DAMAGED', `the index's ${pragma} can not be read`);
  return value;
}
