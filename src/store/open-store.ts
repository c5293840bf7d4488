import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { HttpRoute } from './http/http-agents.ts';
import type { StoreLocation } from './store-address.ts';
import type { Store } from './store.ts';

import { Failure, unreachable } from '../base/failure.ts';
import { createStoreFolder, openFolderStore } from './folder/folder-store.ts';
import { requireSendable } from './s3/require-sendable.ts';
import { type BandwidthLimits, withBandwidthLimit } from './with-bandwidth-limit.ts';
import { type StoreMetrics, withMetrics } from './with-metrics.ts';
import { type RetryPolicy, withRetry } from './with-retry.ts';

export interface OpenStoreDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Read at every request; unlimited unless given. */
  readonly limits?: BandwidthLimits | undefined;
  /** Counted into; nobody counts unless given. */
  readonly metrics?: StoreMetrics | undefined;
  readonly retry?: RetryPolicy | undefined;
  /** How servers are reached: proxies, authorities. */
  readonly route?: HttpRoute | undefined;
  /** Make the folder of a folder store (not its parents) if it is not there: only for a new vault. */
  readonly createFolder?: boolean | undefined;
}

/**
 * The one place that puts a store together: the adapter for the address, then limit, metrics (which count every try) and
 * retry around it. Asks nothing yet: `probeStore` does. Throws E_USAGE where credentials are missing or can't be any.
 */
export async function openStore(location: StoreLocation, deps: OpenStoreDeps): Promise<Store> {
  if (location.credentials !== undefined) requireSendable(location.credentials);
  let store = await openAdapter(location, deps);
  if (deps.limits !== undefined) store = withBandwidthLimit(store, deps.limits, deps.clock);
  if (deps.metrics !== undefined) store = withMetrics(store, deps.metrics);
  return withRetry(store, { clock: deps.clock, random: deps.random, policy: deps.retry });
}

/** What speaks HTTP is loaded where it is needed: it takes longer to load than all the rest of the program. */
async function openAdapter({ address, credentials }: StoreLocation, deps: OpenStoreDeps): Promise<Store> {
  switch (address.kind) {
    case 'folder':
      if (deps.createFolder === true) await createStoreFolder(address.path);
      return openFolderStore(address.path, deps);
    case 'server': {
      if (credentials?.kind !== 'token') throw new Failure('E_USAGE', `a token is needed for ${address.origin}`);
      const { origin, name } = address;
      const { openHttpStore } = await import('./http/http-store.ts');
      return openHttpStore({ origin, name, token: credentials.token, clock: deps.clock, route: deps.route });
    }
    case 's3': {
      if (credentials?.kind !== 'key-pair') throw new Failure('E_USAGE', `keys are needed for the bucket ${address.bucket}`);
      const [{ placeS3 }, { openS3Store }] = await Promise.all([import('./s3/s3-place.ts'), import('./s3/s3-store.ts')]);
      return openS3Store({ place: placeS3(address), keys: credentials, clock: deps.clock, route: deps.route });
    }
    case 'webdav': {
      const { origin, path } = address;
      const { clock, random, route, createFolder = false } = deps;
      const options = { origin, path, credentials: credentials?.kind === 'password' ? credentials : undefined, clock, random, route };
      const { createWebdavFolder, openWebdavStore } = await import('./webdav/webdav-store.ts');
      if (createFolder) await createWebdavFolder(options);
      return openWebdavStore(options);
    }
    default:
      return unreachable(address);
  }
}
