/** Bringing what is new: list, open, verify, and only then record (FORMAT.md, section 6.5). */
import type { EntryName } from '../../model/ids.ts';
import type { ArrivedEntry } from './arrived-entry.ts';
import { BodyRoom } from './body-room.ts';
import { covers, floorFromBytes } from './floor.ts';
import { gather, type GatherStart } from './gather.ts';
import { findJoinStart, type JoinStart } from './join-start.ts';
import type { JournalDeps } from './journal-deps.ts';
import type { CatchUpProgress, CatchUpReport } from './journal-report.ts';
import { listNames } from './list-names.ts';
import { floorOf } from './judgement.ts';
import { findPending, givenUp } from './own-entries.ts';
import { isBeingReadAnew, record } from './record-entries.ts';
import { requirePresence } from './require-presence.ts';
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
}

export async function catchUp(deps: JournalDeps, memory: CatchUpMemory, { signal, onProgress }: CatchUpOptions): Promise<CatchUpReport> {
  const { book, keys, store, pinCopy } = deps;
  const floor = floorFromBytes(book.readFact('floor'));
  const last = book.lastBefore(undefined)?.lamport;
  const isNew = last === undefined && book.readFact('floor') === undefined;
  const from = Math.max(1, (last ?? floor.lamport) - marginLamports);
  const listing = await listNames(store, from, signal);
  await requirePresence(deps, listing, { from, signal });
  const opened = new Map(memory.refused);
  const room = new BodyRoom(deps);
  const setAside = new SetAside(deps);
  const join = isNew ? await findJoinStart(deps, listing, { opened, room, setAside, onProgress, signal }) : undefined;
  const isAnew = isMadeAnew(deps);
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
    onProgress,
    ignored: memory.ignored,
    pending: isInSnapshot ? undefined : pending,
    givenUp: givenUp(book),
    own: { device: keys.device, trustedCounter: isAnew ? Infinity : (pinCopy.read()?.get(keys.device)?.counter ?? 0) },
  };
  dropBelow(start, join);
  const { entries, refused, foreign } = await gather(deps, start, signal);
  await record(deps, { entries, join, isAnew, signal });
  memory.refused.clear();
  for (const entry of refused) memory.refused.set(entry.header.name, entry);
  return {
    arrived: entries.length,
    foreignNames: foreign,
    refused: refused.map(({ header: { name, device } }) => ({ name, device, code: 'E_REVOKED_WRITER' })),
    setAside: setAside.entries,
  };
}

/** A book that never knew of this device's entries was made anew: then they are what the store has. */
function isMadeAnew({ book, keys }: JournalDeps): boolean {
  return (book.heads().get(keys.device) === undefined && givenUp(book).length === 0) || isBeingReadAnew(book);
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
