import type { IndexDatabase, TransactionFollower } from './database.ts';
import type { Statement } from './statement.ts';

/** By the table: made once, as in nodes/tree-table.ts. */
const texts = new Map<string, string>();

function sqlFor(table: string): string {
  let text = texts.get(table);
  if (text === undefined) texts.set(table, (text = `SELECT 1 AS yes FROM ${table} LIMIT 1`));
  return text;
}

/**
 * Whether a table has any row. For tables that are empty nearly always and are asked about every node of a batch: within a
 * transaction, in which nobody else can write, the answer is looked up once.
 */
export class Emptiness implements TransactionFollower {
  readonly #database: IndexDatabase;
  readonly #any: Statement<{ readonly yes: 1 }>;
  #known: boolean | undefined;

  constructor(database: IndexDatabase, table: string) {
    this.#database = database;
    this.#any = database.prepare(sqlFor(table));
    database.follow(this);
  }

  /** Whether there is no row now. */
  isEmpty(): boolean {
    if (!this.#database.inTransaction) return this.#any.get() === undefined;
    return (this.#known ??= this.#any.get() === undefined);
  }

  /** A row may have been added. */
  forget(): void {
    this.#known = undefined;
  }

  othersWrote(): void {
    // Nothing of it outlives a transaction.
  }

  beforeCommit(): void {
    // It writes nothing.
  }

  afterEnd(): void {
    this.#known = undefined;
  }
}
