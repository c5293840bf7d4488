import { acquireOwnerLock, type OwnerLock } from '../../index/file/owner-lock.ts';
import type { AgentHost } from '../agent-host.ts';
import type { ProfileFolder } from './profile-folder.ts';

/** Makes the host the profile's only owner; an agent that works for itself is it already. Throws E_BUSY, E_DISK. */
export function acquireProfileLock(host: Pick<AgentHost, 'agent'>, folder: ProfileFolder): OwnerLock {
  return host.agent === undefined ? acquireOwnerLock(folder.file('lock')) : { release: () => {} };
}
