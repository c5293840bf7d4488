import type BetterSqlite from 'better-sqlite3';
import type { Failure } from '../../base/failure.ts';

/** What can be bound to a parameter and stand in a column. Blobs come back as fresh byte arrays. */
export type SqlValue = string | number | Uint8Array | null;

type NativeStatement<Row> = BetterSqlite.Statement<SqlValue[], Row>;

/** The connection as its statements need it. */
export interface StatementOwner {
  /** Throws when an earlier failure has already ended the transaction that the caller believes to be in. */
  checkAlive(): void;
  /** Does a write in the transaction under way, or in one of its own. */
  write<T>(fn: () => T): T;
  toFailure(error: unknown): Failure;
}

/** A statement, prepared when it is first used; `Row` is what its SQL selects. Throws only Failure (E_BUSY, E_DISK, E_INDEX_DAMAGED, E_FAILED). */
export class Statement<Row> {
  readonly #prepare: () => NativeStatement<Row>;
  readonly #owner: StatementOwner;
  #prepared: NativeStatement<Row> | undefined;

  constructor(prepare: () => NativeStatement<Row>, owner: StatementOwner) {
    this.#prepare = prepare;
    this.#owner = owner;
  }

  /** Runs it; the number of rows written (those of triggers and cascades not counted). */
  run(...values: SqlValue[]): number {
    this.#owner.checkAlive();
    try {
      return this.#owner.write(() => this.#native().run(...values)).changes;
    } catch (error) {
      throw this.#owner.toFailure(error);
    }
  }

  /** Runs an INSERT; the number of the new row. */
  insert(...values: SqlValue[]): number {
    this.#owner.checkAlive();
    try {
      return Number(this.#owner.write(() => this.#native().run(...values)).lastInsertRowid);
    } catch (error) {
      throw this.#owner.toFailure(error);
    }
  }

  /** The first row. */
  get(...values: SqlValue[]): Row | undefined {
    this.#owner.checkAlive();
    try {
      return this.#native().get(...values);
    } catch (error) {
      throw this.#owner.toFailure(error);
    }
  }

  /** All rows at once: only for what is small or has a LIMIT. */
  all(...values: SqlValue[]): Row[] {
    this.#owner.checkAlive();
    try {
      return this.#native().all(...values);
    } catch (error) {
      throw this.#owner.toFailure(error);
    }
  }

  #native(): NativeStatement<Row> {
    return (this.#prepared ??= this.#prepare());
  }
}
