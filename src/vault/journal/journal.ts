/** The vault's journal, as one device reads and writes it. */
import { Failure } from '../../base/failure.ts';
import type { EntryBody, SeenVector } from '../../model/change.ts';
import type { EntryName } from '../../model/ids.ts';
import type { FoldPosition, JournalBook } from '../../model/journal-book.ts';
import { parseHeader } from '../entry/header-wire.ts';
import type { ConflictRecord } from '../entry/node-record.ts';
import { catchUp, type CatchUpMemory } from './arrive/catch-up.ts';
import { commitEntry, type CommitOptions, finishPending } from './write/commit-entry.ts';
import { conflictFromText } from './fold/fold-state.ts';
import { covers } from './checkpoint/floor.ts';
import { HintWatch } from './arrive/hint-watch.ts';
import type { JournalDeps } from './journal-deps.ts';
import type { CatchUpProgress, CatchUpReport, CommitReport, DeviceNews } from './journal-report.ts';
import { findPending, giveUp } from './write/own-entries.ts';
import { requireWhole } from './fold/part-book.ts';
import { readPastFrom, writePastFrom } from './fold/past-from.ts';
import { vectorOf } from './arrive/record-entries.ts';
import { replay } from './fold/replay.ts';
import { Turns } from './turns.ts';
import { findVoidPuts, type VoidPut } from './fold/void-puts.ts';
import { findCheckpointReach, writeSnapshotAt } from './checkpoint/write-checkpoint.ts';

/** How to bring news. */
export interface NewsOptions {
  readonly onProgress?: (progress: CatchUpProgress) => void;
  readonly takesPart?: boolean;
}

/** One call at a time; calls made meanwhile wait for their turn. */
export class Journal {
  readonly #deps: JournalDeps;
  readonly #turns = new Turns();
  readonly #hint: HintWatch;
  readonly #memory: CatchUpMemory = { refused: new Map(), ignored: new Set() };

  constructor(deps: JournalDeps) {
    this.#deps = deps;
    this.#hint = new HintWatch(deps);
  }

  /**
   * Brings everything that the store has and the book has not: verified as a whole, then recorded and folded in one
   * transaction, or not at all (`takesPart`: a device that has nothing yet records what can be verified). Ends an own entry that was begun and not finished, where the store has it.
   * Throws E_MISSING, E_TAMPER, E_ROLLBACK, E_FORK, E_CLONED_DEVICE, E_REVOKED_WRITER, E_UNTRUSTED_DEVICE, E_EPOCH,
   * E_FORMAT, E_DOWNGRADE, E_LIMIT, and what the store throws.
   */
  catchUp(signal: AbortSignal, options: NewsOptions = {}): Promise<CatchUpReport> {
    return this.#turns.take(() => catchUp(this.#deps, this.#memory, { onProgress: undefined, ...options, signal }));
  }

  /**
   * Publishes the groups that hold upon everything known (the others are void at once and not written). Call `catchUp`
   * first. When this returns, the entry is in the store, recorded and folded. When it throws, it may be in the store:
   * the next `resumePending`, `catchUp` or `commit` ends it under the same name with the same bytes.
   * Throws E_TOO_LARGE where the body is too much for one entry, E_STORE_BEHAVIOUR where the store loses what it took,
   * E_TAMPER where it holds something else under the entry's name, and what the store throws.
   */
  commit(body: EntryBody, signal: AbortSignal): Promise<CommitReport> {
    return this.#commit(body, this.#commitOptions(false, signal));
  }

  /** An entry without changes: tells the others what this device has seen. */
  heartbeat(signal: AbortSignal): Promise<CommitReport> {
    return this.#commit({ groups: [], packs: [] }, this.#commitOptions(true, signal));
  }

  /** Whether an own entry was begun and not finished. */
  get hasPending(): boolean {
    return findPending(this.#deps.book) !== undefined;
  }

  /** Ends an own entry that was begun: it is put again until the store has it. Throws as `commit` does. */
  resumePending(signal: AbortSignal): Promise<void> {
    return this.#turns.take(() => finishPending(this.#deps, signal));
  }

  /** The entry begun is void, even if it turns up: the next one says so. Only where the store will never take it. */
  giveUpPending(): Promise<void> {
    const { book } = this.#deps;
    return this.#turns.take(() => {
      const pending = findPending(book);
      if (pending !== undefined) {
        book.transaction(() => {
          giveUp(book, pending);
        });
      }
      return Promise.resolve();
    });
  }

  /** Whether somebody else raised the hint since this was last asked: then `catchUp` is worth while. Only a hint. */
  changedSince(signal: AbortSignal): Promise<boolean> {
    return this.#hint.changed(signal);
  }

  /** Writes a checkpoint (and its snapshot) where it is time for one and this device wrote last. Whether it did. */
  maybeCheckpoint(signal: AbortSignal): Promise<boolean> {
    return this.#turns.take(async () => {
      const { snapshotContents } = this.#deps;
      if (snapshotContents === undefined) return false;
      if (findCheckpointReach(this.#deps) === undefined) return false;
      // Once more with all that can be known: what is overtaken is void.
      await finishPending(this.#deps, signal);
      await catchUp(this.#deps, this.#memory, { signal, onProgress: undefined });
      const reach = findCheckpointReach(this.#deps);
      if (reach === undefined) return false;
      const change = await writeSnapshotAt(this.#deps, snapshotContents, reach, signal);
      await commitEntry(this.#deps, { groups: [[change]], packs: [] }, this.#commitOptions(false, signal));
      return true;
    });
  }

  /** Whether the book knows what every entry ended, from the first one on. */
  get isPastKnown(): boolean {
    return readPastFrom(this.#deps.book) === 0;
  }

  /**
   * Brings what the book does not know of the past: folds the journal anew into an empty book, from the beginning up to
   * where this one begins, then has `keep` take over from there what entries up to that Lamport number ended, in one
   * transaction. Throws as `catchUp` does; nothing is kept then, and the next call begins again.
   */
  bringPast(into: JournalBook, keep: (upTo: number) => void, signal: AbortSignal): Promise<void> {
    const { book } = this.#deps;
    return this.#turns.take(async () => {
      const upTo = readPastFrom(book);
      if (upTo === 0) return;
      await replay(this.#deps, { into, upTo, signal });
      book.transaction(() => {
        keep(upTo);
        writePastFrom(book, 0);
      });
    });
  }

  /** The last entry known of each device: what the pin holds. */
  vector(): SeenVector {
    return vectorOf(this.#deps.book);
  }

  /** The last entry in fold order; undefined in a vault that nothing was written to. */
  newest(): (FoldPosition & { readonly name: EntryName }) | undefined {
    return this.#deps.book.lastBefore(undefined);
  }

  /** Every device that was ever heard of. */
  devices(): readonly DeviceNews[] {
    return [...this.#deps.book.heads()].map(([device, { counter, arrivedMs, timeMs }]) => ({ device, counter, arrivedMs, timeMs }));
  }

  /**
   * Whether this device knows entries of a removed device that it never said it has seen: a heartbeat is due then, as they
   * count for the others only once an active device vouches for them.
   */
  get owesVouching(): boolean {
    const { book, keys } = this.#deps;
    const heads = book.heads();
    const name = heads.get(keys.device)?.name;
    const seen = name === undefined ? new Map() : parseHeader(name, book.readHeader(name)).seen;
    const active = new Set(keys.current().activeDevices);
    return [...heads].some(
      ([device, { counter, name: head }]) => head !== undefined && !active.has(device) && !covers(seen, { device, counter }),
    );
  }

  /** Conflicts whose copies are in the tree: open ones and settled ones. */
  conflicts(): readonly ConflictRecord[] {
    return [...this.#deps.book.records('conflict').values()].map(conflictFromText);
  }

  /** How long the vault keeps what is no longer in the tree; undefined where nobody ever said. */
  get retentionDays(): number | undefined {
    const text = this.#deps.book.findRecord('retention', '');
    return text === undefined ? undefined : (JSON.parse(text) as number);
  }

  /** Foreign content that has been void for longer than this and that nobody brought in again; a removed device's at once: it never will. */
  voidPuts(olderThanMs: number): readonly VoidPut[] {
    const { book, keys, clock } = this.#deps;
    const active = new Set(keys.current().activeDevices);
    const since = clock.nowMs() - olderThanMs;
    return findVoidPuts(book, keys.device, (device) => (active.has(device) ? since : Infinity));
  }

  #commit(body: EntryBody, options: CommitOptions): Promise<CommitReport> {
    return this.#turns.take(() => {
      if (body.groups.some((group) => group.some(({ do: kind }) => kind === 'checkpoint' || kind === 'skip'))) {
        throw new Failure('E_FAILED', "checkpoints and skips are the journal's own business");
      }
      requireWhole(this.#deps.book);
      return commitEntry(this.#deps, body, options);
    });
  }

  #commitOptions(isHeartbeat: boolean, signal: AbortSignal): CommitOptions {
    return { isHeartbeat, signal, onStored: () => this.#hint.raise(signal) };
  }
}
