/**
 * Collects what the store has and the book has not, until all of it fits together (FORMAT.md, section 6.5). Listings and
 * single answers of a store are only hints; what entries say of each other is what must come out even.
 */
import { Failure } from '../../../base/failure.ts';
import { findEntryNameParts, type EntryName } from '../../../model/ids.ts';
import { placeOf, type ArrivedEntry } from './arrived-entry.ts';
import type { BodyRoom } from '../write/body-room.ts';
import type { Floor } from '../checkpoint/floor.ts';
import type { Gap } from './gap.ts';
import { inParallel } from '../in-parallel.ts';
import type { JournalDeps } from '../journal-deps.ts';
import type { CatchUpProgress } from '../journal-report.ts';
import { comparePositions } from '../fold/judgement.ts';
import { KnownEntries } from './known-entries.ts';
import { listNames, type Listing } from './list-names.ts';
import { openArrival } from './open-arrival.ts';
import type { OwnEntryNote, PendingEntry } from '../write/own-entries.ts';
import { patienceMs } from '../patience.ts';
import { hasArrived } from '../write/publish-object.ts';
import { splitByVouching } from './revoked-writers.ts';
import type { SetAside } from './set-aside.ts';
import { verifyEntry, type OwnChain } from './verify-entry.ts';

const atOnce = 8;
/** Entries from before the floor that are opened in one go, newest first, where something is missing. */
const deepBatch = 64;
const deepMax = 1024;

/** What gathering begins with. */
export interface GatherStart {
  readonly floor: Floor;
  /** Begins at this Lamport number. */
  readonly from: number;
  readonly listing: Listing;
  /** Entries that were opened already, by name. */
  readonly opened: Map<EntryName, ArrivedEntry>;
  readonly room: BodyRoom;
  /** Names that were looked at in earlier runs, and are nothing to this book. */
  readonly ignored: Set<EntryName>;
  readonly setAside: SetAside;
  /** Of a device that has nothing yet: entries that fit together are enough, whatever else the store keeps back. */
  readonly takesPart: boolean;
  readonly pending: PendingEntry | undefined;
  /** Own entries given up: one that turns up before any entry skips it counts as never given up. */
  readonly givenUp: readonly OwnEntryNote[];
  readonly own: OwnChain;
  readonly onProgress: ((progress: CatchUpProgress) => void) | undefined;
}

/** Verified, complete, in fold order. Of many the bodies are not here. */
export interface Gathered {
  readonly entries: readonly ArrivedEntry[];
  readonly refused: readonly ArrivedEntry[];
  readonly foreign: number;
  /** Why this is only a part. */
  readonly lacking: Failure | undefined;
}

export async function gather(deps: JournalDeps, start: GatherStart, signal: AbortSignal): Promise<Gathered> {
  return new Gathering(deps, start, signal).run();
}

class Gathering {
  readonly #deps: JournalDeps;
  readonly #start: GatherStart;
  readonly #signal: AbortSignal;
  readonly #opened: Map<EntryName, ArrivedEntry>;
  #listing: Listing;
  #isListedWhole: boolean;
  #deepCount = 0;

  constructor(deps: JournalDeps, start: GatherStart, signal: AbortSignal) {
    this.#deps = deps;
    this.#start = start;
    this.#signal = signal;
    this.#opened = start.opened;
    this.#listing = start.listing;
    this.#isListedWhole = start.from <= 1;
  }

  async run(): Promise<Gathered> {
    let patience = 0;
    for (;;) {
      const absent = await this.#fetch(this.#unknown((lamport) => lamport > this.#start.floor.lamport));
      await this.#findPending();
      const { gathered, lack } = this.#assess(absent);
      if (lack === undefined) return gathered;
      const { setAside, takesPart } = this.#start;
      setAside.hurry();
      if (await this.#lookDeeper()) continue;
      const delayMs = patienceMs[patience];
      if (delayMs === undefined) {
        if (!takesPart || lack.code !== 'E_MISSING') throw lack;
        return { ...gathered, lacking: gathered.lacking ?? lack };
      }
      patience += 1;
      await this.#deps.clock.sleep(delayMs, this.#signal);
      await this.#listWhole();
    }
  }

  /** Names listed that nothing is known of yet. */
  #unknown(isWanted: (lamport: number) => boolean): EntryName[] {
    const { ignored, pending } = this.#start;
    let lowest = Infinity;
    const wanted = this.#listing.names.filter((name) => {
      if (name === pending?.name || ignored.has(name) || this.#opened.has(name)) return false;
      const lamport = findEntryNameParts(name)?.lamport ?? 0;
      if (!isWanted(lamport)) return false;
      lowest = Math.min(lowest, lamport);
      return true;
    });
    if (wanted.length === 0) return wanted;
    // Mostly all of them are known: asked one by one, each would be a question of its own to the index.
    const known = new Set(this.#deps.book.namesFrom(lowest));
    return wanted.filter((name) => !known.has(name));
  }

  /** Opens these; the names among them that the store lists and does not give. */
  async #fetch(names: readonly EntryName[]): Promise<EntryName[]> {
    let entriesRead = 0;
    const found = await inParallel(names, atOnce, async (name) => {
      const entry = await this.#start.setAside.fetch(name, this.#signal);
      if (entry !== undefined && entry !== 'unopened') this.#opened.set(name, this.#start.room.take(entry));
      entriesRead += 1;
      this.#start.onProgress?.({ entriesRead, entriesFound: names.length });
      return entry === undefined ? [name] : [];
    });
    this.#start.setAside.requireOpened();
    return found.flat();
  }

  /** An own entry that was begun is taken from the book, once the store has the very same bytes. */
  async #findPending(): Promise<void> {
    const { pending } = this.#start;
    if (pending === undefined || this.#opened.has(pending.name) || !(await hasArrived(this.#deps, pending, this.#signal))) return;
    this.#opened.set(pending.name, { ...openArrival(this.#deps, pending.name, pending.bytes), mine: true });
  }

  #assess(absent: readonly EntryName[]): { readonly gathered: Gathered; readonly lack: Failure | undefined } {
    const { floor, own, pending, setAside, takesPart } = this.#start;
    const active = new Set(this.#deps.keys.current().activeDevices);
    const { taken, refused } = splitByVouching([...this.#opened.values()], active);
    const ownHashes = new Set([...this.#start.givenUp, ...(pending === undefined ? [] : [pending])].map(({ hash }) => hash));
    const entries = taken
      .map((entry) => (ownHashes.has(entry.hash) ? { ...entry, mine: true } : entry))
      .toSorted((a, b) => comparePositions(placeOf(a), placeOf(b)));
    const known = new KnownEntries(this.#deps.book, floor);
    const gaps: Gap[] = [];
    // What stands on something that is missing is no part of a part, nor is what stands on that.
    const part: ArrivedEntry[] = [];
    for (const entry of entries) {
      const found = verifyEntry(known, entry, own);
      gaps.push(...found);
      if (takesPart && found.length > 0) continue;
      known.add(entry);
      part.push(entry);
    }
    const lack = this.#findPinLack(known) ?? lackOf(gaps, absent);
    return { gathered: { entries: part, refused, foreign: this.#listing.foreign, lacking: setAside.refusal }, lack };
  }

  /** Whether the store shows less than the second copy of the pin holds. Throws E_FORK where it shows something else. */
  #findPinLack(known: KnownEntries): Failure | undefined {
    for (const [device, { counter, hash }] of this.#deps.pinCopy.read() ?? []) {
      const shown = known.head(device)?.counter ?? 0;
      if (shown < counter) {
        return new Failure(
          'E_ROLLBACK',
          `the store shows an older state: entry ${shown} of device ${device}, of which ${counter} were seen`,
        );
      }
      if ((known.hashAt(device, counter) ?? hash) !== hash) {
        throw new Failure('E_FORK', `the store shows another history of device ${device} than was seen before`);
      }
    }
    return undefined;
  }

  /** Something is missing: looks at all names, then also at entries from before the floor. Whether there is more to assess. */
  async #lookDeeper(): Promise<boolean> {
    if (!this.#isListedWhole) {
      await this.#listWhole();
      return true;
    }
    const { floor, ignored } = this.#start;
    const deep = this.#unknown((lamport) => lamport <= floor.lamport)
      .toReversed()
      .slice(0, deepBatch);
    if (deep.length === 0 || this.#deepCount >= deepMax) return false;
    this.#deepCount += deep.length;
    await this.#fetch(deep);
    for (const name of deep) {
      const header = this.#opened.get(name)?.header;
      // What the floor stands on is in it already.
      if (header === undefined || header.counter > (floor.vector.get(header.device)?.counter ?? 0)) continue;
      this.#opened.delete(name);
      ignored.add(name);
    }
    return true;
  }

  async #listWhole(): Promise<void> {
    this.#listing = await listNames(this.#deps.store, 1, this.#signal);
    this.#isListedWhole = true;
  }
}

function lackOf([gap]: readonly Gap[], [absent]: readonly EntryName[]): Failure | undefined {
  if (gap !== undefined) {
    const what = `entry ${gap.counter} of device ${gap.device}, which ${gap.toldBy} tells of`;
    return new Failure('E_MISSING', `the store does not give ${what}`, { subject: gap.toldBy });
  }
  return absent === undefined ? undefined : new Failure('E_MISSING', 'the store lists an entry that it does not give', { subject: absent });
}
