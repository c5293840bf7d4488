/** What the journal's verbs answer. */
import type { Failure } from '../../base/failure.ts';
import type { DeviceId, EntryName, Version } from '../../model/ids.ts';
import type { SetAsideEntry } from './arrive/set-aside.ts';
import type { VoidReason } from './fold/void-reason.ts';

/** What became of one group of a committed body. */
export type GroupOutcome =
  /** `versions`: one for each change of the group. */
  | { readonly applied: true; readonly versions: readonly Version[] }
  /** Nothing of it holds; plan again upon the tree as it is now. */
  | { readonly applied: false; readonly reason: VoidReason };

export interface CommitReport {
  /** undefined where nothing was written: every group was void already. */
  readonly entry: EntryName | undefined;
  /** One for each group of the body, in its order. */
  readonly outcomes: readonly GroupOutcome[];
}

/** An entry that was left out, without stopping the others. */
export interface RefusedEntry {
  readonly name: EntryName;
  readonly device: DeviceId;
  /** Written under an old key list by a device that was removed since, and no remaining device had seen it. */
  readonly code: 'E_REVOKED_WRITER';
}

export interface CatchUpReport {
  /** Entries recorded by this call. */
  readonly arrived: number;
  /** Objects below `journal/` whose names are no entry's. */
  readonly foreignNames: number;
  readonly refused: readonly RefusedEntry[];
  /** What is no entry by anyone of this vault, and stayed so. */
  readonly setAside: readonly SetAsideEntry[];
  /** Why what was recorded is only a part, where a part was asked for; nothing can be written then. */
  readonly lacking?: Failure | undefined;
}

/** For a progress bar: entries read of those found so far. */
export interface CatchUpProgress {
  readonly entriesRead: number;
  readonly entriesFound: number;
}

/** What is known of a device through the journal alone (for "last heard of" and for the comparison of heads). */
export interface DeviceNews {
  readonly device: DeviceId;
  readonly counter: number;
  /** When its newest entry arrived here, milliseconds since 1970. */
  readonly arrivedMs: number;
  /** What its own clock said then; undefined where only a checkpoint tells of it. */
  readonly timeMs: number | undefined;
}
