import type { EntryBody, EntryHeader } from '../../../model/change.ts';
import type { EntryHash, EntryName } from '../../../model/ids.ts';
import type { PreparedFold } from '../fold/prepared-fold.ts';
import type { EntryPlace, Statements } from '../fold/judgement.ts';

/** An entry that was opened and verified, and that the book does not have yet. */
export interface ArrivedEntry {
  readonly header: EntryHeader;
  readonly hash: EntryHash;
  /** The body's one encoding; undefined where it was let go of, as too many are on their way in at once: it is brought again then. */
  readonly bodyBytes: Uint8Array | undefined;
  readonly statements: Statements;
  /** Whether it was written through this book. */
  readonly mine: boolean;
}

/** One whose body is here. */
export interface WholeEntry extends ArrivedEntry {
  readonly bodyBytes: Uint8Array;
  /** What these say, where it is at hand: of an entry that was just written. */
  readonly body?: EntryBody;
  /** What folding it last of all does, where that is known. */
  readonly prepared?: PreparedFold;
}

export function isWhole(entry: ArrivedEntry): entry is WholeEntry {
  return entry.bodyBytes !== undefined;
}

/** Where it stands. */
export function placeOf({ header, hash }: { readonly header: EntryHeader; readonly hash: EntryHash }): EntryPlace {
  const { name, lamport, device, counter } = header;
  return { name, lamport, device, counter, hash };
}

/** Whether it says something of other entries. */
export function speaks({ checkpoints, skips }: Statements): boolean {
  return checkpoints.length > 0 || skips.length > 0;
}

/** An entry's name and what it does. */
export interface NamedBody {
  readonly name: EntryName;
  readonly body: EntryBody;
}
