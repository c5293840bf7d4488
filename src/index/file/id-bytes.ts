/** Identities between memory (text) and the index (bytes). Lengths are checked by the schema, not here. */
import { toHex } from '../../base/bytes.ts';
import {
  entryName,
  versionOf,
  type ChunkId,
  type ContentId,
  type DeviceId,
  type EntryHash,
  type NodeId,
  type PackId,
  type Version,
} from '../../model/ids.ts';

type HexId = NodeId | ContentId | ChunkId | PackId | DeviceId | EntryHash;

/** The bytes of an identity that is lower-case hexadecimal in memory. */
export function idToBytes(id: HexId): Uint8Array {
  return Buffer.from(id, 'hex');
}

/** The identity that these bytes are. The caller names the kind by the column it comes from. */
export function idFromBytes<Id extends HexId>(bytes: Uint8Array): Id {
  return toHex(bytes) as Id;
}

/** lamport(6) ‖ tag(8) ‖ index(2): half the text's length, and in the same order. */
export function versionToBytes(version: Version): Uint8Array {
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUIntBE(Number(version.slice(0, 12)), 0, 6);
  bytes.write(version.slice(13, 29), 6, 'hex');
  bytes.writeUInt16BE(Number(version.slice(30)), 14);
  return bytes;
}

/** The version whose bytes these hexadecimal digits are. */
export function versionFromHex(hex: string): Version {
  const lamport = Number.parseInt(hex.slice(0, 12), 16);
  return versionOf(entryName(lamport, hex.slice(12, 28)), Number.parseInt(hex.slice(28), 16));
}
