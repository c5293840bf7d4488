/**
 * May this list follow that one? The whole of a vault's trust in devices rests on these rules (FORMAT.md, section 4): from
 * genesis on, each list must be one that its author, active in the list before, was allowed to make.
 */
import { compareBytes } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { FailureCode } from '../../base/failure.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import type { VaultId } from '../../model/ids.ts';
import { encode } from '../cbor.ts';
import type { Genesis } from './genesis.ts';
import { requireSoundKeys, type PublicKeys } from './holder-keys.ts';
import { holderText, sameHolder, type KeyHolder } from './key-holder.ts';
import {
  findDevice,
  findSlot,
  keyListName,
  shareRecipients,
  type DeviceRecord,
  type KeyList,
  type KeyListBody,
  type SlotRecord,
} from './key-list.ts';
import { deviceToCbor, shareToCbor, signedBytes, slotToCbor } from './key-list-wire.ts';

declare const brand: unique symbol;
/** A key list that follows from genesis, step by step. Only `verifyStep` makes one. */
export type VerifiedKeyList = KeyList & { readonly [brand]: 'VerifiedKeyList' };

/** Where a chain of key lists starts. */
export interface ChainStart {
  readonly primitives: Primitives;
  readonly vaultId: VaultId;
  readonly genesis: Genesis;
}

/**
 * The list, verified as the successor of `previous` (undefined: as the first, beside genesis). Throws E_UNTRUSTED_DEVICE
 * where its author is a stranger or did not sign it, E_REVOKED_WRITER where the author was removed before, E_LIMIT beyond
 * epoch 65,535, E_TAMPER where it says what no list in that place may say.
 */
export function verifyStep(start: ChainStart, previous: VerifiedKeyList | undefined, list: KeyList): VerifiedKeyList {
  const refuse: Refuse = (why, code = 'E_TAMPER') => {
    throw new Failure(code, `list of devices, generation ${list.body.generation}: ${why}`, {
      subject: keyListName(list.body.generation, list.hash),
    });
  };
  requirePlace(start, previous, list, refuse);
  requireAuthor(start, previous?.body, list, refuse);
  if (previous === undefined) requireGenesisHolders(start.genesis, list.body, refuse);
  requireOldHolders(previous?.body, list.body, refuse);
  requireNewHolders(start.primitives, previous?.body, list.body, refuse);
  requireDistinct(list.body, refuse);
  requireRights(previous?.body, list.body, refuse);
  requireEpoch(previous?.body, list.body, refuse);
  requireShares(previous?.body, list.body, refuse);
  return list as VerifiedKeyList;
}

/** Whether the list takes rights away from someone who had them in the list before. */
export function isRemoval(previous: KeyListBody, next: KeyListBody): boolean {
  return (
    previous.devices.some((device) => device.state === 'active' && findDevice(next, device.id)?.state !== 'active') ||
    previous.slots.some((slot) => slot.opening !== undefined && findSlot(next, slot.id)?.opening === undefined)
  );
}

type Refuse = (why: string, code?: FailureCode) => never;

function requirePlace({ vaultId }: ChainStart, previous: KeyList | undefined, { body }: KeyList, refuse: Refuse): void {
  if (body.vaultId !== vaultId) refuse('it belongs to another vault');
  if (body.generation !== (previous?.body.generation ?? 0) + 1) refuse('its generation is not the next one');
  if (body.previous !== previous?.hash) refuse('it does not follow the list before');
}

/** The author counts by the list before: nobody makes room for themselves. Bytes are verified as they came. */
function requireAuthor(start: ChainStart, previous: KeyListBody | undefined, list: KeyList, refuse: Refuse): void {
  const { author } = list.body;
  const keys = previous === undefined ? firstAuthorKeys(start.genesis, author, refuse) : authorKeys(previous, author, refuse);
  if (!start.primitives.verify(signedBytes(list.bodyBytes), list.signature, keys.signing)) {
    refuse(`it was not signed by ${holderText(author)}, whom it names as its author`, 'E_UNTRUSTED_DEVICE');
  }
}

function firstAuthorKeys(genesis: Genesis, author: KeyHolder, refuse: Refuse): PublicKeys {
  if (!sameHolder(author, { kind: 'device', id: genesis.device.id }))
    refuse("its author is not the vault's first device", 'E_UNTRUSTED_DEVICE');
  return genesis.device.keys;
}

function authorKeys(previous: KeyListBody, author: KeyHolder, refuse: Refuse): PublicKeys {
  const record = author.kind === 'device' ? findDevice(previous, author.id) : findSlot(previous, author.id);
  if (record === undefined) return refuse(`its author, ${holderText(author)}, is not known`, 'E_UNTRUSTED_DEVICE');
  const isActive = 'state' in record ? record.state === 'active' : record.opening !== undefined;
  return isActive ? record.keys : refuse(`its author, ${holderText(author)}, had been removed`, 'E_REVOKED_WRITER');
}

/** The first list says of devices and slots exactly what genesis says. */
function requireGenesisHolders(genesis: Genesis, { devices, slots }: KeyListBody, refuse: Refuse): void {
  const [device, ...others] = devices;
  if (device === undefined || others.length > 0 || device.id !== genesis.device.id || !sameKeys(device.keys, genesis.device.keys)) {
    refuse('it names other devices than genesis');
  }
  const fits =
    slots.length === genesis.slots.length &&
    genesis.slots.every((slot, at) => {
      const listed = slots[at];
      return listed?.id === slot.id && listed.kind === slot.kind && listed.opening !== undefined && sameKeys(listed.keys, slot.keys);
    });
  if (!fits) refuse('it names other slots than genesis');
}

/** All who were listed are listed still, unchanged and in their places; the only change is that someone is removed, for good. */
function requireOldHolders(previous: KeyListBody | undefined, body: KeyListBody, refuse: Refuse): void {
  for (const [at, before] of (previous?.devices ?? []).entries()) {
    const now = body.devices[at];
    const removed: DeviceRecord = { ...before, state: 'revoked' };
    if (now === undefined || !(sameDevice(now, before) || sameDevice(now, removed)))
      refuse(`device ${before.id.slice(0, 8)} vanished or changed`);
  }
  for (const [at, before] of (previous?.slots ?? []).entries()) {
    const now = body.slots[at];
    const retired: SlotRecord = { ...before, opening: undefined };
    if (now === undefined || !(sameSlot(now, before) || sameSlot(now, retired)))
      refuse(`slot ${before.id.slice(0, 8)} vanished or changed`);
  }
}

/** Who comes in does so active, by the author's hand, in this generation, with sound and certified keys. */
function requireNewHolders(primitives: Primitives, previous: KeyListBody | undefined, body: KeyListBody, refuse: Refuse): void {
  for (const device of body.devices.slice(previous?.devices.length ?? 0)) {
    const isHonest = device.state === 'active' && sameHolder(device.addedBy, body.author) && device.addedGeneration === body.generation;
    if (!isHonest) refuse(`new device ${device.id.slice(0, 8)} comes with a false history`);
    requireSoundKeys(primitives, { kind: 'device', id: device.id }, device.keys);
  }
  for (const slot of body.slots.slice(previous?.slots.length ?? 0)) {
    if (slot.opening === undefined || slot.addedGeneration !== body.generation)
      refuse(`new slot ${slot.id.slice(0, 8)} comes with a false history`);
    requireSoundKeys(primitives, { kind: 'slot', id: slot.id }, slot.keys);
  }
}

/** No id twice, and no key twice: two devices with one key could not be told apart by what they sign or read. */
function requireDistinct({ devices, slots }: KeyListBody, refuse: Refuse): void {
  const holders = [...devices, ...slots];
  if (new Set(holders.map(({ id }) => id as string)).size !== holders.length) refuse('an id stands there twice');
  const keys = holders.flatMap(({ keys: { signing, agreement } }) => [signing, agreement].map((key) => key.join()));
  if (new Set(keys).size !== keys.length) refuse('two of its devices or slots share a key');
}

/**
 * A device may do anything but remove itself (it would know the secret of the epoch that its removal begins). A slot may
 * only add one device: whoever holds a passphrase or recovery key joins first, and acts as that device.
 */
function requireRights(previous: KeyListBody | undefined, body: KeyListBody, refuse: Refuse): void {
  if (previous === undefined) return;
  const { author } = body;
  if (author.kind === 'device') {
    if (findDevice(body, author.id)?.state !== 'active') refuse('a device cannot remove itself');
    return;
  }
  const addsOneDevice = body.devices.length === previous.devices.length + 1 && body.slots.length === previous.slots.length;
  if (!addsOneDevice || body.epoch !== previous.epoch || isRemoval(previous, body)) refuse('a slot may add one device and nothing else');
}

/** An epoch's secret is fixed once; whoever is removed does not share in the next one, so a removal begins it. */
function requireEpoch(previous: KeyListBody | undefined, body: KeyListBody, refuse: Refuse): void {
  const last = previous?.epoch ?? 0;
  if (body.epoch !== last && body.epoch !== last + 1) refuse('its epoch is neither the current one nor the next');
  if ((body.epoch === 1) !== (body.previousEpoch === undefined))
    refuse('the secret of the epoch before is missing, or there is one too many');
  if (previous === undefined || body.epoch !== last) return;
  if (isRemoval(previous, body)) refuse('it removes someone without beginning a new epoch');
  const isSame =
    sameBytes(body.epochCommitment, previous.epochCommitment) && sameBytes(body.previousEpoch ?? none, previous.previousEpoch ?? none);
  if (!isSame) refuse('it changes the secrets of a current epoch');
}

/** Exactly those who are active share in the secret; within an epoch, what was sealed to someone stays as it is. */
function requireShares(previous: KeyListBody | undefined, body: KeyListBody, refuse: Refuse): void {
  const recipients = shareRecipients(body);
  const fits =
    body.shares.length === recipients.length &&
    recipients.every(({ holder }, at) => sameHolderOrUndefined(body.shares[at]?.recipient, holder));
  if (!fits) refuse("the epoch's secret is not sealed to exactly the active devices and slots");
  if (previous?.epoch !== body.epoch) return;
  for (const before of previous.shares) {
    const now = body.shares.find(({ recipient }) => sameHolder(recipient, before.recipient));
    if (now === undefined || !sameBytes(encode(shareToCbor(now)), encode(shareToCbor(before))))
      refuse(`the share of ${holderText(before.recipient)} changed`);
  }
}

const none = new Uint8Array();

function sameHolderOrUndefined(a: KeyHolder | undefined, b: KeyHolder): boolean {
  return a !== undefined && sameHolder(a, b);
}

function sameDevice(a: DeviceRecord, b: DeviceRecord): boolean {
  return sameBytes(encode(deviceToCbor(a)), encode(deviceToCbor(b)));
}

function sameSlot(a: SlotRecord, b: SlotRecord): boolean {
  return sameBytes(encode(slotToCbor(a)), encode(slotToCbor(b)));
}

function sameKeys(a: PublicKeys, b: PublicKeys): boolean {
  return sameBytes(a.signing, b.signing) && sameBytes(a.agreement, b.agreement) && sameBytes(a.certificate, b.certificate);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) === 0;
}
