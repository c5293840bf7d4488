import { Failure } from '../../base/failure.ts';
import type { DeviceId } from '../../model/ids.ts';
import { changeKeyList } from './change-key-list.ts';
import type { DeviceKeys } from './device-keys.ts';
import { findDevice, findSlot } from './key-list.ts';
import type { KeyStore } from './key-tools.ts';
import type { Keyring } from './keyring.ts';
import type { OpenableSlot } from './slot.ts';
import type { SlotKind } from './slot-kind.ts';
import { slotsKnownTo } from './slots-known-to.ts';

/** Who is to go, and what stands in the place of slots that it could open. */
export interface DeviceRemoval {
  readonly device: DeviceId;
  /** At most one of a kind; used where a slot of its kind has to go. A kind without one is simply gone then. */
  readonly replacements: readonly OpenableSlot[];
}

/** What came of it. */
export interface RemovalReport {
  /** False where it had been removed before. */
  readonly isNew: boolean;
  /** Kinds of slots that the device could open, and that open nothing any more. */
  readonly retired: readonly SlotKind[];
  /** Kinds that have a new slot in their place. */
  readonly replaced: readonly SlotKind[];
}

/**
 * Removes a device for good: a new epoch whose secret it never gets, and new slots for those that it could open. Throws
 * E_NOT_FOUND, E_OWN_DEVICE (a device can't remove itself: it would know the secret of the epoch that begins), E_REVOKED
 * where this device was removed meanwhile, and what `changeKeyList` throws.
 */
export async function revokeDevice(deps: KeyStore, keyring: Keyring, own: DeviceKeys, removal: DeviceRemoval): Promise<RemovalReport> {
  const { device, replacements } = removal;
  if (device === own.id) {
    throw new Failure('E_OWN_DEVICE', 'a device cannot remove itself: it would know the keys that begin with its removal');
  }
  let report: RemovalReport = { isNew: false, retired: [], replaced: [] };
  await changeKeyList(deps, keyring, own, ({ list, read }) => {
    const record = findDevice(list.body, device);
    if (record === undefined) throw new Failure('E_NOT_FOUND', 'no such device in this vault');
    if (record.state === 'revoked') return undefined;
    const retireSlots = slotsKnownTo(read.chain, device);
    const retired = new Set(retireSlots.flatMap((id) => findSlot(list.body, id)?.kind ?? []));
    const addSlots = replacements.filter(({ kind }) => retired.has(kind));
    report = { isNew: true, retired: [...retired], replaced: addSlots.map(({ kind }) => kind) };
    return { revokeDevices: [device], retireSlots, addSlots };
  });
  return report;
}
