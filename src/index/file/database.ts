/**
 * The index file: SQLite in WAL mode, one writer. A commit is durable when `transaction` returns (synchronous=FULL: one
 * fsync of the WAL a commit), because base and pins must survive a power cut before anything is built on them; so
 * writers batch. The index is expendable: whatever is wrong with it is E_INDEX_DAMAGED, and it is then put aside
 * (quarantine-index.ts) and built again from folder and store. That of a newer Cachette is nothing wrong.
 */
import fs from 'node:fs';
import BetterSqlite from 'better-sqlite3';
import { Failure } from '../../base/failure.ts';
import { migrate, requireCurrent, type MigrateOptions } from '../migrate.ts';
import { toIndexFailure } from './sqlite-failure.ts';
import { Statement, type SqlValue, type StatementOwner } from './statement.ts';

/** How to open an index. */
export interface OpenOptions {
  /** For looking only: the file must be there with today's schema; nothing can be written. */
  readonly readonly?: boolean;
  /** Asked before the schema of an older Cachette is changed; where it throws, nothing is. */
  readonly beforeMigrating?: () => void;
}

/** Where there is no file: gone when closed. */
const inMemory = ':memory:';
/** How long another connection's transaction is waited for before E_BUSY. */
const busyTimeoutMs = 5000;

/** SQLite takes what is shorter for an empty file, and would write over it. */
const leastPageBytes = 512;

const commonPragmas = 'PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;';
/**
 * Memory is bounded whatever the tree's size: 4 MiB of pages, and no query sorts a tree. No mapped reads: an I/O error
 * there would be a signal that ends the process instead of a Failure.
 */
const filePragmas = `${commonPragmas} PRAGMA cache_size = -4096; PRAGMA mmap_size = 0;`;
/** A WAL of 16 MiB (in pages of 4 KiB): pages that many commits touch are copied to the file once; cut back to that afterwards. */
const walPragmas =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096; PRAGMA journal_size_limit = 16777216;';
const writerPragmas = `${filePragmas} ${walPragmas}`;
/**
 * The first thing asked for: then SQLite keeps in memory what connections share about the WAL (32 KiB at least in a file of their own),
 * and locks everybody else out.
 */
const alonePragmas = `PRAGMA locking_mode = EXCLUSIVE; PRAGMA query_only = ON; ${filePragmas}`;

/** Something that keeps a part of the database in memory while a transaction lasts. */
export interface TransactionFollower {
  /** Forgets what it kept from earlier transactions: another connection has written since. First thing inside. */
  othersWrote(): void;
  /** Writes what it holds; still inside. */
  beforeCommit(): void;
  /** Forgets what it holds; the transaction was committed, or rolled back. */
  afterEnd(isCommitted: boolean): void;
}

interface ConnectOptions extends MigrateOptions {
  readonly pragmas: string;
}

export class IndexDatabase implements StatementOwner {
  /** Path, or ':memory:'. */
  readonly file: string;
  readonly #native: BetterSqlite.Database;
  readonly #statements = new Map<string, Statement<unknown>>();
  readonly #arrayStatements = new Map<string, Statement<unknown>>();
  readonly #plain = new Map<string, BetterSqlite.Statement>();
  readonly #followers: TransactionFollower[] = [];
  #depth = 0;
  /** Differs once another connection has committed. */
  #dataVersion: number | undefined;
  /** Why the transaction under way can only be rolled back. */
  #doom: Failure | undefined;
  /** Whether it was opened for looking only. */
  readonly isReadonly: boolean;

  private constructor(native: BetterSqlite.Database, file: string, isReadonly: boolean) {
    this.#native = native;
    this.file = file;
    this.isReadonly = isReadonly;
  }

  /**
   * Opens the file (made with mode 0600 where there is none; ':memory:' for none at all) and brings its schema up to
   * date. Throws E_INDEX_DAMAGED, E_INDEX_NEWER (it belongs to a newer Cachette), E_BUSY, E_DISK, and E_NOT_FOUND
   * where there is nothing to look at.
   */
  static open(file: string, options: OpenOptions = {}): IndexDatabase {
    const readonly = options.readonly === true;
    if (file === inMemory) return IndexDatabase.openImage((emptyImage ??= makeEmptyImage()));
    prepareFile(file, readonly);
    if (readonly) return IndexDatabase.#openToLook(file);
    const how = { readonly, beforeChange: options.beforeMigrating, pragmas: writerPragmas };
    return IndexDatabase.#connect(file, how, () => new BetterSqlite(file, { timeout: busyTimeoutMs }));
  }

  /** Where the disk has no room for what readers and a writer share, nobody has the file open: it is read alone. */
  static #openToLook(file: string): IndexDatabase {
    const how = { readonly: true, pragmas: filePragmas };
    try {
      return IndexDatabase.#connect(file, how, () => new BetterSqlite(file, { readonly: true, timeout: busyTimeoutMs }));
    } catch (error) {
      if (!isWithoutRoomToShare(error)) throw error;
      const alone = { ...how, pragmas: alonePragmas };
      // A lock that keeps others out is not given to who may only read the file.
      return IndexDatabase.#connect(file, alone, () => new BetterSqlite(file, { fileMustExist: true, timeout: busyTimeoutMs }));
    }
  }

  /** An index in memory with the content that `serialize` gave. Throws E_INDEX_DAMAGED. */
  static openImage(image: Uint8Array): IndexDatabase {
    const bytes = Buffer.from(image);
    // A WAL file's image says so in its header; without a file there is no WAL, and SQLite would refuse it.
    if (bytes.length > 19) bytes.fill(1, 18, 20);
    return IndexDatabase.#connect(inMemory, { readonly: false, pragmas: commonPragmas }, () => new BetterSqlite(bytes));
  }

  static #connect(file: string, how: ConnectOptions, open: () => BetterSqlite.Database): IndexDatabase {
    let native: BetterSqlite.Database | undefined;
    try {
      native = open();
      native.exec(how.pragmas);
      migrate(native, how);
      return new IndexDatabase(native, file, how.readonly);
    } catch (error) {
      native?.close();
      throw toIndexFailure(error, file);
    }
  }

  /** The statement for this SQL; prepared once, at its first use. The caller says what its rows look like. */
  prepare<Row>(sql: string): Statement<Row> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known as Statement<Row>;
    const made = new Statement<Row>(() => this.#native.prepare<SqlValue[], Row>(withSteadyPlan(sql)), this);
    this.#statements.set(sql, made);
    return made;
  }

  /** As `prepare`; its rows are arrays of their columns, which take half the time of objects where there are many columns. */
  prepareArrays<Row extends readonly SqlValue[]>(sql: string): Statement<Row> {
    const known = this.#arrayStatements.get(sql);
    if (known !== undefined) return known as Statement<Row>;
    const made = new Statement<Row>(() => this.#native.prepare<SqlValue[], Row>(withSteadyPlan(sql)).raw(), this);
    this.#arrayStatements.set(sql, made);
    return made;
  }

  /**
   * Runs `fn`; all its writes hold when this returns, none when it throws. Nothing may wait inside. Calls inside join
   * the outer one: when an inner call throws, the whole is rolled back, even if the caller catches that.
   */
  transaction<T>(fn: () => T): T {
    if (this.#depth > 0) return this.#join(fn);
    this.#doom = undefined;
    this.#runPlain(this.isReadonly ? 'BEGIN' : 'BEGIN IMMEDIATE');
    this.#depth = 1;
    let isCommitted = false;
    try {
      this.#heedOthers();
      const result = fn();
      this.checkAlive();
      if (isPromise(result)) throw new Failure('E_FAILED', 'a transaction can not wait');
      for (const follower of this.#followers) follower.beforeCommit();
      this.#runPlain('COMMIT');
      isCommitted = true;
      return result;
    } catch (error) {
      // A full disk ends SQLite's own transaction; there is nothing to roll back then.
      if (this.#native.inTransaction) this.#runPlain('ROLLBACK');
      throw error;
    } finally {
      this.#depth = 0;
      this.#doom = undefined;
      for (const follower of this.#followers) follower.afterEnd(isCommitted);
    }
  }

  /**
   * A person's word comes from another process (`confirm --reject`): what is remembered of the rows it wrote is wrong. And that process
   * may be of a newer Cachette, which has given the file another schema. Throws E_INDEX_NEWER.
   */
  #heedOthers(): void {
    if (this.file === inMemory) return;
    const version = this.prepare<{ readonly data_version: number }>('PRAGMA data_version').get()?.data_version;
    if (version === this.#dataVersion) return;
    this.#requireCurrent();
    this.#dataVersion = version;
    for (const follower of this.#followers) follower.othersWrote();
  }

  #requireCurrent(): void {
    try {
      requireCurrent(this.#native);
    } catch (error) {
      throw toIndexFailure(error, this.file);
    }
  }

  /** A write by itself; in a transaction of its own where there is none, as what others wrote must be heeded. */
  write<T>(fn: () => T): T {
    return this.#depth > 0 || this.file === inMemory ? fn() : this.transaction(fn);
  }

  #join<T>(fn: () => T): T {
    this.checkAlive();
    try {
      return fn();
    } catch (error) {
      this.#doom ??= toIndexFailure(error, this.file);
      throw error;
    }
  }

  /** Has it told of every transaction's end, until the database is closed. */
  follow(follower: TransactionFollower): void {
    this.#followers.push(follower);
  }

  /** Nobody is told any more: who followed so far is gone, as with the process it lived in. */
  unfollow(): void {
    this.#followers.length = 0;
  }

  /** Whether a transaction is under way. */
  get inTransaction(): boolean {
    return this.#depth > 0;
  }

  checkAlive(): void {
    if (this.#doom !== undefined) throw this.#doom;
  }

  toFailure(error: unknown): Failure {
    const failure = this.#asNewer(toIndexFailure(error, this.file));
    // Some errors make SQLite roll back by itself: what followed would then be committed one by one.
    if (this.#depth > 0 && !this.#native.inTransaction) this.#doom ??= failure;
    return failure;
  }

  /** What makes no sense in a newer schema is no fault of ours. */
  #asNewer(failure: Failure): Failure {
    if (failure.code !== 'E_FAILED' || this.file === inMemory) return failure;
    try {
      this.#requireCurrent();
      return failure;
    } catch (error) {
      return toIndexFailure(error, this.file);
    }
  }

  /** Reads the whole file for structural damage: seconds for a million nodes. Throws E_INDEX_DAMAGED. */
  checkIntegrity(): void {
    const found = this.prepare<{ readonly quick_check: string }>('PRAGMA quick_check(1)').get()?.quick_check;
    if (found !== 'ok') throw new Failure('E_INDEX_DAMAGED', `the index is damaged: ${found ?? 'no answer'}`, { subject: this.file });
  }

  /** The whole content as bytes, for `openImage`. */
  serialize(): Uint8Array {
    try {
      return this.#native.serialize();
    } catch (error) {
      throw this.toFailure(error);
    }
  }

  /** Ends the connection; nothing may be called afterwards but `close` again. */
  close(): void {
    this.#statements.clear();
    this.#arrayStatements.clear();
    this.#native.close();
  }

  #runPlain(sql: string): void {
    try {
      let statement = this.#plain.get(sql);
      if (statement === undefined) this.#plain.set(sql, (statement = this.#native.prepare(sql)));
      statement.run();
    } catch (error) {
      throw toIndexFailure(error, this.file);
    }
  }
}

function isWithoutRoomToShare(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : undefined;
  return cause instanceof BetterSqlite.SqliteError && cause.code === 'SQLITE_IOERR_SHMSIZE';
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value;
}

/**
 * The same SQL with each `?` as `+?`, which means the same but hides the parameter from the planner. SQLite compiles a
 * statement again when a parameter its plan looked at (in any statement with ORDER BY or LIMIT, say) is cleared
 * (sqlite3_clear_bindings), which better-sqlite3 does after every use: 10 to 30 microseconds each time, several times what
 * the look-ups here take. No plan here depends on values.
 */
function withSteadyPlan(sql: string): string {
  return sql.replace(/'[^']*'|\?/g, (part) => (part === '?' ? '+?' : part));
}

/** Makes the file for its owner alone before SQLite opens it; the WAL gets the same mode from SQLite. */
function prepareFile(file: string, readonly: boolean): void {
  try {
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    // Empty: whoever was to make it was killed.
    const isMade = found !== undefined && (found.size > 0 || !found.isFile());
    if (!isMade && readonly)
      throw new Failure('E_NOT_FOUND', 'there is no index yet', { subject: file, action: 'run `cachette sync`: it makes one' });
    if (found === undefined) fs.closeSync(fs.openSync(file, 'wx', 0o600));
    else if (!found.isFile()) throw new Failure('E_INDEX_DAMAGED', 'the index is not a file', { subject: file });
    else if (found.size > 0 && found.size < leastPageBytes)
      throw new Failure('E_INDEX_DAMAGED', 'the index was cut short', { subject: file });
    // By path, never by an open file: closing one would drop the locks of this process's other connections (POSIX).
    else if (!readonly && (found.mode & 0o777) !== 0o600) fs.chmodSync(file, 0o600);
  } catch (error) {
    throw toIndexFailure(error, file);
  }
}

/** An index without content. Made once: opening an image is much faster than making the schema (simulations open thousands). */
let emptyImage: Uint8Array | undefined;

function makeEmptyImage(): Uint8Array {
  const native = new BetterSqlite(inMemory);
  migrate(native, { readonly: false });
  const image = native.serialize();
  native.close();
  return image;
}
