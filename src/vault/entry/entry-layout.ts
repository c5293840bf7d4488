/** An entry as an object: `u32 length of the sealed header ‖ sealed header ‖ sealed body` (FORMAT.md, section 6.1). */
import { concatBytes, toHex, utf8 } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { labels } from '../../crypto/labels.ts';
import { padClass } from '../../crypto/padding.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { sealedSize } from '../../crypto/seal.ts';
import type { Purpose } from '../../crypto/seal.ts';
import { readU32, u32 } from '../../crypto/u32.ts';
import type { EntryHash, EntryName, VaultId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { bytesOfId } from './wire-ids.ts';
import { wireLimits } from './wire-limits.ts';

const lengthBytes = 4;
const sealedHeaderMaxBytes = sealedSize(padClass(wireLimits.headerMaxBytes), 'whole');

/** The two sealed parts of an entry; the body is undefined where only the header is kept. */
export interface EntryParts {
  readonly sealedHeader: Uint8Array;
  readonly sealedBody: Uint8Array | undefined;
}

/** Throws E_LIMIT for more bytes than an entry may have, E_FORMAT where the lengths don't fit. */
export function splitEntry(name: EntryName, bytes: Uint8Array): EntryParts {
  if (bytes.byteLength > limits.entryMaxBytes) throw new Failure('E_LIMIT', `an entry of ${bytes.byteLength} bytes`, { subject: name });
  const headerBytes = bytes.byteLength < lengthBytes ? 0 : readU32(bytes, 0);
  if (headerBytes > sealedHeaderMaxBytes) throw new Failure('E_LIMIT', `an entry's header of ${headerBytes} bytes`, { subject: name });
  const end = lengthBytes + headerBytes;
  if (headerBytes === 0 || end > bytes.byteLength) throw new Failure('E_FORMAT', 'not an entry', { subject: name });
  return { sealedHeader: bytes.subarray(lengthBytes, end), sealedBody: end < bytes.byteLength ? bytes.subarray(end) : undefined };
}

export function joinEntry(sealedHeader: Uint8Array, sealedBody: Uint8Array): Uint8Array {
  return concatBytes([u32(sealedHeader.byteLength), sealedHeader, sealedBody]);
}

/** What either part is sealed for: nothing but this entry of this vault and epoch. */
export function entryPurpose(type: 'entry-header' | 'entry-body', vaultId: VaultId, epoch: number, name: EntryName): Purpose {
  return { type, vaultId, epoch, context: utf8(name) };
}

/** What the author signs: label ‖ vault id ‖ epoch u32 ‖ name ‖ header. The name has one length, so nothing can shift. */
export function signedMessage(vaultId: VaultId, epoch: number, name: EntryName, header: Uint8Array): Uint8Array {
  return concatBytes([labels.signEntry, bytesOfId(vaultId), u32(epoch), utf8(name), header]);
}

/** Hash of the sealed header: what other entries refer to. */
export function entryHashOf(primitives: Primitives, sealedHeader: Uint8Array): EntryHash {
  return toHex(primitives.blake2b(32, [labels.entryHash, sealedHeader])) as EntryHash;
}

/** Hash of the sealed body: what the header names it by. */
export function bodyHashOf(primitives: Primitives, sealedBody: Uint8Array): string {
  return toHex(primitives.blake2b(32, [sealedBody]));
}
