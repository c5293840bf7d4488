import type { IndexDatabase, TransactionFollower } from './database.ts';
import { RecentCache } from './recent-cache.ts';

/**
 * What the index holds, as far as it was looked up or written lately: gone once another connection has written to the file, and
 * where what was written in a transaction is rolled back.
 */
export class TransactionCache<Key, Value> implements TransactionFollower {
  readonly #database: IndexDatabase;
  readonly #recent: RecentCache<Key, Value>;
  /** Whether it holds what may be rolled back yet. */
  #isAhead = false;

  /** `generationMax`: about half of what is kept at most. */
  constructor(database: IndexDatabase, generationMax: number) {
    this.#database = database;
    this.#recent = new RecentCache(generationMax);
    database.follow(this);
  }

  get(key: Key): Value | undefined {
    return this.#recent.get(key);
  }

  /** What SQLite says by now. */
  set(key: Key, value: Value): void {
    // Whoever only looks on is not told what the writer changes.
    if (this.#database.isReadonly) return;
    this.#recent.set(key, value);
    if (this.#database.inTransaction) this.#isAhead = true;
  }

  /** It is changed: it has to be looked up again. */
  delete(key: Key): void {
    this.#recent.delete(key);
  }

  clear(): void {
    this.#recent.clear();
  }

  othersWrote(): void {
    this.#recent.clear();
  }

  beforeCommit(): void {
    // It writes nothing.
  }

  afterEnd(isCommitted: boolean): void {
    if (this.#isAhead && !isCommitted) this.#recent.clear();
    this.#isAhead = false;
  }
}
