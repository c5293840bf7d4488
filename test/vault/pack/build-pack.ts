import { concatBytes } from '../../../src/base/bytes.ts';
import { chunkIdOf, sealChunk } from '../../../src/vault/chunk/chunk-codec.ts';
import { type FinishedPack, PackBuilder } from '../../../src/vault/pack/pack-builder.ts';
import type { PackId } from '../../../src/model/ids.ts';
import type { TestVault } from '../chunk/test-vault.ts';

/** A finished pack and its bytes in one piece. */
export interface BuiltPack extends FinishedPack {
  readonly bytes: Uint8Array;
}

/** A pack of these chunks; they come back to the builder last one first. */
export function buildPack(vault: TestVault, pack: PackId, plains: readonly Uint8Array[], epoch = 3): BuiltPack {
  const keys = vault.keys(epoch);
  const builder = new PackBuilder(vault.sealing, keys, pack);
  const reserved = plains.map((plain) => ({ plain, ordinal: builder.reserve(plain.length) }));
  for (const { plain, ordinal } of reserved.toReversed()) {
    if (ordinal === undefined) throw new Error('the pack has no room');
    const chunk = chunkIdOf(vault.sealing.primitives, keys, plain);
    builder.add(ordinal, { chunk, plainBytes: plain.length, sealed: sealChunk(vault.sealing, keys, { pack, ordinal }, { chunk, plain }) });
  }
  const finished = builder.finish();
  return { ...finished, bytes: concatBytes(finished.parts) };
}
