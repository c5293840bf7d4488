/**
 * Objects below `journal/` that can't be opened, or whose author can't be proven. At first each is a refusal: it may be half
 * written, or an entry that somebody damaged. But whoever can write to the store can put such an object there and leave it, so
 * what stays so is set aside and reported, and the rest goes on. That believes no more than a store that hides the object could make
 * a device believe: should an entry tell of what is missing, it is missing (FORMAT.md, section 6.5).
 */
import { utf8 } from '../../../base/bytes.ts';
import { Failure, type FailureCode } from '../../../base/failure.ts';
import { findEntryNameParts, type EntryName } from '../../../model/ids.ts';
import type { WholeEntry } from './arrived-entry.ts';
import type { JournalDeps } from '../journal-deps.ts';
import { fetchArrival } from './open-arrival.ts';

/** How long after it was first seen so: longer than the slowest upload of an entry takes, on a store that shows half of it. */
const afterMs = 15 * 60_000;
/**
 * How long a list of devices that begins an epoch may be listed later than the entries written under it. Until then nothing is
 * wrong and nobody goes on: whoever is removed by that list could read what was written now.
 */
const lateMs = 5 * 60_000;
/** How often one that is set aside is asked for again. */
const againMs = 60 * 60_000;
/** More than these are not kept in mind: the others go on being refusals. */
const notesMax = 1_000;

/** What says that there are no bytes of an entry by a device of this vault. */
const unopenedCodes: readonly FailureCode[] = [
  'E_TAMPER',
  'E_FORMAT',
  'E_LIMIT',
  'E_DOWNGRADE',
  'E_MISSING',
  'E_EPOCH',
  'E_STORE_LATE',
  'E_UNTRUSTED_DEVICE',
  'E_REVOKED_WRITER',
];

/** Times in milliseconds since 1970. */
interface Note {
  /** From when on it is a refusal; in the future for what may only be late. */
  readonly sinceMs: number;
  readonly askedMs: number;
  readonly code: FailureCode;
  readonly message: string;
}

/** One that was left out. */
export interface SetAsideEntry {
  readonly name: EntryName;
  readonly code: FailureCode;
  readonly message: string;
}

export class SetAside {
  readonly #deps: JournalDeps;
  readonly #notes: Map<EntryName, Note>;
  /** Left out in this run. */
  readonly #left = new Set<EntryName>();
  #refusal: Failure | undefined;
  /** Of this run: the first that may come yet. */
  #late: Failure | undefined;
  #isDamaged = false;
  #isHurried = false;
  #isChanged = false;
  readonly #takesPart: boolean;

  /** `takesPart`: nothing stops the others; `refusal` says what would have. */
  constructor(deps: JournalDeps, { takesPart = false }: { readonly takesPart?: boolean } = {}) {
    this.#deps = deps;
    this.#takesPart = takesPart;
    this.#notes = readNotes(deps);
  }

  /** What was left out, with why. */
  get entries(): SetAsideEntry[] {
    return [...this.#left].flatMap((name) => {
      const note = this.#notes.get(name);
      return note === undefined ? [] : [{ name, code: note.code, message: note.message }];
    });
  }

  /** Of this run: the first that is too new to be left out. */
  get refusal(): Failure | undefined {
    return this.#refusal;
  }

  /** Something is missing: from here on, what was set aside is asked for each time. */
  hurry(): void {
    this.#isHurried = true;
  }

  /** The entry; undefined where the store gives none; 'unopened' where it is none, which `requireOpened` may throw for. Throws what the store throws. */
  async fetch(name: EntryName, signal: AbortSignal): Promise<WholeEntry | undefined | 'unopened'> {
    const note = this.#notes.get(name);
    const nowMs = this.#deps.clock.nowMs();
    if (note !== undefined && isOld(note, nowMs) && nowMs - note.askedMs < againMs && !this.#isHurried) {
      this.#left.add(name);
      return 'unopened';
    }
    try {
      // One that had its time already, or is one of many, is not waited for.
      const entry = await fetchArrival(this.#deps, name, { signal, isPatient: note === undefined && !this.#isDamaged });
      if (this.#notes.delete(name)) this.#isChanged = true;
      this.#left.delete(name);
      return entry;
    } catch (failure) {
      if (!(failure instanceof Failure) || !unopenedCodes.includes(failure.code)) throw failure;
      this.#note(name, failure);
      return 'unopened';
    }
  }

  /** Throws for what was not opened and is too new to be left out. Keeps what was found out in mind. */
  requireOpened(): void {
    const { book } = this.#deps;
    const bytes = this.#notes.size === 0 ? undefined : utf8(JSON.stringify([...this.#notes]));
    if (this.#isChanged) {
      book.transaction(() => {
        book.writeFact('unopened', bytes);
      });
    }
    this.#isChanged = false;
    if (this.#takesPart) return;
    if (this.#refusal !== undefined) throw this.#refusal;
    if (this.#late !== undefined) throw this.#late;
  }

  #note(name: EntryName, failure: Failure): void {
    this.#isDamaged = true;
    this.#isChanged = true;
    const askedMs = this.#deps.clock.nowMs();
    const refusal = asRefusal(failure);
    const isLate = refusal !== failure && !this.#takesPart;
    const sinceMs = this.#notes.get(name)?.sinceMs ?? askedMs + (isLate ? lateMs : 0);
    const note = { sinceMs, askedMs, code: refusal.code, message: refusal.message };
    if (this.#notes.has(name) || this.#notes.size < notesMax) this.#notes.set(name, note);
    if (this.#notes.has(name) && isOld(note, askedMs)) this.#left.add(name);
    else if (isLate && askedMs < sinceMs && this.#notes.has(name)) this.#late ??= failure;
    else this.#refusal ??= refusal;
  }
}

/** What does not come in time does not come. */
function asRefusal(failure: Failure): Failure {
  if (failure.code !== 'E_STORE_LATE') return failure;
  const action = 'nothing was changed here; put the right store back: it hides a list of devices';
  return new Failure('E_EPOCH', `no keys for the epoch of this entry: ${failure.message}`, {
    ...subjectOf(failure),
    action,
    cause: failure,
  });
}

function subjectOf({ subject }: Failure): { readonly subject?: string } {
  return subject === undefined ? {} : { subject };
}

function isOld({ sinceMs }: Note, nowMs: number): boolean {
  return nowMs - sinceMs >= afterMs;
}

function readNotes({ book }: JournalDeps): Map<EntryName, Note> {
  const bytes = book.readFact('unopened');
  const notes = bytes === undefined ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as [EntryName, Note][]);
  return new Map(notes.filter(([name]) => findEntryNameParts(name) !== undefined));
}
