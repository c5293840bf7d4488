import { Failure } from '../../base/failure.ts';
import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import { readSealedHeader } from '../../crypto/seal.ts';
import type { EntryBody, EntryHeader } from '../../model/change.ts';
import type { EntryHash, EntryName } from '../../model/ids.ts';
import { decodeStrict, readBytes, readTuple } from '../cbor.ts';
import type { Sealing } from '../sealing.ts';
import { bodyHashOf, entryHashOf, entryPurpose, signedMessage, splitEntry } from './entry-layout.ts';
import { parseHeader } from './header-wire.ts';
import { parseBody } from './parse-body.ts';
import { wireLimits } from './wire-limits.ts';

const signatureBytes = 64;
const signedMaxBytes = wireLimits.headerMaxBytes + signatureBytes + 16;

/** What opening asks of those who know the vault's keys. Either may throw a failure of its own (E_REVOKED_WRITER, E_MISSING, …). */
export interface EntryLookup {
  /** Keys of an epoch; undefined where this device has none for it. */
  keys(epoch: number): EpochKeys | undefined;
  /**
   * The Ed25519 public key that this entry must be signed with: of `header.device`, where it may write under
   * `header.keyList` and in `header.epoch`. undefined where it may not. Nothing of the header is proven yet.
   */
  signerOf(header: EntryHeader): Uint8Array | undefined;
}

/** An entry whose author is proven; its body still sealed. */
export interface OpenedHeader {
  readonly header: EntryHeader;
  readonly hash: EntryHash;
  /** undefined where the store only keeps the header. */
  readonly sealedBody: Uint8Array | undefined;
}

/**
 * Opens the header of the entry with this name and proves its author. Throws E_FORMAT or E_LIMIT where this is no entry,
 * E_DOWNGRADE for another version, E_TAMPER where it does not open, E_EPOCH where its keys are not known here,
 * E_UNTRUSTED_DEVICE where the device may not write or did not sign.
 */
export function openHeader(sealing: Sealing, lookup: EntryLookup, name: EntryName, bytes: Uint8Array): OpenedHeader {
  const { primitives, seals, vaultId } = sealing;
  const { sealedHeader, sealedBody } = splitEntry(name, bytes);
  const { epoch } = readSealedHeader(sealedHeader);
  const keys = lookup.keys(epoch);
  if (keys === undefined) {
    const action = 'the list of devices that brings them may still be on its way; if this stays so, put the right store back';
    throw new Failure('E_EPOCH', `no keys for epoch ${epoch} on this device`, { subject: name, action });
  }
  const plain = seals.open(keys, entryPurpose('entry-header', vaultId, epoch, name), sealedHeader);
  const [headerField, signatureField] = readTuple(decodeStrict(plain, signedMaxBytes), 2);
  const headerBytes = readBytes(headerField, { max: wireLimits.headerMaxBytes });
  const signature = readBytes(signatureField, signatureBytes);
  const header = parseHeader(name, headerBytes);
  if (header.epoch !== epoch) throw new Failure('E_FORMAT', 'an entry of another epoch than it says', { subject: name });
  const publicKey = lookup.signerOf(header);
  // One answer for both, since a device that may not write proves nothing by signing.
  if (publicKey === undefined || !primitives.verify(signedMessage(vaultId, epoch, name, headerBytes), signature, publicKey)) {
    throw new Failure('E_UNTRUSTED_DEVICE', 'an entry that no device of this vault wrote', { subject: name });
  }
  return { header, hash: entryHashOf(primitives, sealedHeader), sealedBody };
}

/** What an entry does, and the one encoding of that. */
export interface OpenedBody {
  readonly body: EntryBody;
  readonly bytes: Uint8Array;
}

/**
 * What the entry does. Throws E_MISSING where the store no longer has the body, E_TAMPER where it is not the one that the
 * header names, E_FORMAT or E_LIMIT where it is not as a body must be.
 */
export function openBody(sealing: Sealing, keys: EpochKeys, opened: OpenedHeader): OpenedBody {
  const { primitives, seals, vaultId } = sealing;
  const { name, epoch, bodyHash } = opened.header;
  if (opened.sealedBody === undefined) throw new Failure('E_MISSING', 'the entry is there, what it does is not', { subject: name });
  if (bodyHashOf(primitives, opened.sealedBody) !== bodyHash)
    throw new Failure('E_TAMPER', 'not the body that this entry was signed with', { subject: name });
  const bytes = seals.open(keys, entryPurpose('entry-body', vaultId, epoch, name), opened.sealedBody);
  return { body: parseBody(bytes), bytes };
}
