import { systemRandom } from '../../base/random.ts';
import { Failure } from '../../base/failure.ts';
import type { AgentHost } from '../agent-host.ts';
import { findKeychain } from './keychain.ts';
import { forgetRestKey, keepInKeychain } from './key-storage.ts';

/** Whether this device's keys would rest in a keychain: tried as when they do, and forgotten again. A person may have to unlock it. */
export async function probeKeychain({ platform, env }: AgentHost): Promise<boolean> {
  const keychain = findKeychain(platform, env);
  if (keychain === undefined) return false;
  try {
    const { place } = await keepInKeychain(keychain, systemRandom);
    await forgetRestKey(keychain, place);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === 'E_KEYCHAIN_WEAK') return false;
    throw error;
  }
}
