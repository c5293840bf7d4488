/**
 * The object that a vault begins with (FORMAT.md, section 4). Written once; its hash is the vault's identity, so whatever
 * it fixes (version, suite, first device, first slots) can't be changed without becoming another vault.
 */
import { toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { labels } from '../../crypto/labels.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { parseId, type DeviceId, type SlotId, type VaultId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { decodeStrict, encode, readArray, readBytes, readTuple } from '../cbor.ts';
import { bytesOfId, readId } from '../entry/wire-ids.ts';
import { parsePublicKeys, publicKeysToCbor, requireSoundKeys, type PublicKeys } from './holder-keys.ts';
import { requireVersion } from './require-version.ts';
import { parseSlotKind, slotKinds, type SlotKind } from './slot-kind.ts';

/** Where it stands in the store. */
export const genesisName = 'genesis';
/** Sixteen slots and one device take less than 4 KiB. */
export const genesisMaxBytes = 16 * 1024;
/** Format and cipher suite: the only ones that this program knows. */
const format = 1;
const suite = 1;

/** Who the first key list must name, exactly. */
export interface Genesis {
  readonly random: Uint8Array;
  readonly device: { readonly id: DeviceId; readonly keys: PublicKeys };
  readonly slots: readonly { readonly id: SlotId; readonly kind: SlotKind; readonly keys: PublicKeys }[];
}

/** The object's bytes. */
export function encodeGenesis(genesis: Genesis): Uint8Array {
  const { device, slots } = genesis;
  return encode([
    format,
    suite,
    genesis.random,
    [bytesOfId(device.id), ...publicKeysToCbor(device.keys)],
    slots.map((slot) => [bytesOfId(slot.id), slotKinds[slot.kind], ...publicKeysToCbor(slot.keys)]),
  ]);
}

/** BLAKE2b-256(label ‖ genesis). */
export function vaultIdOf(primitives: Primitives, genesisBytes: Uint8Array): VaultId {
  return parseId('VaultId', toHex(primitives.blake2b(32, [labels.genesis, genesisBytes])));
}

/**
 * What a genesis object says. Throws E_FORMAT for anything not canonical, E_DOWNGRADE for another version, E_LIMIT for too
 * many slots, E_TAMPER for keys that are weak or not certified.
 */
export function parseGenesis(primitives: Primitives, bytes: Uint8Array): Genesis {
  const value = decodeStrict(bytes, genesisMaxBytes);
  requireVersion(value, 'the vault', genesisName);
  const [, suiteNumber, random, device, slots] = readTuple(value, 5);
  if (suiteNumber !== suite) throw new Failure('E_FORMAT', 'a vault of a cipher suite that this program does not know');
  const genesis: Genesis = {
    random: readBytes(random, 32),
    device: parseGenesisDevice(device),
    slots: readArray(slots, limits.slotsMax).map(parseGenesisSlot),
  };
  requireSoundKeys(primitives, { kind: 'device', id: genesis.device.id }, genesis.device.keys);
  for (const slot of genesis.slots) requireSoundKeys(primitives, { kind: 'slot', id: slot.id }, slot.keys);
  return genesis;
}

function parseGenesisDevice(value: unknown): Genesis['device'] {
  const [id, signing, agreement, certificate] = readTuple(value, 4);
  return { id: readId('DeviceId', id), keys: parsePublicKeys(signing, agreement, certificate) };
}

function parseGenesisSlot(value: unknown): Genesis['slots'][number] {
  const [id, kind, signing, agreement, certificate] = readTuple(value, 5);
  return { id: readId('SlotId', id), kind: parseSlotKind(kind), keys: parsePublicKeys(signing, agreement, certificate) };
}
