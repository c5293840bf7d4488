/** The synced folder at another place of this computer, to which a person moved it. */
import { acquireProfileLock } from '../profile/acquire-profile-lock.ts';
import type { AgentHost } from '../agent-host.ts';
import { changeSettings } from '../profile/change-settings.ts';
import { findMovedFolder } from './claim-folder.ts';
import { storeFolder } from '../store/connect-store.ts';
import { openKept } from '../keys/open-kept.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { readSettings } from '../profile/settings.ts';

/** Keeps the place, and gives its true path. Throws E_BUSY (an agent runs), E_LOCKED, and as `findMovedFolder`. */
export async function relinkFolder(host: AgentHost, wanted: string): Promise<string> {
  const profile = new ProfileFolder(host.profileDir);
  await profile.check();
  const lock = acquireProfileLock(host, profile);
  try {
    const settings = await readSettings(profile);
    const { secrets } = await openKept(host, profile, settings.vaultId);
    const apart = { profileDir: profile.dir, storeDir: storeFolder(secrets.storeUrl) };
    const folder = await findMovedFolder(wanted, apart, settings.mark);
    await changeSettings(profile, (now) => ({ ...now, folder }));
    return folder;
  } finally {
    lock.release();
  }
}
