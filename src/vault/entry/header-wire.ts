/** The signed header of an entry in CBOR (FORMAT.md, section 6.1). */
import { Failure } from '../../base/failure.ts';
import { toHex } from '../../base/bytes.ts';
import type { EntryHeader } from '../../model/change.ts';
import { findEntryNameParts } from '../../model/ids.ts';
import type { EntryName } from '../../model/ids.ts';
import { decodeStrict, encode, readBytes, readInt, readTuple } from '../cbor.ts';
import { bytesOfId, readEpoch, readId, readLamport, readOptional, readTimeMs, readVector, wireVector } from './wire-ids.ts';
import { wireLimits } from './wire-limits.ts';

/** The header's one encoding; the name is not in it but is signed beside it. */
export function encodeHeader(header: EntryHeader): Uint8Array {
  const { lamport, epoch, device, counter, previous, seen, keyList, root, timeMs, bodyHash } = header;
  return encode([
    1,
    lamport,
    epoch,
    bytesOfId(device),
    counter,
    previous === undefined ? null : bytesOfId(previous),
    wireVector(seen),
    bytesOfId(keyList),
    bytesOfId(root),
    timeMs,
    bytesOfId(bodyHash),
  ]);
}

/**
 * The header of the entry with this name. Throws E_FORMAT where it is not exactly as version 1 writes it, where its
 * Lamport number is not the name's, or where a first entry has one before it (or a later one has none).
 */
export function parseHeader(name: EntryName, bytes: Uint8Array): EntryHeader {
  const fields = readTuple(decodeStrict(bytes, wireLimits.headerMaxBytes), 11);
  const [version, lamport, epoch, device, counter, previous, seen, keyList, root, time, bodyHash] = fields;
  if (version !== 1) throw new Failure('E_FORMAT', 'an entry that this version of Cachette does not know');
  const header: EntryHeader = {
    name,
    lamport: readLamport(lamport),
    epoch: readEpoch(epoch),
    device: readId('DeviceId', device),
    counter: readInt(counter, { min: 1, max: wireLimits.countMax }),
    previous: readOptional(previous, (value) => readId('EntryHash', value)),
    seen: readVector(seen),
    keyList: readId('KeyListHash', keyList),
    root: readId('StateRoot', root),
    timeMs: readTimeMs(time),
    bodyHash: toHex(readBytes(bodyHash, 32)),
  };
  if (header.lamport !== findEntryNameParts(name)?.lamport)
    throw new Failure('E_FORMAT', 'an entry whose name has another number', { subject: name });
  if ((header.counter === 1) !== (header.previous === undefined)) {
    throw new Failure('E_FORMAT', 'an entry whose number does not fit what it follows', { subject: name });
  }
  return header;
}
