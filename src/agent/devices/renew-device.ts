/**
 * A new identity for a profile whose old one is used twice: copied to another machine, or put back from a backup. The old
 * identity lets the new one in, as any device may; it stays in the vault, as it may be at work elsewhere.
 */
import fs from 'node:fs/promises';
import { SyncIndex } from '../../index/sync-index.ts';
import type { SeenVector } from '../../model/change.ts';
import { changeKeyList } from '../../vault/keyring/change-key-list.ts';
import { makeDeviceKeys, type DeviceKeys } from '../../vault/keyring/device-keys.ts';
import { freeName } from '../../vault/keyring/free-name.ts';
import { findDevice } from '../../vault/keyring/key-list.ts';
import type { KeyStore } from '../../vault/keyring/key-tools.ts';
import type { Keyring } from '../../vault/keyring/keyring.ts';
import { loadKeyring } from '../../vault/keyring/load-keyring.ts';
import { acquireProfileLock } from '../profile/acquire-profile-lock.ts';
import type { AgentHost } from '../agent-host.ts';
import { changeSettings } from '../profile/change-settings.ts';
import { Closing } from '../closing.ts';
import { connectStore } from '../store/connect-store.ts';
import { sealBundle, writeBundle } from '../keys/device-bundle.ts';
import { openKeyTools } from '../keys/key-tools.ts';
import { renewMark, requireOriginalAtRest } from '../folder/folder-mark.ts';
import { openIndex } from '../profile/open-index.ts';
import { openKept } from '../keys/open-kept.ts';
import { PinFile } from '../profile/pin-file.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { rememberDevices } from './remember-devices.ts';
import { readSettings, type Settings } from '../profile/settings.ts';

/**
 * Makes this profile a device of its own, and the folder its alone; its name. Files stay; the next sync compares them all. Throws as
 * `openSession`, E_BUSY also where the profile that this one is a copy of is at work.
 */
export async function renewDevice(host: AgentHost): Promise<string> {
  const folder = new ProfileFolder(host.profileDir);
  await folder.check();
  const closing = new Closing();
  try {
    const lock = acquireProfileLock(host, folder);
    closing.add(() => lock.release());
    return await renew({ host, folder, closing, settings: await readSettings(folder) });
  } finally {
    await closing.run();
  }
}

interface Renewal {
  readonly host: AgentHost;
  readonly folder: ProfileFolder;
  readonly closing: Closing;
  readonly settings: Settings;
}

async function renew(renewal: Renewal): Promise<string> {
  const { host, folder, closing, settings } = renewal;
  const { vaultId, config } = settings;
  await requireOriginalAtRest(settings, folder.dir);
  const tools = openKeyTools(host.env);
  const { secrets, kept } = await openKept(host, folder, vaultId);
  const index = openIndex(folder.file('index'), () => {});
  closing.add(() => index.close());
  const pin = await PinFile.open({ file: folder.file('pin'), tools, own: secrets.own, vaultId, index });
  const { store } = await connectStore(secrets.storeUrl, { config, env: host.env, clock: host.clock });
  closing.add(() => store.close());
  const keyStore: KeyStore = { ...tools, store, clock: host.clock, signal: host.signal };
  const keyring = await loadKeyring(keyStore, { own: secrets.own, last: { vaultId, ...pin.keys }, pin: pin.pinKeys });
  const own = makeDeviceKeys(tools.primitives, tools.random);
  const name = await letIn(keyStore, keyring, { old: secrets.own, own });

  const seen = pin.copy.read() ?? new Map();
  index.close();
  await writeBundle(folder.file('bundle'), sealBundle(tools, vaultId, { ...secrets, own }, kept));
  const mark = await renewMark(settings, folder.dir, tools.random);
  await changeSettings(folder, (now) => ({ ...now, device: { id: own.id, name }, mark }));
  await beginAnew(renewal, { own, keyring, seen });
  return name;
}

async function letIn(
  keyStore: KeyStore,
  keyring: Keyring,
  { old, own }: { readonly old: DeviceKeys; readonly own: DeviceKeys },
): Promise<string> {
  const addedMs = keyStore.clock.nowMs();
  await changeKeyList(keyStore, keyring, old, ({ list, names }) => {
    if (findDevice(list.body, own.id) !== undefined) return undefined;
    const wanted = names.find(({ id }) => id === old.id)?.name ?? 'device';
    return { addDevices: [{ id: own.id, keys: own.publicKeys, name: freeName(wanted, names), addedMs }] };
  });
  return keyring.devices.find(({ id }) => id === own.id)?.name ?? '';
}

/** The index knows what the old identity did; a new one finds out from the folder and the store. What was seen stays pinned. */
async function beginAnew(
  { host, folder, settings }: Renewal,
  { own, keyring, seen }: { readonly own: DeviceKeys; readonly keyring: Keyring; readonly seen: SeenVector },
): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await fs.rm(folder.file('index') + suffix, { force: true });
  await fs.rm(folder.file('pin'), { force: true });
  const index = SyncIndex.open(folder.file('index'));
  try {
    const pin = await PinFile.open({ file: folder.file('pin'), tools: openKeyTools(host.env), own, vaultId: settings.vaultId, index });
    await pin.pinKeys(keyring.pin);
    await pin.copy.write(seen, undefined);
    rememberDevices(index, keyring);
  } finally {
    index.close();
  }
}
