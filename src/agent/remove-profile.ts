/** Giving up a linked folder: the profile goes, what is in the folder and in the vault stays. */
import type { AgentHost } from './agent-host.ts';
import { releaseFolder } from './claim-folder.ts';
import { readBundle } from './device-bundle.ts';
import { findKeychain } from './keychain.ts';
import { forgetRestKey } from './key-storage.ts';
import { ProfileFolder } from './profile-folder.ts';
import { readSettings } from './settings.ts';

/**
 * For the profile's owner, with no session open. The settings go first: a crash after that leaves no profile, and what is left
 * of it is cleared by the next `init` or `join`. Throws E_NO_PROFILE, E_DISK.
 */
export async function removeProfile(host: AgentHost): Promise<void> {
  const folder = new ProfileFolder(host.profileDir, { isAtWork: host.agent !== undefined });
  const { folder: dir, mark } = await readSettings(folder);
  const rest = await readBundle(folder.file('bundle')).then(
    (bundle) => bundle.rest,
    () => undefined,
  );
  await folder.removeSettings();
  await releaseFolder(dir, mark);
  if (rest !== undefined) await forgetRestKey(findKeychain(host.platform, host.env), rest);
  await folder.clear();
}
