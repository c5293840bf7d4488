/** What a person changes about devices, passphrase and recovery key. */
import { z } from 'zod';
import { Failure } from '../../base/failure.ts';
import { makeRecoveryKey, recoveryKeyText, type RecoverySecret } from '../../crypto/recovery-key.ts';
import { Secret } from '../../crypto/secret.ts';
import type { SlotSecret } from '../../vault/keyring/slot.ts';
import type { SlotKind } from '../../vault/keyring/slot-kind.ts';
import type { AgentHost } from '../agent-host.ts';
import { atOwner } from '../at-owner.ts';
import { removalSchema, removeDevice, renameOwn, replaceSlot } from './change-keys.ts';
import { parseDeviceName } from '../devices/device-name.ts';
import { openKeyTools } from './key-tools.ts';
import { lookInto, type Look } from '../folder/look-into.ts';
import { everOpenedVault } from '../begin/opens-vault.ts';
import { rememberedDevices, type RememberedDevice } from '../devices/remember-devices.ts';
import { makeSlotOffer } from './slot-offer.ts';
import { strongPassphrase } from './strong-passphrase.ts';

/** Asks for a passphrase in place of one that is to open nothing any more; undefined: none, from now on. */
export type AskNewPassphrase = () => Promise<string | undefined>;

/** What became of a removal. */
export interface RevokedDevice {
  readonly name: string;
  /** The vault's recovery key from now on, where the device knew the old one. Shown once, kept nowhere. */
  readonly recoveryKey: string | null;
  /** What became of the vault's passphrase. */
  readonly passphrase: 'kept' | 'replaced' | 'removed';
}

/** Removes a device by its name or id. Throws E_NOT_FOUND, E_OWN_DEVICE, E_WEAK_PASSPHRASE, and what `atOwner` throws. */
export async function revoke(host: AgentHost, nameOrId: string, askNew: AskNewPassphrase): Promise<RevokedDevice> {
  const { vaultId, device } = await lookInto(host.profileDir, (look) => ({
    vaultId: look.settings.vaultId,
    device: findRevocable(look, nameOrId),
  }));
  const tools = openKeyTools(host.env);
  const offers: string[] = [];
  const key = device.knows?.includes('recovery') === true ? makeRecoveryKey(tools.random) : undefined;
  if (key !== undefined) offers.push(await makeSlotOffer(tools, { kind: 'recovery', key }, vaultId));
  const passphrase = device.knows?.includes('passphrase') === true ? await askNew() : undefined;
  if (passphrase !== undefined) offers.push(await passphraseOffer(host, passphrase));
  const { retired, replaced } = await atOwner(host, {
    question: { do: 'revoke', device: device.id, slots: offers },
    answer: removalSchema,
    act: (session) => removeDevice(session, { device: device.id, slots: offers }, host.signal),
  });
  const became = replaced.includes('passphrase') ? 'replaced' : retired.includes('passphrase') ? 'removed' : 'kept';
  const isNewKey = key !== undefined && replaced.includes('recovery');
  return { name: device.name, recoveryKey: isNewKey ? recoveryKeyText(tools.primitives, key) : null, passphrase: became };
}

/** Another passphrase for the vault, or none. Throws E_WEAK_PASSPHRASE, and what `atOwner` throws. */
export async function changePassphrase(host: AgentHost, passphrase: string | undefined): Promise<void> {
  await setSlot(host, 'passphrase', passphrase === undefined ? null : await passphraseOffer(host, passphrase));
}

/** Another recovery key; the old one opens nothing from now on. Throws what `atOwner` throws. */
export async function changeRecoveryKey(host: AgentHost): Promise<RecoverySecret> {
  const tools = openKeyTools(host.env);
  const { vaultId } = await lookInto(host.profileDir, ({ settings }) => settings);
  const key = makeRecoveryKey(tools.random);
  await setSlot(host, 'recovery', await makeSlotOffer(tools, { kind: 'recovery', key }, vaultId));
  return key;
}

/** Calls this device something else; what it is called then (a number is added where the name is taken). Throws E_USAGE. */
export async function rename(host: AgentHost, wanted: string): Promise<string> {
  const name = parseDeviceName(wanted);
  const renamed = await atOwner(host, {
    question: { do: 'rename', name },
    answer: z.object({ name: z.string() }),
    act: (session) => renameOwn(session, name, host.signal),
  });
  return renamed.name;
}

async function setSlot(host: AgentHost, kind: SlotKind, slot: string | null): Promise<void> {
  await atOwner<unknown>(host, {
    question: { do: 'slot', kind, slot },
    answer: z.unknown(),
    act: (session) => replaceSlot(session, { kind, slot }, host.signal),
  });
}

/** None that it takes the place of, now or long ago: whoever had it then must not come in by it again. */
async function passphraseOffer(host: AgentHost, text: string): Promise<string> {
  const secret: SlotSecret = { kind: 'passphrase', passphrase: new Secret(await strongPassphrase(text)) };
  if (await everOpenedVault(host, secret)) {
    throw new Failure('E_WEAK_PASSPHRASE', 'this is, or was, the passphrase of this vault, and is to open nothing any more', {
      action: 'choose another one',
    });
  }
  const { vaultId } = await lookInto(host.profileDir, ({ settings }) => settings);
  return makeSlotOffer(openKeyTools(host.env), secret, vaultId);
}

function findRevocable({ settings, index }: Look, nameOrId: string): RememberedDevice {
  const devices = rememberedDevices(index);
  const found = devices.filter(({ id, name }) => name === nameOrId || id === nameOrId);
  const device = found.find(({ isRevoked }) => !isRevoked);
  if (device === undefined) {
    const why = found.length > 0 ? 'was removed before' : 'is not in this vault, as of the last sync';
    throw new Failure('E_NOT_FOUND', `the device "${nameOrId}" ${why}`, { action: '`cachette devices` lists them' });
  }
  if (device.id !== settings.device.id) return device;
  const others = devices.some(({ id, isRevoked }) => !isRevoked && id !== device.id);
  throw new Failure('E_OWN_DEVICE', `"${device.name}" is this device, and a device cannot remove itself`, {
    action: others
      ? 'run `cachette devices revoke NAME` on another device'
      : 'it is the only one: to give the vault up, delete the profile and what is in the store',
  });
}
