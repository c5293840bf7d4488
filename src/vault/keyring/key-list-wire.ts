/** Key lists as bytes (FORMAT.md, section 4). Parsing proves the shape and the limits; `verifyStep` proves everything else. */
import { concatBytes } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { labels } from '../../crypto/labels.ts';
import { checkPassphraseParams, type PassphraseParams } from '../../crypto/passphrase.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { limits } from '../../model/limits.ts';
import { decodeStrict, encode, readArray, readBytes, readInt, readTuple, type CborValue } from '../cbor.ts';
import { bytesOfId, readEpoch, readId, readOptional } from '../entry/wire-ids.ts';
import type { EpochShare } from './epoch-secret.ts';
import { parsePublicKeys, publicKeysToCbor } from './holder-keys.ts';
import { holderToCbor, parseHolder } from './key-holder.ts';
import { keyListHash, type DeviceRecord, type KeyList, type KeyListBody, type SlotRecord } from './key-list.ts';
import { keyListLimits } from './key-list-limits.ts';
import { requireVersion } from './require-version.ts';
import type { SlotOpening } from './slot.ts';
import { parseSlotKind, slotKinds } from './slot-kind.ts';

const format = 1;
const argon2id = 1;
const lanes = 1;
const deviceStates = { active: 0, revoked: 1 } as const;

/** What an author signs. */
export function signedBytes(bodyBytes: Uint8Array): Uint8Array {
  return concatBytes([labels.signKeyList, bodyBytes]);
}

/** The object: `[body bytes, signature]`. Throws E_LIMIT where it would be larger than any reader takes. */
export function encodeKeyList(primitives: Primitives, body: KeyListBody, signingKey: Uint8Array): KeyList {
  const bodyBytes = encodeBody(body);
  const signature = primitives.sign(signedBytes(bodyBytes), signingKey);
  return parseKeyList(primitives, encode([bodyBytes, signature]));
}

/**
 * Reads a key list; nothing of it is proven yet. Throws E_FORMAT for anything not canonical, E_DOWNGRADE for another version,
 * E_LIMIT for more devices, slots or bytes than allowed, E_KDF_BOUNDS for a passphrase slot whose key derivation is out of bounds.
 */
export function parseKeyList(primitives: Primitives, bytes: Uint8Array): KeyList {
  const [bodyValue, signature] = readTuple(decodeStrict(bytes, limits.keyListMaxBytes), 2);
  const bodyBytes = readBytes(bodyValue, { max: limits.keyListMaxBytes });
  return { hash: keyListHash(primitives, bytes), bytes, bodyBytes, signature: readBytes(signature, 64), body: parseBody(bodyBytes) };
}

/** Wire form of a device's record. Equal bytes are equal records. */
export function deviceToCbor(device: DeviceRecord): CborValue {
  return [
    bytesOfId(device.id),
    ...publicKeysToCbor(device.keys),
    deviceStates[device.state],
    holderToCbor(device.addedBy),
    device.addedGeneration,
  ];
}

/** Wire form of a slot's record. Equal bytes are equal records. */
export function slotToCbor(slot: SlotRecord): CborValue {
  return [
    bytesOfId(slot.id),
    slotKinds[slot.kind],
    ...publicKeysToCbor(slot.keys),
    slot.addedGeneration,
    slot.opening === undefined ? null : openingToCbor(slot.opening),
  ];
}

/** Wire form of a share. Equal bytes are equal shares. */
export function shareToCbor(share: EpochShare): CborValue {
  return [holderToCbor(share.recipient), share.ephemeral, share.sealed];
}

function encodeBody(body: KeyListBody): Uint8Array {
  return encode([
    format,
    bytesOfId(body.vaultId),
    body.generation,
    body.previous === undefined ? null : bytesOfId(body.previous),
    holderToCbor(body.author),
    body.epoch,
    body.epochCommitment,
    body.devices.map(deviceToCbor),
    body.slots.map(slotToCbor),
    body.shares.map(shareToCbor),
    body.previousEpoch ?? null,
    body.names,
  ]);
}

function parseBody(bytes: Uint8Array): KeyListBody {
  const value = decodeStrict(bytes, limits.keyListMaxBytes);
  requireVersion(value, 'a list of devices');
  const [, vaultId, generation, previous, author, epoch, commitment, devices, slots, shares, previousEpoch, names] = readTuple(value, 12);
  return {
    vaultId: readId('VaultId', vaultId),
    generation: readGeneration(generation),
    previous: readOptional(previous, (hash) => readId('KeyListHash', hash)),
    author: parseHolder(author),
    epoch: readEpoch(epoch),
    epochCommitment: readBytes(commitment, 32),
    devices: parseDevices(devices),
    slots: parseSlots(slots),
    shares: readArray(shares, limits.devicesMax + limits.slotsMax).map(parseShare),
    previousEpoch: readOptional(previousEpoch, (sealed) => readBytes(sealed, { max: keyListLimits.sealedSecretMaxBytes })),
    names: readBytes(names, { max: limits.keyListMaxBytes }),
  };
}

function readGeneration(value: unknown): number {
  return readInt(value, { min: 1, max: keyListLimits.generationMax });
}

function parseDevices(value: unknown): DeviceRecord[] {
  const devices = readArray(value, keyListLimits.devicesListedMax).map(parseDevice);
  requireAtMost(devices.filter(({ state }) => state === 'active').length, limits.devicesMax, 'active devices');
  return devices;
}

function parseDevice(value: unknown): DeviceRecord {
  const [id, signing, agreement, certificate, state, addedBy, addedGeneration] = readTuple(value, 7);
  return {
    id: readId('DeviceId', id),
    keys: parsePublicKeys(signing, agreement, certificate),
    state: readInt(state, { min: 0, max: 1 }) === deviceStates.active ? 'active' : 'revoked',
    addedBy: parseHolder(addedBy),
    addedGeneration: readGeneration(addedGeneration),
  };
}

function parseSlots(value: unknown): SlotRecord[] {
  const slots = readArray(value, keyListLimits.slotsListedMax).map(parseSlot);
  requireAtMost(slots.filter(({ opening }) => opening !== undefined).length, limits.slotsMax, 'active slots');
  return slots;
}

/** Reads what `slotToCbor` writes; nothing of it is proven. Throws as `parseKeyList`. */
export function parseSlot(value: unknown): SlotRecord {
  const [id, kindValue, signing, agreement, certificate, addedGeneration, openingValue] = readTuple(value, 7);
  const kind = parseSlotKind(kindValue);
  const opening = readOptional(openingValue, parseOpening);
  if (opening !== undefined && (kind === 'passphrase') !== (opening.params !== undefined)) {
    throw new Failure('E_FORMAT', 'a slot whose parameters do not fit its kind');
  }
  return {
    id: readId('SlotId', id),
    kind,
    keys: parsePublicKeys(signing, agreement, certificate),
    addedGeneration: readGeneration(addedGeneration),
    opening,
  };
}

function openingToCbor({ params, sealedSeed }: SlotOpening): CborValue {
  return [params === undefined ? null : [argon2id, params.passes, params.memoryKib, lanes, params.salt], sealedSeed];
}

function parseOpening(value: unknown): SlotOpening {
  const [params, sealedSeed] = readTuple(value, 2);
  return { params: readOptional(params, parseParams), sealedSeed: readBytes(sealedSeed, { max: keyListLimits.sealedSecretMaxBytes }) };
}

/** Out of bounds is told here, where nothing was derived yet, however the numbers got there. */
function parseParams(value: unknown): PassphraseParams {
  const [algorithm, passes, memoryKib, laneCount, salt] = readTuple(value, 5);
  const any = { min: 0, max: Number.MAX_SAFE_INTEGER };
  if (readInt(algorithm, any) !== argon2id || readInt(laneCount, any) !== lanes) {
    throw new Failure('E_KDF_BOUNDS', 'the passphrase slot asks for a key derivation that this format does not have');
  }
  const params = { passes: readInt(passes, any), memoryKib: readInt(memoryKib, any), salt: readBytes(salt, { max: 1024 }) };
  checkPassphraseParams(params);
  return params;
}

function parseShare(value: unknown): EpochShare {
  const [recipient, ephemeral, sealed] = readTuple(value, 3);
  return {
    recipient: parseHolder(recipient),
    ephemeral: readBytes(ephemeral, 32),
    sealed: readBytes(sealed, { max: keyListLimits.sealedSecretMaxBytes }),
  };
}

function requireAtMost(count: number, max: number, what: string): void {
  if (count > max) throw new Failure('E_LIMIT', `${count} ${what}, ${max} allowed`);
}
