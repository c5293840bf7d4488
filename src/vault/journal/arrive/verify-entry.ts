/**
 * Whether an entry fits what is known: its place in its device's chain, what it says it has seen, its number (FORMAT.md,
 * section 6.5). The author is proven already; what is judged here is whether the store shows all that the author knew, and
 * whether a device wrote two things where it can only have written one.
 */
import { Failure } from '../../../base/failure.ts';
import type { DeviceId, EntryName } from '../../../model/ids.ts';
import { limits } from '../../../model/limits.ts';
import type { ArrivedEntry } from './arrived-entry.ts';
import type { Gap } from './gap.ts';
import type { EntryPlace } from '../fold/judgement.ts';
import type { KnownEntries } from './known-entries.ts';
import { checkpointGaps } from '../checkpoint/verify-checkpoint.ts';

const gapsMax = 100;

/** Whose chain a fault concerns. */
export interface OwnChain {
  readonly device: DeviceId;
  /** Own entries up to this counter may come from the store although this book did not write them. */
  readonly trustedCounter: number;
}

/**
 * What the entry lacks to be believed; nothing: it is complete. To be called in fold order, with every earlier entry of the
 * batch added to `known`. Throws E_CLONED_DEVICE, E_FORK, E_TAMPER, E_LIMIT.
 */
export function verifyEntry(known: KnownEntries, entry: ArrivedEntry, own: OwnChain): readonly Gap[] {
  try {
    return verify(known, entry, own);
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.code !== 'E_CLONED_DEVICE' || entry.header.device === own.device) throw failure;
    const { code, message, subject } = failure;
    const action = 'two computers work with one profile: `cachette devices revoke NAME` removes that device, then both can join again';
    throw new Failure(code, `${message} (device ${entry.header.device})`, {
      ...(subject === undefined ? {} : { subject }),
      action,
      cause: failure,
    });
  }
}

function verify(known: KnownEntries, entry: ArrivedEntry, own: OwnChain): readonly Gap[] {
  const { header } = entry;
  requireOwn(known, entry, own);
  if (header.lamport > known.highest + limits.lamportJumpMax) {
    throw new Failure('E_LIMIT', 'an entry whose number is too far from all others', { subject: header.name });
  }
  const gaps = [...chainGaps(known, entry, own), ...seenGaps(known, entry)];
  return gaps.length > 0 ? gaps : checkpointGaps(known, entry);
}

/** What this device wrote it remembers, unless its book is new. One that was given up and turns up late stands before its head. */
function requireOwn(known: KnownEntries, { header, mine }: ArrivedEntry, own: OwnChain): void {
  if (header.device !== own.device || mine || header.counter <= own.trustedCounter) return;
  if (header.counter <= (known.head(own.device)?.counter ?? 0)) return;
  throw new Failure('E_CLONED_DEVICE', 'the store has an entry of this device that this device did not write', { subject: header.name });
}

function chainGaps(known: KnownEntries, entry: ArrivedEntry, own: OwnChain): Gap[] {
  const { device, counter, name } = entry.header;
  const twin = known.at(device, counter);
  if (twin !== undefined || counter <= (known.floor.vector.get(device)?.counter ?? 0)) throw cloned(name, twin);
  const previous = known.previous(device, counter);
  if (previous !== undefined) requireFollows(known, entry, { previous, own });
  const next = known.next(device, counter);
  if (next === undefined) return unexplained(known, entry, previous?.counter ?? 0);
  requireSkipped(known, entry, next);
  return [];
}

interface ChainLink {
  readonly previous: NonNullable<ReturnType<KnownEntries['previous']>>;
  readonly own: OwnChain;
}

function requireFollows(known: KnownEntries, entry: ArrivedEntry, { previous: { place, counter, hash }, own }: ChainLink): void {
  const { header } = entry;
  if (place !== undefined && place.lamport >= header.lamport) throw cloned(header.name, place);
  if (counter === header.counter - 1 && hash !== header.previous) throw forked(entry, own);
  if (place !== undefined) requireNothingForgotten(known, entry, place);
}

/** It was given up, and turns up after all: what follows it says so. */
function requireSkipped(known: KnownEntries, { header: { name, counter }, hash }: ArrivedEntry, next: EntryPlace): void {
  const isSkipped = known.statementsOf(next).skips.includes(name);
  if (!isSkipped || (next.counter === counter + 1 && known.headerOf(next).previous !== hash)) throw cloned(name, next);
}

/** Counters that are left out between the last known entry and this one, less those that it skips. */
function unexplained(known: KnownEntries, { header, statements }: ArrivedEntry, from: number): Gap[] {
  const skipped = new Set(statements.skips.filter((name) => !known.has(name))).size;
  const gaps: Gap[] = [];
  for (let counter = from + 1; counter < header.counter - skipped; counter += 1) {
    gaps.push({ device: header.device, counter, toldBy: header.name });
    // One says it all; a false counter must not cost more.
    if (gaps.length === gapsMax) break;
  }
  return gaps;
}

/** A device never knows less than it did. */
function requireNothingForgotten(known: KnownEntries, { header }: ArrivedEntry, previous: EntryPlace): void {
  for (const [device, { counter }] of known.headerOf(previous).seen) {
    if ((header.seen.get(device)?.counter ?? 0) < counter) throw cloned(header.name, previous);
  }
}

function seenGaps(known: KnownEntries, { header }: ArrivedEntry): Gap[] {
  const gaps: Gap[] = [];
  for (const [device, { counter, hash }] of header.seen) {
    if (device === header.device)
      throw new Failure('E_FORMAT', 'an entry that counts itself among what it has seen', { subject: header.name });
    const place = known.at(device, counter);
    if (place !== undefined && place.lamport >= header.lamport) {
      throw new Failure('E_TAMPER', 'an entry that stands before what it has seen', { subject: header.name });
    }
    if (place === undefined && (known.head(device)?.counter ?? 0) < counter) gaps.push({ device, counter, toldBy: header.name });
    else if ((known.hashAt(device, counter) ?? hash) !== hash) {
      throw new Failure('E_FORK', 'an entry was written by someone who saw another history than this one', { subject: header.name });
    }
  }
  return gaps;
}

function cloned(name: EntryName, other: EntryPlace | undefined): Failure {
  const beside = other === undefined ? '' : ` (beside ${other.name})`;
  return new Failure('E_CLONED_DEVICE', `one device wrote two histories: ${name}${beside}`, { subject: name });
}

function forked({ header }: ArrivedEntry, own: OwnChain): Failure {
  const code = header.device === own.device ? 'E_CLONED_DEVICE' : 'E_FORK';
  return new Failure(code, 'an entry follows another one than its device wrote before it', { subject: header.name });
}
