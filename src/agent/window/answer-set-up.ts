/** From nothing to a linked folder. */
import { weighPassphrase } from '../../crypto/passphrase-strength.ts';
import type { Asked } from '../../control/acts/window-acts.ts';
import type { WindowAnswers } from '../../control/answer-act.ts';
import type { setUpActs } from '../../control/acts/set-up-acts.ts';
import { findLocalServers } from '../../store/server/find-local-servers.ts';
import { initVault } from '../begin/init-vault.ts';
import { joinByCode, joinExistingVault } from '../begin/join-vault.ts';
import type { LinkedDevice, LinkOptions } from '../devices/link-device.ts';
import { offerPassphrase } from '../keys/offer-passphrase.ts';
import { probeKeychain } from '../keys/probe-keychain.ts';
import { lookAtFolder } from './look-at-folder.ts';
import { lookAtStore } from './look-at-store.ts';
import { storeUrlOf } from './store-place.ts';
import type { WindowDesk } from './window-desk.ts';

export function setUpAnswers(desk: WindowDesk): Pick<WindowAnswers, keyof typeof setUpActs> {
  return {
    'probe-store': ({ store }) => lookAtStore(desk.host, storeUrlOf(store)),
    'find-servers': async () => ({ rows: await findLocalServers(desk.host) }),
    'look-at-folder': ({ folder }) => lookAtFolder(desk.host, folder),
    'look-at-keychain': async () => ({ works: await probeKeychain(desk.host) }),
    'suggest-passphrase': async () => ({ passphrase: await offerPassphrase() }),
    'weigh-passphrase': ({ passphrase }) => weighPassphrase(passphrase),
    init: async ({ passphrase, ...asked }) => {
      const options = { ...linkOptions(asked), hasPassphrase: passphrase !== undefined };
      const made = await desk.link(passphrase, (host) => initVault(host, options));
      return { ...told(made), recoveryKey: made.recoveryKey };
    },
    join: async ({ passphrase, recoveryKey, head, ...asked }) => {
      const options = { ...linkOptions(asked), recoveryKey, head };
      return told(await desk.link(passphrase, (host) => joinExistingVault(host, options)));
    },
    'join-by-code': async (asked) => {
      const linked = await desk.link(undefined, (host) => joinByCode(host, linkOptions(asked), (code) => desk.tellCode(code)));
      return told(linked);
    },
    'stop-set-up': () => {
      desk.stopLinking();
      return {};
    },
  };
}

function linkOptions({ store, folder, deviceName, keyStorage }: Asked<'join-by-code'>): LinkOptions {
  return { storeUrl: storeUrlOf(store), folder, deviceName, keyStorage };
}

function told({ vaultId, deviceName, notes }: LinkedDevice): { vaultId: string; device: string; notes: string[] } {
  return { vaultId, device: deviceName, notes: [...notes] };
}
