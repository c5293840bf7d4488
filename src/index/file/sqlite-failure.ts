import BetterSqlite from 'better-sqlite3';
import { Failure, type FailureCode } from '../../base/failure.ts';

/** Result codes of SQLite by their first part ("SQLITE_IOERR_WRITE" is an IOERR); what is not here is a bug of ours. */
const codes: Readonly<Record<string, FailureCode>> = {
  BUSY: 'E_BUSY',
  LOCKED: 'E_BUSY',
  PROTOCOL: 'E_BUSY',
  CORRUPT: 'E_INDEX_DAMAGED',
  NOTADB: 'E_INDEX_DAMAGED',
  FORMAT: 'E_INDEX_DAMAGED',
  FULL: 'E_DISK',
  IOERR: 'E_DISK',
  CANTOPEN: 'E_DISK',
  READONLY: 'E_DISK',
  PERM: 'E_DISK',
  AUTH: 'E_DISK',
};

/** What SQLite (or the way to it) threw, as a Failure about this file. A Failure is handed on as it is. */
export function toIndexFailure(error: unknown, file: string): Failure {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof BetterSqlite.SqliteError) {
    const code = codes[error.code.split('_')[1] ?? ''] ?? 'E_FAILED';
    return new Failure(code, `the index: ${text} (${error.code})`, { subject: file, cause: error });
  }
  // Opening fails with plain errors where the folder is missing, and the file system speaks in errno codes.
  const fromDisk = error instanceof Error && ('errno' in error || text.includes('directory does not exist'));
  return new Failure(fromDisk ? 'E_DISK' : 'E_FAILED', `the index: ${text}`, { subject: file, cause: error });
}
