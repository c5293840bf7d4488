/** Bringing what is new: list, open, verify, and only then record (FORMAT.md, section 6.5). */
import type { DeviceId, EntryName } from '../../../model/ids.ts';
import type { Head } from '../../../model/journal-book.ts';
import type { ArrivedEntry } from './arrived-entry.ts';
import { BodyRoom } from '../write/body-room.ts';
import { covers, floorFromBytes } from '../checkpoint/floor.ts';
import { gather, type GatherStart } from './gather.ts';
import { findJoinStart, type JoinStart } from '../checkpoint/join-start.ts';
import type { JournalDeps } from '../journal-deps.ts';
import type { CatchUpProgress, CatchUpReport } from '../journal-report.ts';
import { listNames } from './list-names.ts';
import { floorOf } from '../fold/judgement.ts';
import { findPending, givenUp } from '../write/own-entries.ts';
import { isPart, notePart } from '../fold/part-book.ts';
import { isBeingReadAnew, record } from './record-entries.ts';
import { requirePresence } from '../require-presence.ts';
import { SetAside } from './set-aside.ts';

/** How far before the last known entry a listing begins: concurrent entries and lagging stores are seen without asking twice. */
const marginLamports = 64;

/** What a journal remembers from one run to the next, and may forget. */
export interface CatchUpMemory {
  /** Entries that are refused as long as nobody vouches for them. */
  readonly refused: Map<EntryName, ArrivedEntry>;
  /** Names that mean nothing to this book. */
  readonly ignored: Set<EntryName>;
}

export interface CatchUpOptions {
  readonly signal: AbortSignal;
  readonly onProgress: ((progress: CatchUpProgress) => void) | undefined;
  /** Whether a device that has nothing yet may take what can be verified, where the store does not give all. */
  readonly takesPart?: boolean;
}

export async function catchUp(deps: JournalDeps, memory: CatchUpMemory, options: CatchUpOptions): Promise<CatchUpReport> {
  const { book, keys, store, pinCopy } = deps;
  const { signal, onProgress } = options;
  const { floor, from, isNew, wasPart, takesPart } = begin(deps, options);
  const listing = await listNames(store, from, signal);
  const heads = book.heads();
  await requirePresence(deps, listing, { from, heads, signal });
  const opened = new Map(memory.refused);
  const room = new BodyRoom(deps);
  const setAside = new SetAside(deps, { takesPart });
  const join = isNew ? await findJoinStart(deps, listing, { opened, room, setAside, onProgress, signal }) : undefined;
  const isAnew = isMadeAnew(deps, heads);
  const pending = findPending(book);
  const isInSnapshot =
    join !== undefined && pending !== undefined && covers(join.checkpoint.change.vector, { ...pending, device: keys.device });
  const start: GatherStart = {
    floor: join === undefined ? floor : floorOf(join.checkpoint),
    from,
    listing,
    opened,
    room,
    setAside,
    takesPart,
    onProgress,
    ignored: memory.ignored,
    pending: isInSnapshot ? undefined : pending,
    givenUp: givenUp(book),
    own: { device: keys.device, trustedCounter: isAnew ? Infinity : (pinCopy.read()?.get(keys.device)?.counter ?? 0) },
  };
  dropBelow(start, join);
  const { entries, refused, foreign, lacking } = await gather(deps, start, signal);
  if (lacking !== undefined) notePart(book, true);
  await record(deps, { entries, join, isAnew, signal });
  if (lacking === undefined && wasPart) notePart(book, false);
  memory.refused.clear();
  for (const entry of refused) memory.refused.set(entry.header.name, entry);
  return {
    arrived: entries.length,
    foreignNames: foreign,
    refused: refused.map(({ header: { name, device } }) => ({ name, device, code: 'E_REVOKED_WRITER' })),
    setAside: setAside.entries,
    lacking,
  };
}

/** Where to begin to list, and whether less than all is enough. */
function begin(
  { book, pinCopy }: JournalDeps,
  options: CatchUpOptions,
): Pick<GatherStart, 'floor' | 'from' | 'takesPart'> & { readonly isNew: boolean; readonly wasPart: boolean } {
  const floor = floorFromBytes(book.readFact('floor'));
  const last = book.lastBefore(undefined)?.lamport;
  const isNew = last === undefined && book.readFact('floor') === undefined;
  const wasPart = isPart(book);
  const takesPart = options.takesPart === true && (wasPart || (isNew && (pinCopy.read()?.size ?? 0) === 0));
  // What is no part of a part may stand anywhere before its end.
  const from = wasPart ? 1 : Math.max(1, (last ?? floor.lamport) - marginLamports);
  return { floor, from, isNew, wasPart, takesPart };
}

/** A book that never knew of this device's entries was made anew: then they are what the store has. */
function isMadeAnew({ book, keys }: JournalDeps, heads: ReadonlyMap<DeviceId, Head>): boolean {
  return (heads.get(keys.device) === undefined && givenUp(book).length === 0) || isBeingReadAnew(book);
}

/** Entries that the snapshot stands for need no folding. */
function dropBelow({ floor, opened, ignored }: GatherStart, join: JoinStart | undefined): void {
  if (join === undefined) return;
  for (const [name, { header }] of opened) {
    if (header.lamport > floor.lamport) continue;
    opened.delete(name);
    if (header.counter <= (floor.vector.get(header.device)?.counter ?? 0)) ignored.add(name);
  }
}
