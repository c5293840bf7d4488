import type { Clock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import type { Secret } from '../../crypto/secret.ts';
import { openStore } from '../../store/open-store.ts';
import { parseStoreUrl } from '../../store/parse-store-url.ts';
import type { StoreLocation } from '../../store/store-address.ts';
import type { Store } from '../../store/store.ts';
import type { BandwidthLimits } from '../../store/with-bandwidth-limit.ts';
import { newStoreMetrics, type StoreMetrics } from '../../store/with-metrics.ts';
import { readAwsKeys } from './aws-keys.ts';
import { configNumber, configText, type ConfigValues } from '../profile/config-values.ts';
import { readAuthorities } from './read-authorities.ts';

/** A store in use, and what went through it. */
export interface ConnectedStore {
  readonly store: Store;
  readonly metrics: StoreMetrics;
  /** From the next request on, these hold. */
  readonly limit: (config: ConfigValues) => void;
}

export interface ConnectOptions {
  readonly config: ConfigValues;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** A folder store's folder is made where it is missing: for a new vault only. */
  readonly createFolder?: boolean;
}

/** The store at this URL, with this device's limits around it. Asks it nothing yet. Throws E_USAGE, E_NOT_FOUND (store.ca). */
export async function connectStore(
  url: Secret<string>,
  { config, env, clock, createFolder = false }: ConnectOptions,
): Promise<ConnectedStore> {
  const metrics = newStoreMetrics();
  const limits = limitsOf(config);
  const location = await withEnvironmentKeys(parseStoreUrl(url.reveal()), env);
  const authorities = configText(config, 'store.ca');
  // No server, nothing to vouch for.
  const ca = authorities === undefined || location.address.kind === 'folder' ? undefined : await readAuthorities(authorities);
  const store = await openStore(location, {
    clock,
    random: systemRandom,
    metrics,
    createFolder,
    limits,
    route: { proxy: configText(config, 'proxy'), env, ca },
  });
  return {
    store,
    metrics,
    limit: (changed) => {
      Object.assign(limits, limitsOf(changed));
    },
  };
}

function limitsOf(config: ConfigValues): BandwidthLimits {
  return { upBytesPerSecond: configNumber(config, 'bandwidth.up'), downBytesPerSecond: configNumber(config, 'bandwidth.down') };
}

/** S3 stores without keys in their URL have them from where Amazon's own tools do. */
async function withEnvironmentKeys({ address, credentials }: StoreLocation, env: NodeJS.ProcessEnv): Promise<StoreLocation> {
  if (address.kind !== 's3' || credentials !== undefined) return { address, credentials };
  const { region, ...keys } = await readAwsKeys(env);
  return { address: { ...address, region: address.region ?? region }, credentials: { kind: 'key-pair', ...keys } };
}

/** The folder of a store that is one of this machine; undefined for every other. */
export function storeFolder(url: Secret<string>): string | undefined {
  const { address } = parseStoreUrl(url.reveal());
  return address.kind === 'folder' ? address.path : undefined;
}
