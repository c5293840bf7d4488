/** Makes key lists. What is made here goes through `verifyStep` like anyone else's before it goes anywhere. */
import { Failure } from '../../base/failure.ts';
import type { DeviceId, KeyListHash, SlotId, VaultId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { sealDeviceNames, type DeviceName } from './device-names.ts';
import { epochCommitment, sealPreviousEpoch, sealShare, type EpochSecret } from './epoch-secret.ts';
import type { PublicKeys } from './holder-keys.ts';
import { sameHolder, type KeyHolder } from './key-holder.ts';
import { shareRecipients, type DeviceRecord, type KeyList, type KeyListBody, type SlotRecord } from './key-list.ts';
import { encodeKeyList } from './key-list-wire.ts';
import type { KeyTools } from './key-tools.ts';
import type { OpenableSlot } from './slot.ts';
import { isRemoval, type VerifiedKeyList } from './verify-step.ts';

/** Who signs a list. */
export interface ListAuthor {
  readonly holder: KeyHolder;
  readonly signingSeed: Uint8Array;
}

/** A device that a list brings in. */
export interface NewDevice {
  readonly id: DeviceId;
  readonly keys: PublicKeys;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly addedMs: number;
}

/** What the next list changes. Removing anyone begins a new epoch by itself. */
export interface KeyListChange {
  readonly addDevices?: readonly NewDevice[];
  readonly addSlots?: readonly OpenableSlot[];
  readonly revokeDevices?: readonly DeviceId[];
  readonly retireSlots?: readonly SlotId[];
  readonly beginEpoch?: boolean;
  /** What devices are called from now on. */
  readonly renames?: readonly Pick<DeviceName, 'id' | 'name'>[];
}

/** All that an author must know of the list that the next one follows. */
export interface KeyListState {
  readonly list: VerifiedKeyList;
  readonly current: EpochSecret;
  readonly names: readonly DeviceName[];
}

/** A list that was made, with the secret of its epoch. */
export interface MadeKeyList {
  readonly list: KeyList;
  readonly current: EpochSecret;
}

/** The list beside genesis: one device, the slots that genesis names, epoch 1 with a fresh secret. */
export function makeFirstKeyList(
  tools: KeyTools,
  vaultId: VaultId,
  device: NewDevice & { readonly signingSeed: Uint8Array },
  slots: readonly OpenableSlot[],
): MadeKeyList {
  const holder = { kind: 'device', id: device.id } as const;
  const current = { epoch: 1, secret: tools.random.bytes(32) };
  const draft = {
    vaultId,
    generation: 1,
    previous: undefined,
    devices: [newDeviceRecord(device, holder, 1)],
    slots: slots.map((slot) => newSlotRecord(slot, 1)),
  };
  const list = sealList(tools, { holder, signingSeed: device.signingSeed }, draft, {
    current,
    oldShares: [],
    previousEpoch: undefined,
    names: [nameOf(device)],
  });
  return { list, current };
}

/** The list that follows `state.list` with this change. Throws E_TOO_LARGE where it would hold more devices or slots than a vault has. */
export function makeNextKeyList(tools: KeyTools, state: KeyListState, author: ListAuthor, change: KeyListChange): MadeKeyList {
  const { body } = state.list;
  const generation = body.generation + 1;
  const added = change.addDevices ?? [];
  const draft: Draft = {
    vaultId: body.vaultId,
    generation,
    previous: state.list.hash,
    devices: [
      ...revoked(body.devices, change.revokeDevices ?? []),
      ...added.map((device) => newDeviceRecord(device, author.holder, generation)),
    ],
    slots: [...retired(body.slots, change.retireSlots ?? []), ...(change.addSlots ?? []).map((slot) => newSlotRecord(slot, generation))],
  };
  requireRoom(draft);
  const beginsEpoch = change.beginEpoch === true || isRemoval(body, { ...body, ...draft });
  const current = beginsEpoch ? { epoch: body.epoch + 1, secret: tools.random.bytes(32) } : state.current;
  const contents: Contents = {
    current,
    oldShares: beginsEpoch ? [] : body.shares,
    previousEpoch: beginsEpoch ? sealPreviousEpoch(tools, body.vaultId, current, state.current.secret) : body.previousEpoch,
    names: [...renamed(state.names, change.renames ?? []), ...added.map(nameOf)],
  };
  return { list: sealList(tools, author, draft, contents), current };
}

function requireRoom({ devices, slots }: Draft): void {
  if (devices.filter(({ state }) => state === 'active').length > limits.devicesMax)
    throw new Failure('E_TOO_LARGE', `a vault has at most ${limits.devicesMax} devices`, {
      action: 'remove one that is no longer used (`cachette devices revoke NAME`), then try again',
    });
  if (slots.filter(({ opening }) => opening !== undefined).length > limits.slotsMax)
    throw new Failure('E_TOO_LARGE', `a vault has at most ${limits.slotsMax} passphrases and recovery keys`);
}

interface Draft {
  readonly vaultId: VaultId;
  readonly generation: number;
  readonly previous: KeyListHash | undefined;
  readonly devices: readonly DeviceRecord[];
  readonly slots: readonly SlotRecord[];
}

interface Contents {
  readonly current: EpochSecret;
  /** Shares of the same epoch stay as they were made. */
  readonly oldShares: KeyListBody['shares'];
  readonly previousEpoch: Uint8Array | undefined;
  readonly names: readonly DeviceName[];
}

function sealList(tools: KeyTools, author: ListAuthor, draft: Draft, contents: Contents): KeyList {
  const { current, oldShares, previousEpoch, names } = contents;
  const shares = shareRecipients(draft).map((recipient) => {
    const old = oldShares.find((share) => sameHolder(share.recipient, recipient.holder));
    return old ?? sealShare(tools, draft.vaultId, current, recipient);
  });
  const body: KeyListBody = {
    ...draft,
    author: author.holder,
    epoch: current.epoch,
    epochCommitment: epochCommitment(tools.primitives, current),
    shares,
    previousEpoch,
    names: sealDeviceNames(tools, draft, current, names),
  };
  return encodeKeyList(tools.primitives, body, tools.primitives.signingPair(author.signingSeed).secretKey);
}

function newDeviceRecord({ id, keys }: NewDevice, addedBy: KeyHolder, addedGeneration: number): DeviceRecord {
  return { id, keys, state: 'active', addedBy, addedGeneration };
}

function newSlotRecord({ id, kind, keys, opening }: OpenableSlot, addedGeneration: number): SlotRecord {
  return { id, kind, keys, addedGeneration, opening };
}

function nameOf({ id, name, addedMs }: NewDevice): DeviceName {
  return { id, name, addedMs };
}

function renamed(names: readonly DeviceName[], renames: NonNullable<KeyListChange['renames']>): DeviceName[] {
  return names.map((known) => ({ ...known, name: renames.find(({ id }) => id === known.id)?.name ?? known.name }));
}

function revoked(devices: readonly DeviceRecord[], ids: readonly DeviceId[]): DeviceRecord[] {
  requireListed(ids, devices);
  return devices.map((device) => (ids.includes(device.id) ? { ...device, state: 'revoked' } : device));
}

function retired(slots: readonly SlotRecord[], ids: readonly SlotId[]): SlotRecord[] {
  requireListed(ids, slots);
  return slots.map((slot) => (ids.includes(slot.id) ? { ...slot, opening: undefined } : slot));
}

function requireListed(ids: readonly string[], listed: readonly { readonly id: string }[]): void {
  const missing = ids.find((id) => !listed.some((record) => record.id === id));
  if (missing !== undefined) throw new Failure('E_NOT_FOUND', `no device or slot ${missing.slice(0, 8)} in this vault`);
}
