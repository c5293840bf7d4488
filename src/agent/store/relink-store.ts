/** The same vault at another address, or with another password. */
import { Secret } from '../../crypto/secret.ts';
import { loadKeyring } from '../../vault/keyring/load-keyring.ts';
import { acquireProfileLock } from '../profile/acquire-profile-lock.ts';
import type { AgentHost } from '../agent-host.ts';
import { Closing } from '../closing.ts';
import { requireOutsideSynced } from '../begin/new-store-place.ts';
import { requireStoreApart } from '../folder/claim-folder.ts';
import { connectStore, storeFolder } from './connect-store.ts';
import { sealBundle, writeBundle } from '../keys/device-bundle.ts';
import { openKeyTools } from '../keys/key-tools.ts';
import { openIndex } from '../profile/open-index.ts';
import { openKept } from '../keys/open-kept.ts';
import { PinFile } from '../profile/pin-file.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { readSettings } from '../profile/settings.ts';

/**
 * Keeps the address once it has shown that this very vault stands there, with all that this device has seen of its devices.
 * Throws E_USAGE, E_BUSY (an agent runs), E_FOLDER_OWNED (a folder in one that is kept in sync, or around it), and what `loadKeyring` throws about the store.
 */
export async function relinkStore(host: AgentHost, storeUrl: string): Promise<void> {
  const folder = new ProfileFolder(host.profileDir);
  await folder.check();
  const closing = new Closing();
  try {
    const lock = acquireProfileLock(host, folder);
    closing.add(() => lock.release());
    const { vaultId, config, folder: dir } = await readSettings(folder);
    const tools = openKeyTools(host.env);
    const url = new Secret(storeUrl);
    const storeDir = storeFolder(url);
    if (storeDir !== undefined) {
      await requireStoreApart(storeDir, { dir, profileDir: folder.dir });
      await requireOutsideSynced(storeDir);
    }
    const { store } = await connectStore(url, { config, env: host.env, clock: host.clock });
    closing.add(() => store.close());
    const { secrets, kept } = await openKept(host, folder, vaultId);
    const index = openIndex(folder.file('index'), () => {});
    closing.add(() => index.close());
    const pin = await PinFile.open({ file: folder.file('pin'), tools, own: secrets.own, vaultId, index });
    const keyStore = { ...tools, store, clock: host.clock, signal: host.signal };
    await loadKeyring(keyStore, { own: secrets.own, last: { vaultId, ...pin.keys }, pin: pin.pinKeys });
    await writeBundle(folder.file('bundle'), sealBundle(tools, vaultId, { ...secrets, storeUrl: url }, kept));
  } finally {
    await closing.run();
  }
}
