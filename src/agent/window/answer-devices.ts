/** Devices of the vault, and what opens it. */
import { Failure } from '../../base/failure.ts';
import type { deviceActs } from '../../control/acts/device-acts.ts';
import type { WindowAnswers } from '../../control/answer-act.ts';
import { approve } from '../devices/approve-device.ts';
import { changePassphrase, rename, revoke } from '../keys/ask-for-keys.ts';
import { changeKeyStorage, readKeyStorage } from '../keys/change-key-storage.ts';
import { listDevices } from '../devices/list-devices.ts';
import { lookInto } from '../folder/look-into.ts';
import { rememberedSlots } from '../devices/remember-devices.ts';
import { renewDevice } from '../devices/renew-device.ts';
import { parseSlotOffer } from '../keys/slot-offer.ts';
import { askVaultCode } from '../devices/vault-code.ts';
import { makeRecoveryKeyAndPage, recoverySheetPage } from '../keys/write-recovery-sheet.ts';
import type { WindowDesk } from './window-desk.ts';

export function deviceAnswers(desk: WindowDesk): Pick<WindowAnswers, keyof typeof deviceActs> {
  const { host } = desk;
  return {
    'list-devices': async () => ({ rows: await listDevices(host.profileDir) }),
    'remove-device': async ({ device, passphrase }) => {
      const { recoveryKey } = await revoke(host, device, () => Promise.resolve(passphrase));
      desk.tell('devices');
      return { recoveryKey };
    },
    'approve-device': async ({ code }) => {
      const name = await approve(host, code);
      desk.tell('devices');
      return { name };
    },
    'rename-device': async ({ name }) => {
      await rename(host, name);
      desk.tell('devices', 'state');
      return {};
    },
    'renew-device': async () => {
      const name = await desk.whileClosed(() => renewDevice(host));
      desk.retry();
      desk.tell('devices', 'state');
      return { name };
    },
    'read-ways-in': () =>
      lookInto(host.profileDir, ({ index }) => {
        const kinds = new Set(rememberedSlots(index).map((slot) => parseSlotOffer(slot).kind));
        return { passphrase: kinds.has('passphrase'), recoveryKey: kinds.has('recovery') };
      }),
    'change-passphrase': async ({ passphrase }) => {
      await changePassphrase(host, passphrase ?? undefined);
      desk.tell('devices');
      return {};
    },
    'new-recovery-key': () => makeRecoveryKeyAndPage(host),
    'recovery-sheet': async ({ recoveryKey }) => ({ sheet: await recoverySheetPage(host, recoveryKey) }),
    'compare-code': async () => {
      const { code, seq, newest } = await askVaultCode(host);
      return { code, seq, newest };
    },
    'read-key-storage': async () => ({ kind: await readKeyStorage(host.profileDir) }),
    'change-key-storage': async ({ kind, passphrase }) => {
      await changeKeyStorage(host, kind, () => givenOr(passphrase));
      desk.knowPassphrase(kind === 'passphrase' ? passphrase : undefined);
      desk.tell('settings');
      return {};
    },
  };
}

async function givenOr(passphrase: string | undefined): Promise<string> {
  if (passphrase !== undefined) return passphrase;
  throw new Failure('E_LOCKED', 'a passphrase is needed', { action: 'give one' });
}
