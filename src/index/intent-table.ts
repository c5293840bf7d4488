import { Failure } from '../base/failure.ts';
import type { IndexDatabase } from './file/database.ts';
import { Emptiness } from './file/emptiness.ts';

/** Names an intent; never used for another one. */
export type IntentNumber = number;

/** Something begun: where to look again after a crash. */
export interface Intent {
  readonly number: IntentNumber;
  readonly kind: string;
  /** Whatever the one who began it needs to find its traces again. */
  readonly detail: string;
}

/** What was begun and not finished. Written before the act, removed in the transaction that records its outcome. */
export class IntentTable {
  readonly #database: IndexDatabase;
  readonly #emptiness: Emptiness;

  constructor(database: IndexDatabase) {
    this.#database = database;
    this.#emptiness = new Emptiness(database, 'intent');
  }

  begin(kind: string, detail: string): IntentNumber {
    this.#emptiness.forget();
    const sql = 'INSERT INTO intent (kind, detail) VALUES (?, ?) RETURNING number';
    const row = this.#database.prepare<{ readonly number: number }>(sql).get(kind, detail);
    if (row === undefined) throw new Failure('E_FAILED', 'the index did not take an intent');
    return row.number;
  }

  /** Harmless for one that is finished. */
  finish(number: IntentNumber): void {
    this.#database.prepare('DELETE FROM intent WHERE number = ?').run(number);
  }

  /** All that are open, first begun first. */
  open(): Intent[] {
    if (this.#emptiness.isEmpty()) return [];
    return this.#database.prepare<Intent>('SELECT number, kind, detail FROM intent ORDER BY number').all();
  }
}
