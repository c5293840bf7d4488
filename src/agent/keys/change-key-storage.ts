/** Another place for what opens this device's keys: keychain, passphrase, or a file. */
import fs from 'node:fs/promises';
import { Secret } from '../../crypto/secret.ts';
import { acquireOwnerLock } from '../../index/file/owner-lock.ts';
import type { AgentHost } from '../agent-host.ts';
import { readBundle, sealBundle, writeBundle } from './device-bundle.ts';
import { findKeychain } from './keychain.ts';
import { forgetRestKey, keepRestKey, type KeyStorageDeps, type RestPlace } from './key-storage.ts';
import type { KeyStorageKind } from './key-storage-kind.ts';
import { openKeyTools } from './key-tools.ts';
import { openKept } from './open-kept.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { readSettings } from '../profile/settings.ts';
import { strongPassphrase } from './strong-passphrase.ts';

/** What opens this device's keys now. Throws E_NO_PROFILE, E_LOCKED where the file is damaged. */
export async function readKeyStorage(profileDir: string): Promise<KeyStorageKind> {
  const folder = new ProfileFolder(profileDir);
  await folder.check();
  return (await readBundle(folder.file('bundle'))).rest.kind;
}

/**
 * Seals the device's keys anew, under a key that is kept in the way wanted, and forgets the old one. A crash leaves the one or
 * the other. `askNew` asks for the passphrase where that is the way. Throws E_KEYCHAIN_WEAK, E_KEYCHAIN_LOCKED, E_LOCKED, E_WEAK_PASSPHRASE, E_BUSY.
 */
export async function changeKeyStorage(host: AgentHost, kind: KeyStorageKind, askNew: () => Promise<string>): Promise<void> {
  const folder = new ProfileFolder(host.profileDir);
  await folder.check();
  const { vaultId } = await readSettings(folder);
  // Not the profile's own lock: an agent that runs has its keys already, and never writes this file.
  const lock = acquireOwnerLock(folder.file('bundleLock'));
  try {
    const file = folder.file('bundle');
    const bundle = await readBundle(file);
    if (bundle.rest.kind === kind && kind !== 'passphrase') return;
    const tools = openKeyTools(host.env);
    const deps: Omit<KeyStorageDeps, 'askPassphrase'> = { folder, ...tools, keychain: findKeychain(host.platform, host.env) };
    const { secrets } = await openKept(host, folder, vaultId);
    const askStrong = async (): Promise<Secret<string>> => new Secret(await strongPassphrase(await askNew()));
    const kept = await keepRestKey({ ...deps, askPassphrase: askStrong }, kind);
    try {
      await writeBundle(file, sealBundle(tools, vaultId, secrets, kept));
    } catch (error) {
      await forget(deps, kept.place);
      throw error;
    }
    await forget(deps, bundle.rest);
  } finally {
    lock.release();
  }
}

async function forget({ folder, keychain }: Omit<KeyStorageDeps, 'askPassphrase'>, place: RestPlace): Promise<void> {
  if (place.kind === 'file') await fs.rm(folder.file('key'), { force: true });
  else await forgetRestKey(keychain, place);
}
