import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import { padClass } from '../../crypto/padding.ts';
import type { EntryBody, EntryHeader } from '../../model/change.ts';
import type { EntryHash, EntryName } from '../../model/ids.ts';
import { encode } from '../cbor.ts';
import type { Sealing } from '../sealing.ts';
import { encodeBody } from './encode-body.ts';
import { bodyHashOf, entryHashOf, entryPurpose, joinEntry, signedMessage } from './entry-layout.ts';
import { encodeHeader } from './header-wire.ts';

/** Who writes, and under which keys. */
export interface EntryAuthor {
  /** Keys of the header's epoch. */
  readonly keys: EpochKeys;
  /** The device's Ed25519 secret key, 64 bytes. */
  readonly signingKey: Uint8Array;
}

/** An entry as it is put into the store. */
export interface SealedEntry {
  readonly name: EntryName;
  readonly bytes: Uint8Array;
  readonly hash: EntryHash;
  readonly header: EntryHeader;
  /** The body's one encoding. */
  readonly bodyBytes: Uint8Array;
}

/** Signs the plain header in its full context, then seals both parts. Throws E_LIMIT where the body is too much for one entry. */
export function sealEntry(sealing: Sealing, author: EntryAuthor, fields: Omit<EntryHeader, 'bodyHash'>, body: EntryBody): SealedEntry {
  const { primitives, seals, vaultId } = sealing;
  const { name, epoch } = fields;
  const plainBody = encodeBody(body);
  const sealedBody = seals.seal(author.keys, entryPurpose('entry-body', vaultId, epoch, name), plainBody, {
    paddedBytes: padClass(plainBody.byteLength),
  });
  const header: EntryHeader = { ...fields, bodyHash: bodyHashOf(primitives, sealedBody) };
  const headerBytes = encodeHeader(header);
  const signature = primitives.sign(signedMessage(vaultId, epoch, name, headerBytes), author.signingKey);
  const signed = encode([headerBytes, signature]);
  const sealedHeader = seals.seal(author.keys, entryPurpose('entry-header', vaultId, epoch, name), signed, {
    paddedBytes: padClass(signed.byteLength),
  });
  return { name, bytes: joinEntry(sealedHeader, sealedBody), hash: entryHashOf(primitives, sealedHeader), header, bodyBytes: plainBody };
}
