/** The vault's devices as the index remembers them: for commands that work without the store. */
import type { SyncIndex } from '../../index/sync-index.ts';
import { encode } from '../../vault/cbor.ts';
import type { SlotRecord } from '../../vault/keyring/key-list.ts';
import { slotToCbor } from '../../vault/keyring/key-list-wire.ts';
import type { Keyring } from '../../vault/keyring/keyring.ts';
import { retiredSlots } from '../../vault/keyring/retired-slots.ts';
import type { SlotKind } from '../../vault/keyring/slot-kind.ts';
import { slotsKnownTo } from '../../vault/keyring/slots-known-to.ts';

/** A device, as it was known when the list of devices was last read. */
export interface RememberedDevice {
  readonly id: string;
  readonly name: string;
  readonly isRevoked: boolean;
  /** Name of the device that added it; 'passphrase' or 'recovery key' where it joined by one; undefined for the first. */
  readonly addedBy?: string | undefined;
  readonly addedMs: number;
  /** What it could come in by again: has to be replaced when it is removed. Missing where an older version remembered it. */
  readonly knows?: readonly SlotKind[];
}

const settingKey = 'devices';
const slotsKey = 'slots';
const retiredKey = 'slots.retired';
/** Hash of the list of devices that all this was read from. Another key whenever more is remembered: else it never would be. */
const listKey = 'devices.list.2';

/** Costs nothing where the list is the one that was remembered. */
export function rememberDevices(index: SyncIndex, keyring: Keyring): void {
  const { hash } = keyring.current();
  if (index.settings.findText(listKey) === hash) return;
  index.transaction(() => {
    rememberAll(index, keyring);
    index.settings.writeText(listKey, hash);
  });
}

function rememberAll(index: SyncIndex, keyring: Keyring): void {
  const { devices } = keyring;
  const { list, read } = keyring.state();
  const kinds = new Map<string, SlotKind>(list.body.slots.map(({ id, kind }) => [id, kind]));
  const remembered = devices.map(({ id, name, state, addedBy, addedMs }): RememberedDevice => {
    const knows = [...new Set(slotsKnownTo(read.chain, id).flatMap((slot) => kinds.get(slot) ?? []))];
    const bySlot = kinds.get(addedBy.id) === 'recovery' ? 'recovery key' : 'passphrase';
    const author = addedBy.kind === 'slot' ? bySlot : devices.find((device) => device.id === addedBy.id)?.name;
    return { id, name, isRevoked: state === 'revoked', addedBy: addedBy.id === id ? undefined : author, addedMs, knows };
  });
  remember(index, settingKey, remembered);
  const openable = list.body.slots.filter(({ opening }) => opening !== undefined);
  remember(index, slotsKey, openable.map(slotText));
  remember(index, retiredKey, retiredSlots(read.chain).map(slotText));
}

function slotText(slot: SlotRecord): string {
  return Buffer.from(encode(slotToCbor(slot))).toString('base64');
}

function remember(index: SyncIndex, key: string, value: unknown): void {
  index.settings.writeText(key, JSON.stringify(value));
}

export function rememberedDevices(index: SyncIndex): readonly RememberedDevice[] {
  return JSON.parse(index.settings.findText(settingKey) ?? '[]') as readonly RememberedDevice[];
}

/** The slots that open the vault, as `parseSlotOffer` reads them: public, as they stand in the store. */
export function rememberedSlots(index: SyncIndex): readonly string[] {
  return JSON.parse(index.settings.findText(slotsKey) ?? '[]') as readonly string[];
}

/** The slots that opened it before; the newest first. */
export function rememberedRetiredSlots(index: SyncIndex): readonly string[] {
  return JSON.parse(index.settings.findText(retiredKey) ?? '[]') as readonly string[];
}
