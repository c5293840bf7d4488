/** The vault's journal, as one device reads and writes it. */
import { Failure } from '../../base/failure.ts';
import type { EntryBody, PutChange, SeenVector } from '../../model/change.ts';
import type { DeviceId, EntryName, Version } from '../../model/ids.ts';
import type { CatchUpProgress, CatchUpReport, CommitReport, DeviceNews } from './journal-report.ts';
import type { JournalDeps } from './journal-deps.ts';
import type { ConflictRecord } from '../entry/node-record.ts';

/** Content of another device that is in no tree, as the entry that brought it came too late. */
export interface VoidPut {
  readonly entry: EntryName;
  readonly device: DeviceId;
  readonly version: Version;
  readonly change: PutChange;
}

/** One call at a time; calls made meanwhile wait for their turn. */
export class Journal {
  readonly #deps: JournalDeps;

  constructor(deps: JournalDeps) {
    this.#deps = deps;
  }

  /**
   * Brings everything that the store has and the book has not: verified as a whole, then recorded and folded in one
   * transaction, or not at all. Ends an own entry that was begun and not finished, where the store has it.
   * Throws E_MISSING, E_TAMPER, E_ROLLBACK, E_FORK, E_CLONED_DEVICE, E_REVOKED_WRITER, E_UNTRUSTED_DEVICE, E_FORMAT,
   * E_LIMIT, and what the store throws.
   */
  catchUp(_signal: AbortSignal, _options: { readonly onProgress?: (progress: CatchUpProgress) => void } = {}): Promise<CatchUpReport> {
    throw this.#later();
  }

  /**
   * Publishes the groups that hold upon everything known (the others are void at once and not written). Call `catchUp`
   * first. When this returns, the entry is in the store, recorded and folded. When it throws, it may be in the store:
   * the next `resumePending`, `catchUp` or `commit` ends it under the same name with the same bytes.
   */
  commit(_body: EntryBody, _signal: AbortSignal): Promise<CommitReport> {
    throw this.#later();
  }

  /** An entry without changes: tells the others what this device has seen. */
  heartbeat(_signal: AbortSignal): Promise<CommitReport> {
    throw this.#later();
  }

  /** Whether an own entry was begun and not finished. */
  get hasPending(): boolean {
    throw this.#later();
  }

  /** Ends an own entry that was begun: it is put again until the store has it. */
  resumePending(_signal: AbortSignal): Promise<void> {
    throw this.#later();
  }

  /** The entry begun is void, even if it turns up: the next one says so. Only when the store will never take it. */
  giveUpPending(): void {
    throw this.#later();
  }

  /** Whether the hint is another than when last asked: then `catchUp` is worth while. Only a hint. */
  changedSince(_signal: AbortSignal): Promise<boolean> {
    throw this.#later();
  }

  /** Writes a checkpoint (and its snapshot) where it is time for one. Whether it did. */
  maybeCheckpoint(_signal: AbortSignal): Promise<boolean> {
    throw this.#later();
  }

  /** The last entry known of each device: what the pin holds. */
  vector(): SeenVector {
    throw this.#later();
  }

  devices(): readonly DeviceNews[] {
    throw this.#later();
  }

  conflicts(): readonly ConflictRecord[] {
    throw this.#later();
  }

  /** Foreign content that has been void for longer than this and that nobody brought in again. */
  voidPuts(_olderThanMs: number): readonly VoidPut[] {
    throw this.#later();
  }

  #later(): Failure {
    return new Failure('E_FAILED', `not yet: ${Object.keys(this.#deps).length}`);
  }
}
