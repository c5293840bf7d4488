import { Secret } from '../../crypto/secret.ts';
import type { VaultId } from '../../model/ids.ts';
import type { AgentHost } from '../agent-host.ts';
import { openBundle, readBundle, type DeviceSecrets } from './device-bundle.ts';
import { findKeychain } from './keychain.ts';
import { findRestKey, type KeptKey } from './key-storage.ts';
import { openKeyTools } from './key-tools.ts';
import type { ProfileFolder } from '../profile/profile-folder.ts';

/** The device's secrets with what opens them, to be sealed again. Throws E_LOCKED, E_KEYCHAIN_LOCKED, E_KDF_BOUNDS. */
export async function openKept(
  host: AgentHost,
  folder: ProfileFolder,
  vaultId: VaultId,
): Promise<{ readonly secrets: DeviceSecrets; readonly kept: KeptKey }> {
  const tools = openKeyTools(host.env);
  const bundle = await readBundle(folder.file('bundle'));
  const askPassphrase = async (): Promise<Secret<string>> => new Secret(await host.askPassphrase());
  const restKey = await findRestKey({ folder, ...tools, keychain: findKeychain(host.platform, host.env), askPassphrase }, bundle.rest);
  return { secrets: openBundle(tools, vaultId, bundle, restKey), kept: { restKey, place: bundle.rest } };
}
