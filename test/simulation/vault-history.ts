import { readPast } from '../../src/index/past-reader.ts';
import { deletedVersions, versionsOf } from '../../src/planner/past-versions.ts';
import { chunkIdOf } from '../../src/vault/chunk/chunk-codec.ts';
import type { SimDevice } from './sim-device.ts';
import type { SimVault } from './sim-vault.ts';

/** Whether the vault's history, as far as the device knows it, holds a file of this (short) text: it can be restored then. */
export function isInHistory({ index }: SimDevice, { sealing, epochKeys }: SimVault, text: string): boolean {
  const past = readPast(index);
  const nodes = [...index.remote.nodesAfter(undefined, 1e6), ...deletedVersions(past, undefined)].map(({ id }) => id);
  const content = String(chunkIdOf(sealing.primitives, epochKeys, Buffer.from(text)));
  for (const { state } of versionsOf(past, nodes)) if (state.kind === 'file' && String(state.content.id) === content) return true;
  return false;
}
