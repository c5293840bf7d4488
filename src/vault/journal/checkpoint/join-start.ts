/** Where a device that knows nothing yet begins: at the newest snapshot that the journal vouches for, or at the empty tree. */
import { Failure } from '../../../base/failure.ts';
import { findEntryNameParts, type EntryName } from '../../../model/ids.ts';
import { limits } from '../../../model/limits.ts';
import { fetchManifest, type SnapshotAccess } from '../../snapshot/read-snapshot.ts';
import type { SnapshotManifest, SnapshotPart } from '../../snapshot/manifest.ts';
import { isPart } from '../../snapshot/snapshot-part.ts';
import { placeOf, speaks, type ArrivedEntry } from '../arrive/arrived-entry.ts';
import type { BodyRoom } from '../write/body-room.ts';
import { inParallel } from '../in-parallel.ts';
import type { JournalDeps } from '../journal-deps.ts';
import type { CatchUpProgress } from '../journal-report.ts';
import { Judgement, type Checkpoint } from '../fold/judgement.ts';
import type { Listing } from '../arrive/list-names.ts';
import { findEpochKeys } from '../arrive/open-arrival.ts';
import { withPatience } from '../patience.ts';
import { splitByVouching } from '../arrive/revoked-writers.ts';
import type { SetAside } from '../arrive/set-aside.ts';

const atOnce = 8;
const pageSize = 64;

/** A snapshot to begin with: its bytes are here, its root is not proven yet. */
export interface JoinStart {
  readonly checkpoint: Checkpoint;
  readonly manifest: SnapshotManifest;
  /** Objects of the parts, by name. */
  readonly parts: ReadonlyMap<string, Uint8Array>;
}

export interface JoinSearch {
  /** Filled with all that was opened on the way. */
  readonly opened: Map<EntryName, ArrivedEntry>;
  readonly room: BodyRoom;
  readonly setAside: SetAside;
  readonly onProgress: ((progress: CatchUpProgress) => void) | undefined;
  readonly signal: AbortSignal;
}

/**
 * Opens entries, newest first, until a checkpoint with a snapshot is found that reaches down to where was looked. Those
 * opened on the way are left in `opened`. undefined where there is none: all entries are open then. A snapshot that is not
 * there is passed over for an older one. Throws E_TAMPER where one is there but not what it claims to be.
 */
export async function findJoinStart(deps: JournalDeps, listing: Listing, search: JoinSearch): Promise<JoinStart | undefined> {
  const { opened, signal } = search;
  const names = listing.names.toReversed();
  const passedOver = new Set<string>();
  let claimed = highestClaim(opened.values());
  for (let at = 0; at < names.length; at += pageSize) {
    const page = names.slice(at, at + pageSize);
    await openPage(page, search);
    search.onProgress?.({ entriesRead: opened.size, entriesFound: names.length });
    const next = names[at + pageSize];
    const reached = next === undefined ? 0 : (findEntryNameParts(next)?.lamport ?? 0);
    // What all of them say together is looked at only where one may reach down to here: above the last snapshot, or without
    // one, there may be a hundred thousand.
    claimed = Math.max(claimed, highestClaim(page.map((name) => opened.get(name))));
    if (claimed < reached) continue;
    for (const checkpoint of checkpointsOf(deps, [...opened.values()])) {
      const { snapshot, lamport } = checkpoint.change;
      if (snapshot === undefined || lamport < reached || passedOver.has(snapshot)) continue;
      const start = await fetchSnapshot(deps, checkpoint, snapshot, signal);
      if (start !== undefined) return start;
      passedOver.add(snapshot);
    }
  }
  return undefined;
}

async function openPage(names: readonly EntryName[], { opened, room, setAside, signal }: JoinSearch): Promise<void> {
  await inParallel(names, atOnce, async (name) => {
    const entry = await setAside.fetch(name, signal);
    if (entry !== undefined && entry !== 'unopened') opened.set(name, room.take(entry));
  });
  setAside.requireOpened();
}

/** Up to where one of these entries says that a snapshot holds; -1 where none names any. */
function highestClaim(entries: Iterable<ArrivedEntry | undefined>): number {
  let highest = -1;
  for (const entry of entries) {
    for (const { snapshot, lamport } of entry?.statements.checkpoints ?? [])
      if (snapshot !== undefined) highest = Math.max(highest, lamport);
  }
  return highest;
}

/** Checkpoints that count among these entries: all that stand above the last one's number. */
function checkpointsOf(deps: JournalDeps, opened: readonly ArrivedEntry[]): readonly Checkpoint[] {
  const { taken } = splitByVouching(opened, new Set(deps.keys.current().activeDevices));
  const speakers = taken
    .filter(({ statements }) => speaks(statements))
    .map((entry) => ({ ...placeOf(entry), statements: entry.statements }));
  return new Judgement(speakers, 0).checkpoints;
}

async function fetchSnapshot(deps: JournalDeps, checkpoint: Checkpoint, name: string, signal: AbortSignal): Promise<JoinStart | undefined> {
  const { lamport, root } = checkpoint.change;
  const access = snapshotAccess(deps, signal);
  const askAgain = { clock: deps.clock, signal, codes: ['E_MISSING', 'E_TAMPER', 'E_FORMAT'] } as const;
  try {
    const manifest = await withPatience(askAgain, () => fetchManifest(access, { name, lamport, root }));
    const parts = await inParallel(manifest.parts, atOnce, (part) =>
      withPatience(askAgain, async () => [part.name, await fetchPart(access, part)] as const),
    );
    return { checkpoint, manifest, parts: new Map(parts) };
  } catch (failure) {
    if (failure instanceof Failure && failure.code === 'E_MISSING') return undefined;
    throw failure;
  }
}

async function fetchPart({ fetch, sealing }: SnapshotAccess, part: SnapshotPart): Promise<Uint8Array> {
  const bytes = await fetch(part.name, limits.snapshotPartMaxBytes);
  if (bytes === undefined) throw new Failure('E_MISSING', 'part of a snapshot is not in the store', { subject: part.name });
  if (!isPart(sealing.primitives, part, bytes))
    throw new Failure('E_TAMPER', 'not the part that the snapshot names', { subject: part.name });
  return bytes;
}

/** The store and the keys, as snapshots need them. */
export function snapshotAccess({ sealing, keys, store }: JournalDeps, signal: AbortSignal): SnapshotAccess {
  return {
    sealing,
    keysOf: (epoch) => findEpochKeys(keys, epoch),
    fetch: (name, maxBytes) => store.get(name, { maxBytes, signal }),
  };
}
