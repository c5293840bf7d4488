import { changeKeyList } from './change-key-list.ts';
import type { DeviceKeys } from './device-keys.ts';
import { requireDeviceName } from './device-names.ts';
import { freeName } from './free-name.ts';
import type { KeyStore } from './key-tools.ts';
import type { Keyring } from './keyring.ts';

/** Gives this device another name, with a number where it is taken. Throws E_LIMIT for no name, and what `changeKeyList` throws. */
export async function renameDevice(deps: KeyStore, keyring: Keyring, own: DeviceKeys, wanted: string): Promise<void> {
  requireDeviceName(wanted);
  await changeKeyList(deps, keyring, own, ({ names }) => {
    const name = freeName(
      wanted,
      names.filter(({ id }) => id !== own.id),
    );
    return names.some((known) => known.id === own.id && known.name === name) ? undefined : { renames: [{ id: own.id, name }] };
  });
}
