/** What may be set on this device, and what may be told about it. */
import type { settingsActs } from '../../control/acts/settings-acts.ts';
import type { WindowAnswers } from '../../control/answer-act.ts';
import type { ConfigName } from '../profile/config-values.ts';
import { listSettings, setSetting } from '../profile/configure.ts';
import { diagnose } from '../profile/diagnose.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { relinkFolder } from '../folder/relink-folder.ts';
import { relinkStore } from '../store/relink-store.ts';
import { removeProfile } from '../profile/remove-profile.ts';
import { readSettings } from '../profile/settings.ts';
import { storeUrlOf } from './store-place.ts';
import type { WindowDesk } from './window-desk.ts';

/** Looked at when they are needed; all others are looked at when a session is opened. */
const heldAtOnce: ReadonlySet<string> = new Set<ConfigName>(['bandwidth.up', 'bandwidth.down', 'retention.days']);

export function settingsAnswers(desk: WindowDesk): Pick<WindowAnswers, keyof typeof settingsActs> {
  const { host } = desk;
  return {
    'list-settings': async () => ({ rows: await listSettings(host.profileDir) }),
    'change-setting': async ({ key, value }) => {
      await setSetting(host, key, value);
      await hold(desk, key);
      desk.tell('settings');
      return {};
    },
    'relink-folder': async ({ folder }) => {
      const place = await desk.whileClosed(() => relinkFolder(host, folder));
      desk.retry();
      desk.tell('state', 'settings');
      return { folder: place };
    },
    'relink-store': async ({ store }) => {
      const url = storeUrlOf(store);
      await desk.whileClosed(() => relinkStore(host, url));
      desk.retry();
      desk.tell('state', 'settings');
      return {};
    },
    unlink: async () => {
      await desk.whileClosed(() => removeProfile(host));
      return {};
    },
    diagnose: async () => {
      const { state } = desk;
      return { text: await diagnose(host, { profile: state.is, code: state.is === 'stopped' ? state.why.code : undefined }) };
    },
  };
}

/** A session is opened anew where it has to be: what it was doing goes on then. */
async function hold(desk: WindowDesk, key: string): Promise<void> {
  const { kept } = desk;
  if (kept === undefined) desk.retry();
  else if (!heldAtOnce.has(key)) await desk.whileClosed(() => Promise.resolve());
  else {
    kept.session.limit((await readSettings(new ProfileFolder(desk.host.profileDir))).config);
    kept.loop.look();
  }
}
