import { readPast } from '../../src/index/past-reader.ts';
import { deletedVersions, versionsOf } from '../../src/planner/past-versions.ts';
import { chunkIdOf } from '../../src/vault/chunk/chunk-codec.ts';
import type { SimDevice } from './sim-device.ts';
import type { SimVault } from './sim-vault.ts';

/** Whether the vault's tree, as far as the device knows it, holds a file of this (short) text. */
export function isInTree({ index }: SimDevice, vault: SimVault, text: string): boolean {
  const ids = contentIds(vault, text);
  return [...index.remote.nodesAfter(undefined, 1e6)].some(({ state }) => state.kind === 'file' && ids.has(state.content.id));
}

/** Which of these (short) texts a content is. */
export function textsByContent(vault: SimVault, texts: Iterable<string>): ReadonlyMap<string, string> {
  return new Map([...texts].flatMap((text) => [...contentIds(vault, text)].map((id): [string, string] => [id, text])));
}

/** In any of the vault's epochs. */
function contentIds(vault: SimVault, text: string): ReadonlySet<string> {
  const epochs = Array.from({ length: vault.epoch }, (_, at) => at + 1);
  return new Set(epochs.map((epoch) => String(chunkIdOf(vault.sealing.primitives, vault.keysOf(epoch), Buffer.from(text)))));
}

/** Whether the vault's history, as far as the device knows it, holds a file of this (short) text: it can be restored then. */
export function isInHistory({ index }: SimDevice, vault: SimVault, text: string): boolean {
  const past = readPast(index);
  const nodes = [...index.remote.nodesAfter(undefined, 1e6), ...deletedVersions(past, undefined)].map(({ id }) => id);
  const ids = contentIds(vault, text);
  for (const { state } of versionsOf(past, nodes)) if (state.kind === 'file' && ids.has(state.content.id)) return true;
  return false;
}
