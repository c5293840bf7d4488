import type { AgentHost } from '../agent-host.ts';
import { acquireProfileLock } from './acquire-profile-lock.ts';
import { ProfileFolder } from './profile-folder.ts';
import { removeProfile } from './remove-profile.ts';

/**
 * Gives the profile up where no agent runs that could: for the app, where one does not start any more. What is in the folder and in the
 * vault stays. Nothing to do where there is no profile. Throws E_BUSY (somebody works with it), E_DISK.
 */
export async function giveUpProfile(host: AgentHost): Promise<void> {
  const folder = new ProfileFolder(host.profileDir);
  if (!(await folder.exists())) return;
  const lock = acquireProfileLock(host, folder);
  try {
    await removeProfile(host);
  } finally {
    lock.release();
  }
  await folder.removeLock();
}
