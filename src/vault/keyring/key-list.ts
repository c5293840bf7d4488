import { toHex } from '../../base/bytes.ts';
import { labels } from '../../crypto/labels.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { parseId, type DeviceId, type KeyListHash, type SlotId, type VaultId } from '../../model/ids.ts';
import type { EpochShare } from './epoch-secret.ts';
import type { PublicKeys } from './holder-keys.ts';
import type { KeyHolder } from './key-holder.ts';
import type { SlotKind } from './slot-kind.ts';
import type { SlotOpening } from './slot.ts';

/** A device in a key list. Once listed it stays, revoked or not. */
export interface DeviceRecord {
  readonly id: DeviceId;
  readonly keys: PublicKeys;
  readonly state: 'active' | 'revoked';
  /** Author of the list that added it. */
  readonly addedBy: KeyHolder;
  readonly addedGeneration: number;
}

/** A slot in a key list. Once listed it stays, but a retired one can't be opened any more. */
export interface SlotRecord {
  readonly id: SlotId;
  readonly kind: SlotKind;
  readonly keys: PublicKeys;
  readonly addedGeneration: number;
  /** Undefined: retired. */
  readonly opening: SlotOpening | undefined;
}

/** Everything that a key list says: the full state, not a difference. */
export interface KeyListBody {
  readonly vaultId: VaultId;
  /** 1 for the list beside genesis, then one more each time. */
  readonly generation: number;
  /** Undefined in generation 1. */
  readonly previous: KeyListHash | undefined;
  readonly author: KeyHolder;
  readonly epoch: number;
  readonly epochCommitment: Uint8Array;
  /** In the order in which they were added. */
  readonly devices: readonly DeviceRecord[];
  readonly slots: readonly SlotRecord[];
  /** One for each active device, then one for each active slot, in their order. */
  readonly shares: readonly EpochShare[];
  /** The secret of the epoch before, sealed under this one's; undefined in epoch 1. */
  readonly previousEpoch: Uint8Array | undefined;
  /** Names of the devices, sealed under the epoch. */
  readonly names: Uint8Array;
}

/** A key list as an object of the store: read, not yet verified. */
export interface KeyList {
  readonly hash: KeyListHash;
  readonly bytes: Uint8Array;
  readonly bodyBytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly body: KeyListBody;
}

/** BLAKE2b-256(label ‖ object). */
export function keyListHash(primitives: Primitives, bytes: Uint8Array): KeyListHash {
  return parseId('KeyListHash', toHex(primitives.blake2b(32, [labels.keyListHash, bytes])));
}

/** All key lists stand below this. */
export const keyListPrefix = 'keys/';

/**
 * `keys/<generation, 6 digits>-<first 16 hex of the hash>`. Random enough never to meet another list's name, and known to
 * everyone who knows the hash: a pinned list is asked for by name where the store's listing leaves it out.
 */
export function keyListName(generation: number, hash: KeyListHash): string {
  return `${keyListPrefix}${String(generation).padStart(6, '0')}-${hash.slice(0, 16)}`;
}

/** Generation and start of the hash that a name claims; undefined where it is not the name of a key list. */
export function findKeyListNameParts(name: string): { readonly generation: number; readonly tag: string } | undefined {
  const match = /^keys\/([0-9]{6})-([0-9a-f]{16})$/.exec(name);
  if (match?.[1] === undefined || match[2] === undefined || Number(match[1]) === 0) return undefined;
  return { generation: Number(match[1]), tag: match[2] };
}

/** The record of a device, revoked or not. */
export function findDevice(body: Pick<KeyListBody, 'devices'>, id: DeviceId): DeviceRecord | undefined {
  return body.devices.find((device) => device.id === id);
}

/** The record of a slot, retired or not. */
export function findSlot(body: KeyListBody, id: SlotId): SlotRecord | undefined {
  return body.slots.find((slot) => slot.id === id);
}

/** Who must have a share of the epoch's secret, in the order of the shares. */
export function shareRecipients(
  body: Pick<KeyListBody, 'devices' | 'slots'>,
): { readonly holder: KeyHolder; readonly agreement: Uint8Array }[] {
  return [
    ...body.devices
      .filter(({ state }) => state === 'active')
      .map(({ id, keys }) => ({ holder: { kind: 'device', id } as const, agreement: keys.agreement })),
    ...body.slots
      .filter(({ opening }) => opening !== undefined)
      .map(({ id, keys }) => ({ holder: { kind: 'slot', id } as const, agreement: keys.agreement })),
  ];
}
