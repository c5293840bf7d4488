/**
 * Objects below `journal/` that can't be opened, or whose author can't be proven. At first each is a refusal: it may be half
 * written, or an entry that somebody damaged. But whoever can write to the store can put such an object there and leave it, so
 * what stays so is set aside and reported, and the rest goes on. That believes no more than a store that hides the object could make
 * a device believe: should an entry tell of what is missing, it is missing (FORMAT.md, section 6.5).
 */
import { utf8 } from '../../base/bytes.ts';
import { Failure, type FailureCode } from '../../base/failure.ts';
import { findEntryNameParts, type EntryName } from '../../model/ids.ts';
import type { WholeEntry } from './arrived-entry.ts';
import type { JournalDeps } from './journal-deps.ts';
import { fetchArrival } from './open-arrival.ts';

/** How long after it was first seen so: longer than the slowest upload of an entry takes, on a store that shows half of it. */
const afterMs = 15 * 60_000;
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
  'E_UNTRUSTED_DEVICE',
  'E_REVOKED_WRITER',
];

/** Times in milliseconds since 1970. */
interface Note {
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
  /** Of this run: the first that is too new to be left out. */
  #refusal: Failure | undefined;
  #isDamaged = false;
  #isHurried = false;
  #isChanged = false;

  constructor(deps: JournalDeps) {
    this.#deps = deps;
    this.#notes = readNotes(deps);
  }

  /** What was left out, with why. */
  get entries(): SetAsideEntry[] {
    return [...this.#left].flatMap((name) => {
      const note = this.#notes.get(name);
      return note === undefined ? [] : [{ name, code: note.code, message: note.message }];
    });
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
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  #note(name: EntryName, failure: Failure): void {
    this.#isDamaged = true;
    this.#isChanged = true;
    const askedMs = this.#deps.clock.nowMs();
    const sinceMs = this.#notes.get(name)?.sinceMs ?? askedMs;
    const note = { sinceMs, askedMs, code: failure.code, message: failure.message };
    if (this.#notes.has(name) || this.#notes.size < notesMax) this.#notes.set(name, note);
    if (this.#notes.has(name) && isOld(note, askedMs)) this.#left.add(name);
    else this.#refusal ??= failure;
  }
}

function isOld({ sinceMs }: Note, nowMs: number): boolean {
  return nowMs - sinceMs >= afterMs;
}

function readNotes({ book }: JournalDeps): Map<EntryName, Note> {
  const bytes = book.readFact('unopened');
  const notes = bytes === undefined ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as [EntryName, Note][]);
  return new Map(notes.filter(([name]) => findEntryNameParts(name) !== undefined));
}
