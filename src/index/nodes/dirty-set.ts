import type { NodeId } from '../../model/ids.ts';
import type { IndexDatabase } from '../file/database.ts';
import type { NodeRecord } from './node-record.ts';
import type { NodeTable } from './node-table.ts';
import { reviewed } from './review.ts';
import type { Totals } from './totals.ts';
import type { TreeDeps } from './tree-table.ts';

/** A node to be looked at. */
export interface DirtyNode {
  readonly id: NodeId;
  /** Its place in the queue; never used again after the node left it or was postponed. */
  readonly seq: number;
}

/** A file of the queue that is in the vault alone. */
export interface FileToBring {
  /** Of its row; stays its own while the node is known. */
  readonly number: number;
  readonly seq: number;
  /** Ascends with the place of its first chunk, pack by pack; null where no pack is known to have that. */
  readonly place: number | null;
}

const selectOpen = 'SELECT lower(hex(id)) AS id, dirty_seq AS seq FROM node WHERE hold IS NULL AND dirty_seq > ?';
const inOrder = 'ORDER BY dirty_seq LIMIT ?';
const openInOrder = `${selectOpen} ${inOrder}`;
const isKnown = 'base_kind IS NOT NULL OR EXISTS (SELECT 1 FROM mass_change WHERE mass_change.node = node.id)';
const knownInOrder = `${selectOpen} AND (${isKnown}) ${inOrder}`;
const release = (condition: string): string => `UPDATE node SET hold = NULL WHERE ${condition} AND dirty_seq IS NOT NULL`;
const releaseAll = release('hold >= ?');
const releaseUntil = release('hold BETWEEN 0 AND ?');
const releaseBack = release('hold = ?');

/** A file that is in the vault alone, and the chunk that its content begins with. */
const isToBring = 'remote_kind = 0 AND local_kind IS NULL AND base_kind IS NULL';
const firstChunk =
  "coalesce(substr(CASE WHEN content.chunks = x'' THEN content.list_chunks ELSE content.chunks END, 1, 32), node.remote_content)";
/** More chunks than a pack has: place in the pack and the pack's number make one number. */
const packChunks = 2 ** 20;
const selectToBring = `SELECT node.number, dirty_seq AS seq,
  (SELECT c.pack * ${packChunks} + min(c.ordinal, ${packChunks - 1}) FROM chunk_place AS c WHERE c.chunk = ${firstChunk}
   ORDER BY c.trust, c.pack, c.ordinal LIMIT 1) AS place
  FROM node LEFT JOIN content ON content.id = node.remote_content WHERE hold IS NULL AND dirty_seq > ? AND ${isToBring}`;

const untilChanged = -1;
const untilDecided = -2;
const rebuildPage = 1000;

/**
 * The nodes whose three states do not agree: all that there is to do. A node is in agreement when it is in no tree, or
 * in all three with one version and the local state being the base's, or left out and only in the vault's. Kept up by every write to a tree, by looking at the
 * node's row again; nobody puts work in or takes it out by hand, so it can't be wrong about what is left.
 */
export class DirtySet {
  readonly #database: IndexDatabase;
  readonly #nodes: NodeTable;
  readonly #totals: Totals;

  constructor({ database, nodes, totals }: TreeDeps) {
    this.#database = database;
    this.#nodes = nodes;
    this.#totals = totals;
  }

  /** Looks at the node again: it is in the set afterwards exactly if its states disagree, and not held. */
  mark(id: NodeId): void {
    this.#database.transaction(() => {
      const record = this.#nodes.load(id);
      this.#replace(id, record, reviewed(record, this.#totals));
    });
  }

  /** The first nodes after `afterSeq` in the queue that are not held. */
  take(limit: number, afterSeq = 0): DirtyNode[] {
    this.#nodes.flush();
    return this.#database.prepare<DirtyNode>(openInOrder).all(afterSeq, limit);
  }

  /** As `take`, without files that are in the vault alone. */
  takeOthers(limit: number, afterSeq = 0): DirtyNode[] {
    this.#nodes.flush();
    return this.#database.prepare<DirtyNode>(`${selectOpen} AND NOT (${isToBring}) ${inOrder}`).all(afterSeq, limit);
  }

  /** What `takeOthers` leaves out, in the order of the queue. */
  toBring(limit: number, afterSeq = 0): FileToBring[] {
    this.#nodes.flush();
    return this.#database.prepare<FileToBring>(`${selectToBring} ${inOrder}`).all(afterSeq, limit);
  }

  /** Which nodes these rows are of, as far as they are still in the queue and not held; in the same order. */
  stillOpen(numbers: readonly number[]): NodeId[] {
    this.#nodes.flush();
    const sql = 'SELECT lower(hex(id)) AS id FROM node WHERE number = ? AND dirty_seq IS NOT NULL AND hold IS NULL';
    const find = this.#database.prepare<Pick<DirtyNode, 'id'>>(sql);
    return numbers.flatMap((number) => find.get(number)?.id ?? []);
  }

  /**
   * As `take`, only of those that both sides once agreed upon, and those that are listed for a person to decide: nothing can be
   * lost by any other one.
   */
  takeKnown(limit: number, afterSeq = 0): DirtyNode[] {
    this.#nodes.flush();
    return this.#database.prepare<DirtyNode>(knownInOrder).all(afterSeq, limit);
  }

  /** The last place given in the queue so far: what enters from now on, or is postponed, comes after it. */
  lastSeq(): number {
    return this.#totals.read('dirty_seq');
  }

  /** Whether the node is in the set, held or not. */
  has(id: NodeId): boolean {
    return this.#nodes.load(id).seq !== null;
  }

  /**
   * Leaves the node alone until that time (milliseconds since 1970; ends by `releaseHeld`), until a person decides (ends by
   * `releaseHeldBack`), or until it is written in one of the trees, which ends any hold. Harmless for a node that is not in
   * the set.
   */
  hold(id: NodeId, until: number | 'changed' | 'decided'): void {
    const hold = typeof until === 'number' ? Math.max(0, Math.ceil(until)) : until === 'changed' ? untilChanged : untilDecided;
    const record = this.#nodes.load(id);
    if (record.seq === null) return;
    this.#database.transaction(() => {
      this.#replace(id, record, { ...record, hold });
    });
  }

  /** Ends the holds that are over at `nowMs`; without it, all but those that wait for a decision. Returns how many. */
  releaseHeld(nowMs?: number): number {
    return this.#release(nowMs === undefined ? releaseAll : releaseUntil, nowMs ?? untilChanged);
  }

  /** Ends the holds that wait for a decision. Returns how many. */
  releaseHeldBack(): number {
    return this.#release(releaseBack, untilDecided);
  }

  #release(sql: string, value: number): number {
    this.#nodes.flush();
    const released = this.#database.prepare(sql).run(value);
    if (released > 0) this.#nodes.forget();
    return released;
  }

  /** When the next hold ends by time. */
  nextReleaseMs(): number | undefined {
    this.#nodes.flush();
    const sql = 'SELECT hold FROM node WHERE hold >= 0 AND dirty_seq IS NOT NULL ORDER BY hold LIMIT 1';
    return this.#database.prepare<{ readonly hold: number }>(sql).get()?.hold;
  }

  /** Moves the node to the end of the queue. Harmless for one that is not in the set. */
  postpone(id: NodeId): void {
    this.#database.transaction(() => {
      const record = this.#nodes.load(id);
      if (record.seq !== null) this.#replace(id, record, { ...record, seq: this.#totals.add('dirty_seq', 1) });
    });
  }

  /** How many nodes are in the set, those held included; costs nothing. */
  count(): number {
    return this.#totals.read('dirty');
  }

  /** How many are held. Costs O(held). */
  countHeld(): number {
    this.#nodes.flush();
    const sql = 'SELECT count(*) AS held FROM node WHERE hold >= -2 AND dirty_seq IS NOT NULL';
    return this.#database.prepare<{ readonly held: number }>(sql).get()?.held ?? 0;
  }

  /** Makes the set anew from the whole trees, without holds. For a million nodes this takes seconds, not memory. */
  rebuild(): void {
    this.#database.transaction(() => {
      this.#nodes.flush();
      this.#database.prepare('UPDATE node SET dirty_seq = NULL, hold = NULL WHERE dirty_seq IS NOT NULL').run();
      this.#nodes.forget();
      this.#totals.add('dirty', -this.#totals.read('dirty'));
      for (let after = 0; ;) {
        const page = this.#nodes.page(after, rebuildPage);
        for (const [id, record] of page) this.#replace(id, record, reviewed(record, this.#totals));
        after = page.at(-1)?.[1].number ?? 0;
        if (page.length < rebuildPage) return;
      }
    });
  }

  #replace(id: NodeId, before: NodeRecord, after: NodeRecord): void {
    if (after !== before) this.#nodes.put(id, after);
  }
}
