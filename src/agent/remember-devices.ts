/** The vault's devices as the index remembers them: for commands that work without the store. */
import type { SyncIndex } from '../index/sync-index.ts';
import type { Keyring } from '../vault/keyring/keyring.ts';

/** A device, as it was known when the list of devices was last read. */
export interface RememberedDevice {
  readonly id: string;
  readonly name: string;
  readonly isRevoked: boolean;
  /** Name of the device that added it; 'passphrase' or 'recovery key' where it joined by one; undefined for the first. */
  readonly addedBy: string | undefined;
  readonly addedMs: number;
}

const settingKey = 'devices';

/** Only what changed is written. */
export function rememberDevices(index: SyncIndex, keyring: Keyring): void {
  const { devices } = keyring;
  const slots = new Map<string, string>(
    keyring.state().list.body.slots.map(({ id, kind }) => [id, kind === 'recovery' ? 'recovery key' : 'passphrase']),
  );
  const remembered = devices.map(({ id, name, state, addedBy, addedMs }): RememberedDevice => {
    const author = addedBy.kind === 'slot' ? slots.get(addedBy.id) : devices.find((device) => device.id === addedBy.id)?.name;
    return { id, name, isRevoked: state === 'revoked', addedBy: addedBy.id === id ? undefined : author, addedMs };
  });
  const text = JSON.stringify(remembered);
  if (index.settings.findText(settingKey) !== text) index.settings.writeText(settingKey, text);
}

export function rememberedDevices(index: SyncIndex): readonly RememberedDevice[] {
  return JSON.parse(index.settings.findText(settingKey) ?? '[]') as readonly RememberedDevice[];
}
