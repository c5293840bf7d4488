/** All entries known while a batch is verified: those of the book, and those of the batch that were verified already. */
import type { DeviceId, EntryHash, EntryName } from '../../../model/ids.ts';
import type { JournalBook } from '../../../model/journal-book.ts';
import type { EntryHeader, SeenVector } from '../../../model/change.ts';
import { parseHeader } from '../../entry/header-wire.ts';
import { parseProvenBody } from '../../entry/parse-body.ts';
import { placeOf, type ArrivedEntry } from './arrived-entry.ts';
import type { Floor } from '../checkpoint/floor.ts';
import { statementsOf, type EntryPlace, type Statements } from '../fold/judgement.ts';

type Link = { readonly counter: number; readonly hash: EntryHash };

export class KnownEntries {
  readonly floor: Floor;
  readonly #book: JournalBook;
  readonly #added = new Map<DeviceId, Map<number, ArrivedEntry>>();
  readonly #names = new Set<EntryName>();
  readonly #heads: Map<DeviceId, Link>;
  #highest: number;

  constructor(book: JournalBook, floor: Floor) {
    this.#book = book;
    this.floor = floor;
    // A floor that is about to be laid may know devices that the book does not.
    this.#heads = new Map([...floor.vector, ...book.heads()]);
    this.#highest = Math.max(book.lastBefore(undefined)?.lamport ?? 0, floor.lamport);
  }

  /** Highest Lamport number known. */
  get highest(): number {
    return this.#highest;
  }

  add(entry: ArrivedEntry): void {
    const { name, device, counter, lamport } = entry.header;
    this.#names.add(name);
    const ofDevice = this.#added.get(device) ?? new Map<number, ArrivedEntry>();
    this.#added.set(device, ofDevice.set(counter, entry));
    if (counter > (this.#heads.get(device)?.counter ?? 0)) this.#heads.set(device, { counter, hash: entry.hash });
    this.#highest = Math.max(this.#highest, lamport);
  }

  has(name: EntryName): boolean {
    return this.#names.has(name) || this.#book.findEntry(name) !== undefined;
  }

  /** The device's last entry. */
  head(device: DeviceId): Link | undefined {
    return this.#heads.get(device);
  }

  vector(): SeenVector {
    return this.#heads;
  }

  at(device: DeviceId, counter: number): EntryPlace | undefined {
    const added = this.#added.get(device)?.get(counter);
    return added === undefined ? this.#book.findAt(device, counter) : placeOf(added);
  }

  /** The first entry known of the device after this counter. */
  next(device: DeviceId, counter: number): EntryPlace | undefined {
    const last = this.head(device)?.counter ?? 0;
    for (let at = counter + 1; at <= last; at += 1) {
      const found = this.at(device, at);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The last entry known of the device before this counter; what the floor says of it where that is all. */
  previous(device: DeviceId, counter: number): (Link & { readonly place: EntryPlace | undefined }) | undefined {
    const below = this.floor.vector.get(device);
    for (let at = Math.min(counter - 1, this.head(device)?.counter ?? 0); at > 0; at -= 1) {
      const place = this.at(device, at);
      if (place !== undefined) return { ...place, place };
      if (at === below?.counter) return { ...below, place: undefined };
    }
    return undefined;
  }

  /** Hash of that entry of the device, from it, from what follows it, or from the floor. */
  hashAt(device: DeviceId, counter: number): EntryHash | undefined {
    const last = this.head(device);
    if (last?.counter === counter) return last.hash;
    const place = this.at(device, counter);
    if (place !== undefined) return place.hash;
    const below = this.floor.vector.get(device);
    if (below?.counter === counter) return below.hash;
    const next = this.at(device, counter + 1);
    return next === undefined ? undefined : this.headerOf(next).previous;
  }

  headerOf(place: EntryPlace): EntryHeader {
    const added = this.#added.get(place.device)?.get(place.counter);
    return added === undefined ? parseHeader(place.name, this.#book.readHeader(place.name)) : added.header;
  }

  /** What the entry says of others; nothing where its body is no longer kept. */
  statementsOf(place: EntryPlace): Statements {
    const added = this.#added.get(place.device)?.get(place.counter);
    if (added !== undefined) return added.statements;
    const isSilent = place.lamport <= this.floor.lamport || this.#book.findEntry(place.name)?.speaks !== true;
    return isSilent ? { checkpoints: [], skips: [] } : statementsOf(parseProvenBody(this.#book.readBody(place.name)));
  }
}
