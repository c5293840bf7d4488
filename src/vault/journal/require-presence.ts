/** Whether the store still has what this device knows of it: the pin, on every run. */
import { Failure } from '../../base/failure.ts';
import type { DeviceId, EntryName } from '../../model/ids.ts';
import type { Head } from '../../model/journal-book.ts';
import { inParallel } from './in-parallel.ts';
import type { JournalDeps } from './journal-deps.ts';
import type { Listing } from './arrive/list-names.ts';
import { patienceMs } from './patience.ts';

const atOnce = 8;
/** How many are asked for beside the last one of each device: if so many are gone, the others need not be looked at. */
const askedMax = 64;

/** What is known of what must be there. */
interface Presence {
  /** The listing begins at this Lamport number. */
  readonly from: number;
  readonly heads: ReadonlyMap<DeviceId, Head>;
  readonly signal: AbortSignal;
}

/**
 * Throws unless the store gives every known entry that a listing from this Lamport number on should have shown, and the
 * last one known of each device, however old: E_ROLLBACK where all that is newest is gone, E_MISSING where there is a hole.
 */
export async function requirePresence(deps: JournalDeps, listing: Listing, { from, heads, signal }: Presence): Promise<void> {
  const { book } = deps;
  const listed = new Set<EntryName>(listing.names);
  const last = [...heads.values()].flatMap(({ name }) => name ?? []);
  const wanted = [...new Set([...last, ...book.namesFrom(from).toReversed()])]
    .filter((name) => !listed.has(name))
    .slice(0, last.length + askedMax);
  const gone = (await inParallel(wanted, atOnce, async (name) => ((await isThere(deps, name, signal)) ? [] : [name]))).flat().toSorted();
  const newest = gone.at(-1);
  if (newest === undefined) return;
  // An empty or another vault's store has a clearer name for what is wrong.
  await deps.keys.refresh(signal);
  const shown = listing.names.at(-1);
  const isCutOff = shown === undefined || shown < (gone[0] ?? newest);
  const known = `entry ${newest}, which this device has seen`;
  throw isCutOff
    ? new Failure('E_ROLLBACK', `the store shows an older state: its journal ends with ${shown ?? 'nothing'}, without ${known}`, {
        subject: newest,
      })
    : new Failure('E_MISSING', `the store does not give ${known}`, { subject: newest });
}

/** One byte says it; a store that answers late is asked again. */
async function isThere({ store, clock }: JournalDeps, name: EntryName, signal: AbortSignal): Promise<boolean> {
  for (const delayMs of [...patienceMs, undefined]) {
    if ((await store.get(name, { maxBytes: 1, range: { start: 0, length: 1 }, signal })) !== undefined) return true;
    if (delayMs !== undefined) await clock.sleep(delayMs, signal);
  }
  return false;
}
