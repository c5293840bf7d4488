import type { Clock } from '../base/clock.ts';
import { Failure } from '../base/failure.ts';
import { systemRandom } from '../base/random.ts';
import type { Secret } from '../crypto/secret.ts';
import { openStore } from '../store/open-store.ts';
import { parseStoreUrl } from '../store/parse-store-url.ts';
import type { StoreLocation } from '../store/store-address.ts';
import type { Store } from '../store/store.ts';
import { newStoreMetrics, type StoreMetrics } from '../store/with-metrics.ts';
import { configNumber, configText, type ConfigValues } from './config-values.ts';

/** A store in use, and what went through it. */
export interface ConnectedStore {
  readonly store: Store;
  readonly metrics: StoreMetrics;
}

export interface ConnectOptions {
  readonly config: ConfigValues;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** A folder store's folder is made where it is missing: for a new vault only. */
  readonly createFolder?: boolean;
}

/** The store at this URL, with this device's limits around it. Asks it nothing yet. Throws E_USAGE. */
export async function connectStore(
  url: Secret<string>,
  { config, env, clock, createFolder = false }: ConnectOptions,
): Promise<ConnectedStore> {
  const metrics = newStoreMetrics();
  const limits = { upBytesPerSecond: configNumber(config, 'bandwidth.up'), downBytesPerSecond: configNumber(config, 'bandwidth.down') };
  const store = await openStore(withEnvironmentKeys(parseStoreUrl(url.reveal()), env), {
    clock,
    random: systemRandom,
    metrics,
    createFolder,
    limits,
    proxyUrl: configText(config, 'proxy'),
  });
  return { store, metrics };
}

/** Amazon's own stores take their keys from where Amazon's own tools do. */
function withEnvironmentKeys(location: StoreLocation, env: NodeJS.ProcessEnv): StoreLocation {
  if (location.address.kind !== 's3' || location.credentials !== undefined) return location;
  const [keyId, secret] = [env['AWS_ACCESS_KEY_ID'] ?? '', env['AWS_SECRET_ACCESS_KEY'] ?? ''];
  if (keyId === '' || secret === '')
    throw new Failure('E_STORE_DENIED', 'no keys for this store', { action: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' });
  return { ...location, credentials: { kind: 'key-pair', keyId, secret } };
}

/** The folder of a store that is one of this machine; undefined for every other. */
export function storeFolder(url: Secret<string>): string | undefined {
  const { address } = parseStoreUrl(url.reveal());
  return address.kind === 'folder' ? address.path : undefined;
}
