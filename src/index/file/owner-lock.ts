import fs from 'node:fs';
import BetterSqlite from 'better-sqlite3';
import { Failure } from '../../base/failure.ts';
import { toIndexFailure } from './sqlite-failure.ts';

/** Held until released or the process ends. */
export interface OwnerLock {
  release(): void;
}

/**
 * Makes this process the file's only owner, by the operating system's locks as SQLite takes them: they go with the
 * process, however it ends, so nobody ever has to judge whether an old lock is stale. The file (made with mode 0600) is
 * there for this alone. Throws E_BUSY while another process, or another part of this one, owns it; E_DISK.
 */
export function acquireOwnerLock(file: string): OwnerLock {
  let native: BetterSqlite.Database | undefined;
  try {
    // Never opened and closed by other means in this process: on POSIX that would drop the lock (see database.ts).
    if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) makeFile(file);
    native = new BetterSqlite(file, { timeout: 0 });
    native.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    native?.close();
    const failure = toIndexFailure(error, file);
    if (failure.code !== 'E_BUSY') throw failure;
    throw new Failure('E_BUSY', 'another Cachette is at work here', {
      subject: file,
      action: 'wait for the other run to end, or end it, if it is one that stays (the app, or `cachette sync --watch`)',
      cause: error,
    });
  }
  const held = native;
  return { release: () => held.close() };
}

function makeFile(file: string): void {
  try {
    fs.closeSync(fs.openSync(file, 'wx', 0o600));
  } catch (error) {
    // Another process was faster: then there is one.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
