import { Failure } from '../../base/failure.ts';
import type { IndexDatabase, TransactionFollower } from '../file/database.ts';

export type TreeName = 'local' | 'base' | 'remote';

/** The running totals, by the names of their columns. */
export type Total = `${TreeName}_${'files' | 'folders' | 'links' | 'bytes'}` | 'dirty' | 'dirty_seq';

/** What one node adds to its tree's totals. */
export interface Weight {
  /** 0 file, 1 folder, 2 link. */
  readonly kind: number;
  readonly sizeBytes: number;
}

const trees: readonly TreeName[] = ['local', 'base', 'remote'];
const kindParts = ['files', 'folders', 'links'] as const;
const columns: readonly Total[] = [
  ...trees.flatMap((tree) => [...kindParts, 'bytes' as const].map((part): Total => `${tree}_${part}`)),
  'dirty',
  'dirty_seq',
];
const selectTotals = `SELECT ${columns.join(', ')} FROM totals`;
const updateTotals = `UPDATE totals SET ${columns.map((name) => `${name} = ?`).join(', ')}`;

/**
 * How much the trees and the dirty set hold. In memory only while a transaction lasts, and written with it: so it is
 * never older or newer than the rows it counts, whichever process wrote them.
 */
export class Totals implements TransactionFollower {
  readonly #database: IndexDatabase;
  #current: Record<Total, number> | undefined;
  #changed = false;

  constructor(database: IndexDatabase) {
    this.#database = database;
    database.follow(this);
  }

  /** One of them, as it is now. */
  read(total: Total): number {
    return (this.#current ?? this.#load())[total];
  }

  /** Changes one of them, within a transaction; what it is then. */
  add(total: Total, difference: number): number {
    if (!this.#database.inTransaction) throw new Failure('E_FAILED', 'totals change only within a transaction');
    this.#current ??= this.#load();
    this.#changed = true;
    return (this.#current[total] += difference);
  }

  /** A node of this tree was `before` and is `after` now (undefined: is not in it). */
  replace(tree: TreeName, before: Weight | undefined, after: Weight | undefined): void {
    if (before !== undefined) this.#weigh(tree, before, -1);
    if (after !== undefined) this.#weigh(tree, after, 1);
  }

  #weigh(tree: TreeName, weight: Weight, sign: 1 | -1): void {
    this.add(`${tree}_${kindParts[weight.kind] ?? 'files'}`, sign);
    if (weight.sizeBytes !== 0) this.add(`${tree}_bytes`, sign * weight.sizeBytes);
  }

  othersWrote(): void {
    // Nothing of it outlives a transaction.
  }

  beforeCommit(): void {
    const current = this.#current;
    if (current === undefined || !this.#changed) return;
    this.#database.prepare(updateTotals).run(...columns.map((name) => current[name]));
  }

  afterEnd(): void {
    this.#current = undefined;
    this.#changed = false;
  }

  #load(): Record<Total, number> {
    const row = this.#database.prepare<Record<Total, number>>(selectTotals).get();
    if (row === undefined) throw new Failure('E_INDEX_DAMAGED', 'the index is damaged: its totals are gone');
    return row;
  }
}
