/** Everything put together for one profile: the only place that names concrete parts. */
import { statfs } from 'node:fs/promises';
import { systemRandom } from '../base/random.ts';
import { Secret } from '../crypto/secret.ts';
import { spaceOf } from '../disk/disk-reserve.ts';
import { openNodeDisk } from '../disk/node-disk.ts';
import type { OpenDisk } from '../disk/open-disk.ts';
import { baseListener } from '../engine/publish/base-listener.ts';
import type { EngineParts } from '../engine/engine-parts.ts';
import { indexContents } from '../engine/content/index-contents.ts';
import { usualPortions } from '../engine/portions.ts';
import { openJournalBook } from '../index/journal-book.ts';
import type { SyncIndex } from '../index/sync-index.ts';
import type { Store } from '../store/store.ts';
import type { StoreMetrics } from '../store/with-metrics.ts';
import { chunksOf } from '../vault/chunk/content.ts';
import { Journal } from '../vault/journal/journal.ts';
import { patienceMs } from '../vault/journal/patience.ts';
import type { DeviceKeys } from '../vault/keyring/device-keys.ts';
import type { KeyStore } from '../vault/keyring/key-tools.ts';
import type { Keyring } from '../vault/keyring/keyring.ts';
import { loadKeyring } from '../vault/keyring/load-keyring.ts';
import { PackStore } from '../vault/pack/pack-store.ts';
import type { Sealing } from '../vault/sealing.ts';
import type { AgentEvent } from './agent-event.ts';
import { acquireProfileLock } from './profile/acquire-profile-lock.ts';
import type { AgentHost } from './agent-host.ts';
import { bringPast } from './past/bring-past.ts';
import { Closing } from './closing.ts';
import type { ConfigValues } from './profile/config-values.ts';
import { connectStore } from './store/connect-store.ts';
import { openBundle, readBundle, type DeviceSecrets } from './keys/device-bundle.ts';
import { requireOwnFolder } from './folder/folder-mark.ts';
import { keepHeapTight } from './threads/keep-heap-tight.ts';
import { findKeychain } from './keys/keychain.ts';
import { findRestKey } from './keys/key-storage.ts';
import { openKeyTools } from './keys/key-tools.ts';
import { openLog, type Log } from './profile/log-file.ts';
import { openIndex } from './profile/open-index.ts';
import { openRules } from './folder/open-rules.ts';
import { PinFile } from './profile/pin-file.ts';
import { removeOldDrafts } from './profile/private-file.ts';
import { ProfileFolder } from './profile/profile-folder.ts';
import { restoreSelection } from './folder/selection-file.ts';
import { readSettings, type Settings } from './profile/settings.ts';
import { ThreadedWorkshop } from './threads/threaded-workshop.ts';
import { withLocalRoom } from './store/with-local-room.ts';

/** A profile at work: its owner until closed. */
export interface Session {
  readonly folder: ProfileFolder;
  readonly settings: Settings;
  readonly own: DeviceKeys;
  readonly keyStore: KeyStore;
  readonly keyring: Keyring;
  readonly sealing: Sealing;
  readonly index: SyncIndex;
  readonly journal: Journal;
  readonly disk: OpenDisk;
  readonly store: Store;
  readonly metrics: StoreMetrics;
  /** Has these limits of bandwidth hold from now on. */
  readonly limit: (config: ConfigValues) => void;
  readonly parts: EngineParts;
  readonly log: Log;
  /** Tells whoever started this. */
  readonly tell: (event: AgentEvent) => void;
  close(): Promise<void>;
}

/**
 * Opens the profile and connects it to its vault. Throws E_NO_PROFILE, E_LOCAL_PERMS, E_BUSY (another Cachette owns it),
 * E_CLONED_DEVICE (it is a copy of a profile that has the folder), E_LOCKED, E_KEYCHAIN_LOCKED, and what `loadKeyring` throws about the store.
 */
export async function openSession(host: AgentHost, emit: (event: AgentEvent) => void): Promise<Session> {
  const folder = new ProfileFolder(host.profileDir);
  await folder.check();
  const closing = new Closing();
  keepHeapTight();
  try {
    const lock = acquireProfileLock(host, folder);
    closing.add(() => lock.release());
    await removeOldDrafts(folder.dir);
    const log = openLog(folder.file('log'));
    closing.add(() => log.close());
    return await assemble({ host, folder, log, closing, emit });
  } catch (error) {
    await closing.run();
    throw error;
  }
}

interface Assembly {
  readonly host: AgentHost;
  readonly folder: ProfileFolder;
  readonly log: Log;
  readonly closing: Closing;
  readonly emit: (event: AgentEvent) => void;
}

async function assemble({ host, folder, log, closing, emit }: Assembly): Promise<Session> {
  const settings = await readSettings(folder);
  await requireOwnFolder(settings, folder.dir);
  const { vaultId, device } = settings;
  const tools = openKeyTools(host.env);
  const { clock } = host;
  const { own, storeUrl } = await openSecrets(host, folder, settings);
  const index = openIndex(folder.file('index'), () => {
    log.info('index put aside');
    host.warn('the index was damaged: it was put aside and is built again');
  });
  closing.add(() => index.close());
  await restoreSelection(folder.file('selection'), index);
  const { store: connected, metrics, limit } = await connectStore(storeUrl, { config: settings.config, env: host.env, clock });
  closing.add(() => connected.close());
  const store = withLocalRoom(connected, { clock, space: async () => spaceOf(await statfs(folder.dir)) });
  const keyStore: KeyStore = { ...tools, store, clock, signal: host.signal };
  const pin = await PinFile.open({ file: folder.file('pin'), tools, own, vaultId, index });
  const keyring = await loadKeyring(keyStore, { own, last: { vaultId, ...pin.keys }, pin: pin.pinKeys });
  const sealing: Sealing = { primitives: tools.primitives, seals: tools.seals, vaultId };
  const place = { rootDir: settings.folder, mark: settings.mark };
  const disk = openNodeDisk({ ...place, clock, random: systemRandom });
  const secretOf = (epoch: number): Uint8Array => secretOfEpoch(keyring, epoch);
  const workshop = new ThreadedWorkshop({ worker: { ...place, vaultId, primitives: tools.primitives.name }, secretOf });
  closing.add(() => workshop.close());
  const journal = new Journal({
    store,
    sealing,
    keys: keyring,
    book: openJournalBook(index),
    pinCopy: pin.copy,
    listener: baseListener(index),
    snapshotContents: indexContents(index),
    clock,
    random: systemRandom,
  });
  const parts: EngineParts = {
    index,
    disk,
    journal,
    workshop,
    portions: usualPortions,
    emit,
    packs: new PackStore(store, { clock, delaysMs: patienceMs }),
    clock,
    random: systemRandom,
    device: {
      id: device.id,
      // It may be renamed while all this is at work.
      get name() {
        return ownName(keyring) ?? device.name;
      },
    },
    currentEpoch: () => keyring.epoch,
    rules: openRules(settings.config),
    bringPast: (signal) => bringPast({ folder, index, journal }, signal),
    readChunkList: (content, listed) => chunksOf(sealing.primitives, keyring.epochKeys(content.epoch), content, listed),
  };
  const close = (): Promise<void> => closing.run();
  return { folder, settings, own, keyStore, keyring, sealing, index, journal, disk, store, metrics, limit, parts, log, tell: emit, close };
}

/** The device's own secrets. Throws E_LOCKED, E_KEYCHAIN_LOCKED, E_KDF_BOUNDS. */
export async function openSecrets(host: AgentHost, folder: ProfileFolder, { vaultId }: Settings): Promise<DeviceSecrets> {
  const tools = openKeyTools(host.env);
  const bundle = await readBundle(folder.file('bundle'));
  const askPassphrase = async (): Promise<Secret<string>> => new Secret(await host.askPassphrase());
  const storage = {
    folder,
    primitives: tools.primitives,
    random: tools.random,
    keychain: findKeychain(host.platform, host.env),
    askPassphrase,
  };
  return openBundle(tools, vaultId, bundle, await findRestKey(storage, bundle.rest));
}

/** Workers derive their keys themselves. Throws E_EPOCH. */
function secretOfEpoch(keyring: Keyring, epoch: number): Uint8Array {
  // Says what is wrong where there is none.
  keyring.epochKeys(epoch);
  return keyring.state().secretOf(epoch)?.secret ?? new Uint8Array();
}

/** What the vault calls this device: a number may have been added when it joined. */
function ownName(keyring: Keyring): string | undefined {
  return keyring.devices.find(({ id }) => id === keyring.device)?.name;
}
