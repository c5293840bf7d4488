/** Who came into the vault and who was removed: every device tells its person, once. */
import { z } from 'zod';
import type { SyncIndex } from '../../index/sync-index.ts';
import type { Session } from '../open-session.ts';
import { rememberDevices, rememberedDevices, type RememberedDevice } from './remember-devices.ts';
import { showPath } from '../show/show-path.ts';

const settingKey = 'devices.told';
const toldSchema = z.record(z.string(), z.boolean());

/** Remembers the vault's devices, and tells of those that came and went. */
export function tellOfDevices({ index, keyring, own, tell }: Pick<Session, 'index' | 'keyring' | 'own' | 'tell'>): void {
  rememberDevices(index, keyring);
  for (const message of newsOfDevices(index, own.id)) tell({ event: 'notice', message });
}

/** Lines about what is new since this was asked last. Nothing at first: who has just joined sees the list. */
function newsOfDevices(index: SyncIndex, own: string): string[] {
  const devices = rememberedDevices(index);
  const text = index.settings.findText(settingKey);
  const now = JSON.stringify(Object.fromEntries(devices.map(({ id, isRevoked }) => [id, isRevoked])));
  if (text === now) return [];
  index.settings.writeText(settingKey, now);
  if (text === undefined) return [];
  const told = toldSchema.parse(JSON.parse(text));
  return devices.filter(({ id }) => id !== own).flatMap((device) => line(device, told[device.id]) ?? []);
}

function line(device: RememberedDevice, wasRevoked: boolean | undefined): string | undefined {
  const name = `"${showPath(device.name)}"`;
  if (device.isRevoked) return wasRevoked === true ? undefined : `the device ${name} was removed from the vault`;
  if (wasRevoked !== undefined) return undefined;
  const by = device.addedBy === undefined ? '' : `, by ${showPath(device.addedBy)}`;
  const when = new Date(device.addedMs).toISOString().slice(0, 16).replace('T', ' ');
  return `a device was added to the vault: ${name}${by}, ${when} UTC. Not yours? \`cachette devices revoke NAME\` removes it`;
}
