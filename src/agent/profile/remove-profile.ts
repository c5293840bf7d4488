/** Giving up a linked folder: the profile goes, what is in the folder and in the vault stays. */
import type { AgentHost } from '../agent-host.ts';
import { withSettings } from './change-settings.ts';
import { releaseFolder } from '../folder/claim-folder.ts';
import { Closing } from '../closing.ts';
import { readBundle } from '../keys/device-bundle.ts';
import { findKeychain } from '../keys/keychain.ts';
import { forgetRestKey } from '../keys/key-storage.ts';
import { ProfileFolder } from './profile-folder.ts';
import { readSettingsIfWhole } from './settings.ts';

/**
 * For the profile's owner, with no session open. The settings go first: a crash after that leaves no profile, and what is left
 * of it is cleared by the next `init` or `join`. Throws E_NO_PROFILE, E_DISK.
 */
export async function removeProfile(host: AgentHost): Promise<void> {
  const folder = new ProfileFolder(host.profileDir, { isAtWork: host.agent !== undefined });
  // Settings that can't be read are one more reason to give the profile up.
  const settings = await readSettingsIfWhole(folder);
  const rest = await readBundle(folder.file('bundle')).then(
    (bundle) => bundle.rest,
    () => undefined,
  );
  await withSettings(folder, () => folder.removeSettings());
  // Last thing first. Whatever fails, the keys do not stay where nobody looks for them any more.
  const closing = new Closing();
  closing.add(() => folder.clear());
  if (rest !== undefined) closing.add(() => forgetRestKey(findKeychain(host.platform, host.env), rest));
  // A mark that stays is of a profile that is gone: it keeps nobody out.
  if (settings !== undefined) closing.add(() => releaseFolder(settings.folder, settings.mark));
  await closing.run();
}
