import { Failure } from '../../../base/failure.ts';
import { entryName, findEntryNameParts, type EntryName } from '../../../model/ids.ts';
import { limits } from '../../../model/limits.ts';
import type { Store } from '../../../store/store.ts';

const prefix = 'journal/';

/** What the store says is below `journal/`. */
export interface Listing {
  /** In byte order, which is that of Lamport numbers. */
  readonly names: readonly EntryName[];
  /** Objects whose names are no entry's: somebody else's, and left alone. */
  readonly foreign: number;
}

/** All names from this Lamport number on. Throws E_LIMIT for more than a million. */
export async function listNames(store: Store, from: number, signal: AbortSignal): Promise<Listing> {
  const names: EntryName[] = [];
  let foreign = 0;
  // Names of a Lamport number begin with its digits and a dash: the bare digits stand before all of them.
  let after: string | undefined = from <= 1 ? undefined : entryName(from, '').slice(0, -1);
  for (;;) {
    const page = await store.list(prefix, { after, limit: limits.listPageMax, signal });
    for (const name of page.names) {
      if (findEntryNameParts(name) === undefined) foreign += 1;
      else names.push(name as EntryName);
    }
    if (names.length + foreign > limits.namesPerListMax)
      throw new Failure('E_LIMIT', `more than ${limits.namesPerListMax} objects in the journal`);
    const last = page.names.at(-1);
    // A store that repeats itself would be listed for ever.
    if (!page.more || last === undefined || (after !== undefined && last <= after)) return { names, foreign };
    after = last;
  }
}
