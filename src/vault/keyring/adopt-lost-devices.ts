import { changeKeyList } from './change-key-list.ts';
import { openDeviceNames, type DeviceName } from './device-names.ts';
import type { DeviceKeys } from './device-keys.ts';
import { freeName } from './free-name.ts';
import { isFairlyLost } from './key-chain.ts';
import type { KeyHolder } from './key-holder.ts';
import { findDevice, findSlot, type KeyListBody } from './key-list.ts';
import type { KeyStore } from './key-tools.ts';
import type { Keyring, KeyringState } from './keyring.ts';
import type { NewDevice } from './next-key-list.ts';

/**
 * Adds devices again whose list lost to another one of its generation after they had looked: two that joined at the same
 * moment must both end up in. Only for authors that still have their rights: they could add the device themselves, so this
 * gives nobody anything, and a device that was removed can't bring others in by a list that it makes up later. Costs one
 * listing where there is nothing to do.
 */
export async function adoptLostDevices(deps: KeyStore, keyring: Keyring, own: DeviceKeys): Promise<void> {
  await changeKeyList(deps, keyring, own, (state) => {
    const addDevices = findLostDevices(deps, state);
    return addDevices.length === 0 ? undefined : { addDevices };
  });
}

/** Devices that a lost list added, and that are still to be added. */
function findLostDevices(deps: KeyStore, { list: tip, read, names, secretOf }: KeyringState): NewDevice[] {
  const found = new Map<string, NewDevice>();
  const taken: DeviceName[] = [...names];
  for (const lost of read.chain.lost) {
    const current = secretOf(lost.body.epoch);
    // A list that began an epoch is its author's to make again: nobody else has that epoch's secret.
    if (current === undefined || !isFairlyLost(read.chain, lost) || !mayAdd(tip.body, lost.body.author)) continue;
    const added = lost.body.devices.filter(
      ({ id, addedGeneration }) => addedGeneration === lost.body.generation && findDevice(tip.body, id) === undefined,
    );
    if (added.length === 0) continue;
    const lostNames = openDeviceNames(deps, lost.body, current);
    for (const { id, keys } of added) {
      const named = lostNames.find((candidate) => candidate.id === id);
      if (named === undefined || found.has(id)) continue;
      const device = { id, keys, name: freeName(named.name, taken), addedMs: named.addedMs };
      taken.push(device);
      found.set(id, device);
    }
  }
  return [...found.values()];
}

function mayAdd(tip: KeyListBody, author: KeyHolder): boolean {
  if (author.kind === 'device') return findDevice(tip, author.id)?.state === 'active';
  return findSlot(tip, author.id)?.opening !== undefined;
}
