import type { NodeId } from '../model/ids.ts';
import type { IndexDatabase } from './database.ts';
import { idFromBytes, idToBytes } from './id-bytes.ts';
import type { Statement } from './statement.ts';
import type { Totals } from './totals.ts';

/** A node to be looked at. */
export interface DirtyNode {
  readonly id: NodeId;
  /** Its place in the queue; never used again after the node left it or was postponed. */
  readonly seq: number;
}

/** What a node's row says, as `disagreement` selects it. */
export interface Review {
  readonly number: number;
  /** 0 agree, 1 disagree, 2 in no tree at all. */
  readonly verdict: 0 | 1 | 2;
  /** Place in the queue, where it is in it. */
  readonly seq: number | null;
  readonly held: 0 | 1;
}

/** `sameState` of model/node.ts over the columns; anything unknown (null) is no agreement. */
const sameState = `
  local_parent = base_parent AND local_name = base_name AND local_kind = base_kind AND CASE local_kind
    WHEN 0 THEN local_content_size = base_size AND (local_epoch = base_epoch AND local_content = base_content OR base_size = 0)
      AND local_mtime = base_mtime AND local_executable = base_executable
    WHEN 1 THEN TRUE
    ELSE local_target = base_target AND local_mtime = base_mtime
  END`;

/** Selects a Review from the table `node`. */
export const disagreement = `number, dirty_seq AS seq, hold IS NOT NULL AS held, CASE
  WHEN local_kind IS NULL AND base_kind IS NULL AND remote_kind IS NULL THEN 2
  WHEN base_version = remote_version AND ${sameState} THEN 0
  ELSE 1
END AS verdict`;

const untilChanged = -1;
const rebuildPage = 1000;

/**
 * The nodes whose three states do not agree: all that there is to do. A node is in agreement when it is in no tree, or
 * in all three with one version and the local state being the base's. Kept up by every write to a tree, by looking at the
 * node's row again; nobody puts work in or takes it out by hand, so it can't be wrong about what is left.
 */
export class DirtySet {
  readonly #database: IndexDatabase;
  readonly #totals: Totals;
  readonly #review: Statement<Review>;
  readonly #list: Statement<never>;
  readonly #release: Statement<never>;
  readonly #drop: Statement<never>;

  constructor(database: IndexDatabase, totals: Totals) {
    this.#database = database;
    this.#totals = totals;
    this.#review = database.prepare(`SELECT ${disagreement} FROM node WHERE id = ?`);
    this.#list = database.prepare('UPDATE node SET dirty_seq = ?, hold = NULL WHERE number = ?');
    this.#release = database.prepare('UPDATE node SET hold = NULL WHERE number = ?');
    this.#drop = database.prepare('DELETE FROM node WHERE number = ?');
  }

  /** Looks at the node again: it is in the set afterwards exactly if its states disagree, and not held. */
  mark(id: NodeId): void {
    this.#database.transaction(() => {
      const review = this.#review.get(idToBytes(id));
      if (review !== undefined) this.apply(review);
    });
  }

  /** For the trees: does what a look at a node's row, just written, asks for. Within their transaction. */
  apply(review: Review): void {
    const { number, verdict, seq } = review;
    if (verdict === 1) {
      if (seq === null) {
        this.#list.run(this.#totals.add('dirty_seq', 1), number);
        this.#totals.add('dirty', 1);
      } else if (review.held === 1) this.#release.run(number);
      return;
    }
    if (verdict === 2) this.#drop.run(number);
    else if (seq !== null) this.#list.run(null, number);
    if (seq !== null) this.#totals.add('dirty', -1);
  }

  /** The first nodes after `afterSeq` in the queue that are not held. */
  take(limit: number, afterSeq = 0): DirtyNode[] {
    const sql = 'SELECT id, dirty_seq AS seq FROM node WHERE hold IS NULL AND dirty_seq > ? ORDER BY dirty_seq LIMIT ?';
    const rows = this.#database.prepare<{ readonly id: Uint8Array; readonly seq: number }>(sql).all(afterSeq, limit);
    return rows.map((row) => ({ id: idFromBytes(row.id), seq: row.seq }));
  }

  /** The last place given in the queue so far: what enters from now on, or is postponed, comes after it. */
  lastSeq(): number {
    return this.#totals.read('dirty_seq');
  }

  /** Whether the node is in the set, held or not. */
  has(id: NodeId): boolean {
    return this.#database.prepare('SELECT 1 FROM node WHERE id = ? AND dirty_seq IS NOT NULL').get(idToBytes(id)) !== undefined;
  }

  /**
   * Leaves the node alone until that time (milliseconds since 1970; ends by `releaseHeld`) or until it is written in one of
   * the trees, which ends any hold. Harmless for a node that is not in the set.
   */
  hold(id: NodeId, until: number | 'changed'): void {
    const hold = until === 'changed' ? untilChanged : Math.max(0, Math.ceil(until));
    this.#database.prepare('UPDATE node SET hold = ? WHERE id = ? AND dirty_seq IS NOT NULL').run(hold, idToBytes(id));
  }

  /** Ends the holds that are over at `nowMs`; without it, all. Returns how many. */
  releaseHeld(nowMs?: number): number {
    const over = nowMs === undefined ? 'hold >= ?' : 'hold BETWEEN 0 AND ?';
    return this.#database.prepare(`UPDATE node SET hold = NULL WHERE ${over} AND dirty_seq IS NOT NULL`).run(nowMs ?? untilChanged);
  }

  /** When the next hold ends by time. */
  nextReleaseMs(): number | undefined {
    const sql = 'SELECT hold FROM node WHERE hold >= 0 AND dirty_seq IS NOT NULL ORDER BY hold LIMIT 1';
    return this.#database.prepare<{ readonly hold: number }>(sql).get()?.hold;
  }

  /** Moves the node to the end of the queue. Harmless for one that is not in the set. */
  postpone(id: NodeId): void {
    this.#database.transaction(() => {
      const sql = 'UPDATE node SET dirty_seq = ? WHERE id = ? AND dirty_seq IS NOT NULL';
      this.#database.prepare(sql).run(this.#totals.add('dirty_seq', 1), idToBytes(id));
    });
  }

  /** How many nodes are in the set, those held included; costs nothing. */
  count(): number {
    return this.#totals.read('dirty');
  }

  /** How many are held. Costs O(held). */
  countHeld(): number {
    const sql = 'SELECT count(*) AS held FROM node WHERE hold >= -1 AND dirty_seq IS NOT NULL';
    return this.#database.prepare<{ readonly held: number }>(sql).get()?.held ?? 0;
  }

  /** Makes the set anew from the whole trees, without holds. For a million nodes this takes seconds, not memory. */
  rebuild(): void {
    this.#database.transaction(() => {
      this.#database.prepare('UPDATE node SET dirty_seq = NULL, hold = NULL WHERE dirty_seq IS NOT NULL').run();
      this.#totals.add('dirty', -this.#totals.read('dirty'));
      const page = this.#database.prepare<Review>(`SELECT ${disagreement} FROM node WHERE number > ? ORDER BY number LIMIT ?`);
      for (let after = 0; ;) {
        const rows = page.all(after, rebuildPage);
        for (const row of rows) this.apply(row);
        const last = rows.at(-1);
        if (last === undefined || rows.length < rebuildPage) return;
        after = last.number;
      }
    });
  }
}
