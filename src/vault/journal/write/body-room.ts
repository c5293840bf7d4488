/** How much of what arrives is kept in memory until all of it is verified. */
import { Failure } from '../../../base/failure.ts';
import { isWhole, type ArrivedEntry, type WholeEntry } from '../arrive/arrived-entry.ts';
import { inParallel } from '../in-parallel.ts';
import type { JournalDeps } from '../journal-deps.ts';
import { fetchArrival } from '../arrive/open-arrival.ts';

const usualBytes = 32 * 1024 * 1024;
const atOnce = 8;
/** Of entries that are recorded together, so many may have to be brought again: 7 MiB each at most. */
const againMax = 16;

/** Bodies beyond a certain size in all are let go of: a device that joins late meets a journal of any length. */
export class BodyRoom {
  #leftBytes: number;

  constructor({ bodiesMaxBytes = usualBytes }: Pick<JournalDeps, 'bodiesMaxBytes'>) {
    this.#leftBytes = bodiesMaxBytes;
  }

  take(entry: WholeEntry): ArrivedEntry {
    this.#leftBytes -= entry.bodyBytes.length;
    return this.#leftBytes < 0 ? { ...entry, bodyBytes: undefined } : entry;
  }
}

/** Cuts entries in their order so that what each portion lacks has room in memory. At least one portion. */
export function* portionsOf(entries: readonly ArrivedEntry[]): Generator<readonly ArrivedEntry[]> {
  let portion: ArrivedEntry[] = [];
  let lacking = 0;
  for (const entry of entries) {
    if (lacking >= againMax) {
      yield portion;
      portion = [];
      lacking = 0;
    }
    portion.push(entry);
    if (!isWhole(entry)) lacking += 1;
  }
  yield portion;
}

/** With the bodies that were let go of. Throws E_MISSING, E_TAMPER where the store gives something else now than before. */
export function bringBodies(deps: JournalDeps, entries: readonly ArrivedEntry[], signal: AbortSignal): Promise<readonly WholeEntry[]> {
  return inParallel(entries, atOnce, async (entry) => {
    if (isWhole(entry)) return entry;
    const subject = entry.header.name;
    const again = await fetchArrival(deps, subject, { signal });
    if (again === undefined) throw new Failure('E_MISSING', 'the store does not give an entry any more', { subject });
    if (again.hash !== entry.hash) throw new Failure('E_TAMPER', 'another entry than the one that was read before', { subject });
    return { ...entry, bodyBytes: again.bodyBytes };
  });
}
