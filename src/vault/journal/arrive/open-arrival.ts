import { Failure, type FailureCode } from '../../../base/failure.ts';
import type { EpochKeys } from '../../../crypto/epoch-keys.ts';
import { readSealedHeader } from '../../../crypto/seal.ts';
import type { EntryHeader } from '../../../model/change.ts';
import type { EntryName, KeyListHash } from '../../../model/ids.ts';
import { limits } from '../../../model/limits.ts';
import { splitEntry } from '../../entry/entry-layout.ts';
import { openBody, openHeader, type EntryLookup } from '../../entry/open-entry.ts';
import type { WholeEntry } from './arrived-entry.ts';
import type { JournalDeps } from '../journal-deps.ts';
import type { JournalKeys } from '../journal-keys.ts';
import { statementsOf } from '../fold/judgement.ts';
import { withPatience } from '../patience.ts';

/** What can be wrong with bytes that are only half there yet. */
const maybeHalf: readonly FailureCode[] = ['E_TAMPER', 'E_FORMAT', 'E_LIMIT', 'E_MISSING', 'E_DOWNGRADE', 'E_STORE_LATE'];

/** What newer key lists may set right. */
const maybeNewKeys: readonly FailureCode[] = ['E_EPOCH', 'E_UNTRUSTED_DEVICE'];

/** Removals that can have been made while a listing was late. What says to be of a still later epoch was not written by a device of this vault. */
const epochsAhead = 2;

export interface ArrivalOptions {
  readonly signal: AbortSignal;
  /** What does not open is asked for again before that is believed; else once. */
  readonly isPatient?: boolean;
}

/**
 * The entry of this name, opened, its author proven; undefined where the store gives none. Throws as `openHeader` and `openBody` do,
 * E_STORE_LATE where it is of an epoch whose list of devices the store does not show yet, E_REVOKED_WRITER, and what the store throws.
 */
export async function fetchArrival(
  deps: JournalDeps,
  name: EntryName,
  { signal, isPatient = true }: ArrivalOptions,
): Promise<WholeEntry | undefined> {
  try {
    return await withPatience({ clock: deps.clock, signal, codes: isPatient ? maybeHalf : [] }, async () => {
      const bytes = await deps.store.get(name, { maxBytes: limits.entryMaxBytes, signal });
      return bytes && (await openWithNewKeys(deps, name, { bytes, signal }));
    });
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.subject !== undefined) throw failure;
    const { code, message, action, cause } = failure;
    throw new Failure(code, message, { subject: name, action, cause });
  }
}

/** A key list that the entry names, or that brings the keys of its epoch, may have come just now. */
async function openWithNewKeys(
  deps: JournalDeps,
  name: EntryName,
  { bytes, signal }: { readonly bytes: Uint8Array; readonly signal: AbortSignal },
): Promise<WholeEntry> {
  let unknownList: KeyListHash | undefined;
  try {
    return openArrival(deps, name, bytes, (list) => {
      unknownList = list;
    });
  } catch (failure) {
    if (!(failure instanceof Failure) || !maybeNewKeys.includes(failure.code)) throw failure;
    await deps.keys.refresh(signal, unknownList);
    requireTimely(deps, name, bytes);
    return openArrival(deps, name, bytes);
  }
}

/** An entry of the next epoch can be listed before the list that begins it; nothing but that list could say its name. */
function requireTimely({ keys }: JournalDeps, name: EntryName, bytes: Uint8Array): void {
  const { epoch } = readSealedHeader(splitEntry(name, bytes).sealedHeader);
  const known = keys.current().epoch;
  if (epoch > known && epoch <= known + epochsAhead) {
    throw new Failure(
      'E_STORE_LATE',
      `${name} was written after a device was removed, and the list of devices that says so is not there yet`,
      {
        subject: name,
      },
    );
  }
}

/** Opens and proves an entry; everything about it that takes no other entry to judge. `onUnknownList` hears of a list that it names. */
export function openArrival(
  { sealing, keys }: Pick<JournalDeps, 'sealing' | 'keys'>,
  name: EntryName,
  bytes: Uint8Array,
  onUnknownList?: (list: KeyListHash) => void,
): WholeEntry {
  const lookup: EntryLookup = {
    keys: (epoch) => findEpochKeys(keys, epoch),
    signerOf: (header) => {
      if (keys.findList(header.keyList) === undefined) onUnknownList?.(header.keyList);
      return signerOf(keys, header);
    },
  };
  const opened = openHeader(sealing, lookup, name, bytes);
  const { body, bytes: bodyBytes } = openBody(sealing, keys.epochKeys(opened.header.epoch), opened);
  // A copy: what was opened may be a part of something larger.
  return { header: opened.header, hash: opened.hash, bodyBytes: bodyBytes.slice(), statements: statementsOf(body), mine: false };
}

/** Keys of an epoch; undefined where this device has none. */
export function findEpochKeys(keys: JournalKeys, epoch: number): EpochKeys | undefined {
  try {
    return keys.epochKeys(epoch);
  } catch (failure) {
    if (failure instanceof Failure && failure.code === 'E_EPOCH') return undefined;
    throw failure;
  }
}

function signerOf(keys: JournalKeys, header: EntryHeader): Uint8Array | undefined {
  const list = keys.findList(header.keyList);
  if (list === undefined) return undefined;
  const key = list.signingKeyOf(header.device);
  // A device that is in the list of devices, but not among the active ones, was removed.
  if (key === undefined && keys.signingKey(header.device) !== undefined) {
    throw new Failure('E_REVOKED_WRITER', 'an entry by a device that had been removed', { subject: header.name });
  }
  if (key !== undefined && list.epoch !== header.epoch) {
    throw new Failure('E_TAMPER', 'an entry of another epoch than its list of devices', { subject: header.name });
  }
  return key;
}
