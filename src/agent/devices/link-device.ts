/**
 * Making a profile and linking a folder: what `init` and `join` have in common. Nothing half-made is left where it fails:
 * what was made here is taken away again, last thing first. The settings are written last: with them, the profile exists.
 */
import { Failure } from '../../base/failure.ts';
import { Secret } from '../../crypto/secret.ts';
import { SyncIndex } from '../../index/sync-index.ts';
import type { SeenVector } from '../../model/change.ts';
import type { VaultId } from '../../model/ids.ts';
import { parseStoreUrl } from '../../store/parse-store-url.ts';
import { probeStore } from '../../store/probe.ts';
import { makeDeviceKeys, type DeviceKeys } from '../../vault/keyring/device-keys.ts';
import type { KeyStore } from '../../vault/keyring/key-tools.ts';
import type { Keyring, PinKeyring } from '../../vault/keyring/keyring.ts';
import { acquireProfileLock } from '../profile/acquire-profile-lock.ts';
import type { AgentHost } from '../agent-host.ts';
import { claimFolder } from '../folder/claim-folder.ts';
import { Closing } from '../closing.ts';
import type { ConfigValues } from '../profile/config-values.ts';
import { connectStore, storeFolder } from '../store/connect-store.ts';
import { sealBundle, writeBundle } from '../keys/device-bundle.ts';
import { parseDeviceName } from './device-name.ts';
import { findKeychain } from '../keys/keychain.ts';
import { forgetRestKey, keepRestKey, type KeptKey, type KeyStorageDeps } from '../keys/key-storage.ts';
import type { KeyStorageKind } from '../keys/key-storage-kind.ts';
import { openKeyTools } from '../keys/key-tools.ts';
import { requireNewStorePlace } from '../begin/new-store-place.ts';
import { PinFile } from '../profile/pin-file.ts';
import { ProfileFolder } from '../profile/profile-folder.ts';
import { rememberDevices } from './remember-devices.ts';
import { requireUsableConfig } from '../profile/require-usable-config.ts';
import { writeSettings } from '../profile/settings.ts';

/** What a person says about the device to be linked. */
export interface LinkOptions {
  readonly storeUrl: string;
  readonly folder: string;
  /** The computer's name where left out. */
  readonly deviceName: string | undefined;
  /** The keychain where there is one, else a file, where left out. */
  readonly keyStorage: KeyStorageKind | undefined;
  /** Settings that hold from the first request on, and are kept; none where left out. */
  readonly config?: ConfigValues;
}

/** How the device gets into a vault. */
export interface Entrance {
  /** A new vault: then a folder store's folder is made. */
  readonly isNew: boolean;
  enter(keyStore: KeyStore, newcomer: Newcomer): Promise<Keyring>;
}

/** The device, as `createVault` and `joinVault` take it. */
export interface Newcomer {
  readonly own: DeviceKeys;
  readonly deviceName: string;
  readonly pin: PinKeyring;
  readonly keep: (vaultId: VaultId) => Promise<void>;
  /** What has been seen of the journal before it was read: the store has to show at least that. */
  readonly pinSeen: (vector: SeenVector) => Promise<void>;
  /** Has this undone where the linking fails later on. */
  readonly undo: (step: () => Promise<void>) => void;
}

export interface LinkedDevice {
  readonly vaultId: VaultId;
  readonly deviceName: string;
  /** What the store can't do, in words. */
  readonly notes: readonly string[];
}

/** For before anybody is asked for a secret: a wrong address or setting would make it a vain one. Throws E_USAGE. */
export async function requireUsableOptions({ storeUrl, config = {} }: LinkOptions): Promise<void> {
  parseStoreUrl(storeUrl);
  await requireUsableConfig(config);
}

/** Links this device. Throws E_PROFILE_EXISTS, E_FOLDER_OWNED, E_KEYCHAIN_WEAK, E_LOCKED, and what the entrance and the store throw. */
export async function linkDevice(host: AgentHost, options: LinkOptions, entrance: Entrance): Promise<LinkedDevice> {
  const closing = new Closing();
  let linked: LinkedDevice;
  try {
    linked = await link({ host, options, entrance, closing });
    closing.keep();
  } catch (error) {
    // What led here is what has to be told.
    await closing.run().catch(() => undefined);
    throw error;
  }
  await closing.run();
  return linked;
}

interface Linking {
  readonly host: AgentHost;
  readonly options: LinkOptions;
  readonly entrance: Entrance;
  readonly closing: Closing;
}

async function link({ host, options, entrance, closing }: Linking): Promise<LinkedDevice> {
  const url = new Secret(options.storeUrl);
  const deviceName = parseDeviceName(options.deviceName);
  const folder = new ProfileFolder(host.profileDir, { isAtWork: host.agent !== undefined });
  const storeDir = storeFolder(url);
  if (entrance.isNew && storeDir !== undefined) await requireNewStorePlace(storeDir);
  await folder.make();
  closing.addUndoing(() => folder.unmake());
  const lock = acquireProfileLock(host, folder);
  closing.addUndoing(() => folder.removeLock());
  closing.add(() => lock.release());
  // While the lock is held, and only then: what lies there may be another try's, under way.
  closing.addUndoing(() => folder.clear());
  await folder.clear();
  const claimed = await claimFolder(options.folder, { profileDir: folder.dir, storeDir }, openKeyTools(host.env).random);
  closing.addUndoing(() => claimed.release());

  const { config = {} } = options;
  const { store } = await connectStore(url, { config, env: host.env, clock: host.clock, createFolder: entrance.isNew });
  closing.add(() => store.close());
  const { notes } = await probeStore(store, openKeyTools(host.env).random);
  const tools = openKeyTools(host.env);
  const kept = await keepKey(host, { folder, kind: options.keyStorage });
  closing.addUndoing(() => forgetRestKey(findKeychain(host.platform, host.env), kept.place));

  const own = makeDeviceKeys(tools.primitives, tools.random);
  const index = SyncIndex.open(folder.file('index'));
  closing.add(() => index.close());
  let pin: PinFile | undefined;
  const keptPin = (): PinFile => {
    if (pin === undefined) throw new Failure('E_FAILED', 'a vault was entered before its keys were kept');
    return pin;
  };
  const keyring = await entrance.enter(
    { ...tools, store, clock: host.clock, signal: host.signal },
    {
      own,
      deviceName,
      undo: (step) => {
        closing.addUndoing(step);
      },
      keep: async (vaultId) => {
        await writeBundle(folder.file('bundle'), sealBundle(tools, vaultId, { own, storeUrl: url }, kept));
        pin = await PinFile.open({ file: folder.file('pin'), tools, own, vaultId, index });
      },
      pin: (keys) => keptPin().pinKeys(keys),
      pinSeen: (vector) => keptPin().copy.write(vector, undefined),
    },
  );
  rememberDevices(index, keyring);
  const name = keyring.devices.find(({ id }) => id === own.id)?.name ?? deviceName;
  const { vaultId } = keyring;
  // The last moment: from here on it counts.
  host.signal.throwIfAborted();
  await writeSettings(folder, { format: 1, vaultId, device: { id: own.id, name }, folder: claimed.dir, mark: claimed.mark, config });
  if (kept.place.kind === 'file') warnOfFile(host, kept.why);
  return { vaultId, deviceName: name, notes };
}

/** A rest key, kept as was chosen. Nothing chosen and no keychain that works: in a file; `why` not in a keychain, then. */
async function keepKey(
  host: AgentHost,
  wanted: { readonly folder: ProfileFolder; readonly kind: KeyStorageKind | undefined },
): Promise<KeptKey & { readonly why?: string }> {
  const { primitives, random } = openKeyTools(host.env);
  const askPassphrase = async (): Promise<Secret<string>> => new Secret(await host.askPassphrase());
  const deps: KeyStorageDeps = {
    folder: wanted.folder,
    primitives,
    random,
    keychain: findKeychain(host.platform, host.env),
    askPassphrase,
  };
  const { kind } = wanted;
  if (kind === undefined) {
    try {
      return await keepRestKey(deps, 'keychain');
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'E_KEYCHAIN_WEAK') throw error;
      const why = deps.keychain === undefined ? 'no keychain was found' : error.message;
      return { ...(await keepRestKey(deps, 'file')), why };
    }
  }
  return keepRestKey(deps, kind);
}

/** Said once, when all else is done. */
function warnOfFile(host: AgentHost, why: string | undefined): void {
  host.warn(
    `${why === undefined ? 'this' : `${why}, so this`} device's keys are kept in a file: whoever can read ${host.profileDir} has them (--key-storage passphrase asks instead)`,
  );
}
