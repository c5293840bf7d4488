import fs from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../base/failure.ts';
import { systemRandom } from '../../base/random.ts';
import { Secret } from '../../crypto/secret.ts';
import { probeStore } from '../../store/probe.ts';
import { hintName } from '../../store/object-name.ts';
import type { Store } from '../../store/store.ts';
import { genesisMaxBytes, genesisName } from '../../vault/keyring/genesis.ts';
import type { AgentHost } from '../agent-host.ts';
import { nearestFolder } from '../folder/claim-folder.ts';
import { connectStore, storeFolder } from '../store/connect-store.ts';
import { findForeign } from '../begin/new-store-place.ts';

/** What stands in a store, and what it can't do. */
export interface StoreLook {
  readonly has: 'nothing' | 'vault' | 'other-things';
  readonly notes: string[];
}

/** Somebody waits in front of a window. */
const patienceMs = 20_000;

/** Tries the store as `init` and a join would; leaves nothing there, and makes no folder. Throws what the store throws. */
export async function lookAtStore(host: AgentHost, storeUrl: string): Promise<StoreLook> {
  const url = new Secret(storeUrl);
  const dir = storeFolder(url);
  if (dir !== undefined && (await isToBeMade(dir))) return { has: 'nothing', notes: [] };
  // Not even tried: a probe would lie among somebody's files.
  if (dir !== undefined && (await findForeign(dir)) !== undefined) return { has: 'other-things', notes: [] };
  const { store } = await connectStore(url, { config: {}, env: host.env, clock: host.clock });
  const waiting = new AbortController();
  const timeUp = host.clock.sleep(patienceMs, AbortSignal.any([host.signal, waiting.signal])).then(() => {
    throw new Failure('E_STORE_UNREACHABLE', `${store.label} does not answer`, { subject: store.label });
  });
  try {
    const seen = await Promise.race([look(store), timeUp]);
    if (dir !== undefined && seen.has === 'nothing') await removeProbes(dir);
    return seen;
  } finally {
    timeUp.catch(() => {});
    waiting.abort();
    await store.close();
  }
}

/** What a probe leaves in an empty folder goes, and nothing else: a place that nothing comes of stays as it was found. */
async function removeProbes(dir: string): Promise<void> {
  await fs.rm(path.join(dir, hintName), { force: true });
  for (const name of ['.tmp', 'probe']) await fs.rmdir(path.join(dir, name)).catch(() => {});
}

async function look(store: Store): Promise<StoreLook> {
  if ((await store.get(genesisName, { maxBytes: genesisMaxBytes })) !== undefined) {
    return { has: 'vault', notes: [...(await probeStore(store, systemRandom)).notes] };
  }
  const { names } = await store.list('', { limit: 10 });
  const { notes } = await probeStore(store, systemRandom);
  return { has: names.some((name) => !isOfProbes(name)) ? 'other-things' : 'nothing', notes: [...notes] };
}

/** What another probe, or this one some time ago, may have left. */
function isOfProbes(name: string): boolean {
  return name.startsWith('probe/') || name === hintName;
}

/** A folder that `init` would make. Throws E_DISK where it could not. */
async function isToBeMade(dir: string): Promise<boolean> {
  if (
    await fs.stat(dir).then(
      (stats) => stats.isDirectory(),
      () => false,
    )
  )
    return false;
  const above = await nearestFolder(dir);
  try {
    await fs.access(above, fs.constants.W_OK | fs.constants.X_OK);
  } catch (cause) {
    throw new Failure('E_DISK', `${above} can't be written to`, { subject: above, cause });
  }
  return true;
}
