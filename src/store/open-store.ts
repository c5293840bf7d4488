import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { StoreAddress, StoreLocation } from './store-address.ts';
import type { Store } from './store.ts';

import { Failure, unreachable } from '../base/failure.ts';
import { createStoreFolder, openFolderStore } from './folder-store.ts';
import { openHttpStore } from './http-store.ts';
import { createWebdavFolder, openWebdavStore } from './webdav-store.ts';
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
  readonly proxyUrl?: string | undefined;
  /** Make the folder of a folder store (not its parents) if it is not there: only for a new vault. */
  readonly createFolder?: boolean | undefined;
}

/**
 * The one place that puts a store together: the adapter for the address, then limit, metrics (which count every try) and
 * retry around it. Asks nothing yet: `probeStore` does. Throws E_USAGE for an address that this version can't open.
 */
export async function openStore(location: StoreLocation, deps: OpenStoreDeps): Promise<Store> {
  let store = await openAdapter(location, deps);
  if (deps.limits !== undefined) store = withBandwidthLimit(store, deps.limits, deps.clock);
  if (deps.metrics !== undefined) store = withMetrics(store, deps.metrics);
  return withRetry(store, { clock: deps.clock, random: deps.random, policy: deps.retry });
}

async function openAdapter({ address, credentials }: StoreLocation, deps: OpenStoreDeps): Promise<Store> {
  switch (address.kind) {
    case 'folder':
      if (deps.createFolder === true) await createStoreFolder(address.path);
      return openFolderStore(address.path, deps);
    case 'server': {
      if (credentials?.kind !== 'token') throw new Failure('E_USAGE', `a token is needed for ${address.origin}`);
      const { origin, name } = address;
      return openHttpStore({ origin, name, token: credentials.token, clock: deps.clock, proxyUrl: deps.proxyUrl });
    }
    case 'webdav': {
      const { origin, path } = address;
      const { clock, random, proxyUrl, createFolder = false } = deps;
      const options = { origin, path, credentials: credentials?.kind === 'password' ? credentials : undefined, clock, random, proxyUrl };
      if (createFolder) await createWebdavFolder(options);
      return openWebdavStore(options);
    }
    case 's3':
      throw noAdapter(address);
    default:
      return unreachable(address);
  }
}

function noAdapter({ kind }: StoreAddress): Failure {
  const names = { s3: 'S3', webdav: 'WebDAV', folder: 'folder', server: 'server' } as const;
  return new Failure('E_USAGE', `this version of Cachette cannot open ${names[kind]} stores yet`, {
    action:
      'use a folder (file:///path), a Cachette server (https://TOKEN@host:port/name) or WebDAV (webdav+https://user:password@host/path)',
  });
}
