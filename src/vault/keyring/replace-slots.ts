import { changeKeyList } from './change-key-list.ts';
import type { DeviceKeys } from './device-keys.ts';
import { findSlot } from './key-list.ts';
import type { KeyStore } from './key-tools.ts';
import type { Keyring } from './keyring.ts';
import type { OpenableSlot } from './slot.ts';
import type { SlotKind } from './slot-kind.ts';

/**
 * Puts one slot in the place of all of its kind, or none: the old passphrase or recovery key opens nothing that is written
 * from now on. Where another device does the same at the same moment, the one whose list comes last holds. Throws what
 * `changeKeyList` throws.
 */
export async function replaceSlots(
  deps: KeyStore,
  keyring: Keyring,
  own: DeviceKeys,
  { kind, slot }: { readonly kind: SlotKind; readonly slot: OpenableSlot | undefined },
): Promise<void> {
  await changeKeyList(deps, keyring, own, ({ list }) => {
    const old = list.body.slots.filter((record) => record.kind === kind && record.opening !== undefined && record.id !== slot?.id);
    const isThere = slot === undefined || findSlot(list.body, slot.id) !== undefined;
    if (old.length === 0 && isThere) return undefined;
    return { retireSlots: old.map(({ id }) => id), addSlots: isThere ? [] : [slot] };
  });
}
