/** Bringing chunks, pack by pack: what is wanted of a pack is read with few requests, opened by the workshop, delivered. */
import { Failure } from '../base/failure.ts';
import type { PackId } from '../model/ids.ts';
import type { FoundChunk } from '../index/chunk-table.ts';
import { packName } from '../vault/pack/pack-name.ts';
import { planReads } from '../vault/pack/plan-reads.ts';
import type { EngineParts } from './engine-parts.ts';

/** A chunk that is wanted, and by whom. */
export interface ChunkTarget {
  readonly place: FoundChunk;
  /** Takes the verified plaintext. The same chunk may be wanted more than once. */
  deliver(plain: Uint8Array): Promise<void>;
  /** Is told first when this chunk is what failed; what it returns is thrown. */
  failed(error: unknown): unknown;
}

/** Packs read at once; each may hold up to 16 MiB in memory. */
const packsAtOnce = 2;

/** Brings all of them or throws. */
export async function fetchChunks(parts: EngineParts, targets: readonly ChunkTarget[], signal: AbortSignal): Promise<void> {
  const byPack = new Map<PackId, ChunkTarget[]>();
  for (const target of targets) {
    const group = byPack.get(target.place.pack);
    if (group === undefined) byPack.set(target.place.pack, [target]);
    else group.push(target);
  }
  const queue = [...byPack.values()];
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let group = queue.shift(); group !== undefined && failure === undefined; group = queue.shift()) {
      try {
        await fetchPack(parts, group, signal);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: packsAtOnce }, worker));
  if (failure !== undefined) throw failure.error;
}

async function fetchPack(parts: EngineParts, targets: readonly ChunkTarget[], signal: AbortSignal): Promise<void> {
  const [first] = targets;
  if (first === undefined) return;
  const { pack, packSizeBytes } = first.place;
  const reads = planReads(packSizeBytes, targets.map(({ place }) => place));
  for (const read of reads) {
    const bytes = await parts.store.get(packName(pack), { range: { start: read.start, length: read.length }, maxBytes: read.length, signal });
    const wanted = targets.filter(({ place }) => place.offset >= read.start && place.offset + place.sealedBytes <= read.start + read.length);
    if (bytes === undefined) {
      const missing = new Failure('E_MISSING', `the store does not have ${packName(pack)}`, { subject: packName(pack) });
      throw wanted.reduce<unknown>((error, target) => target.failed(error), missing);
    }
    await openAll(parts, wanted, { bytes, start: read.start });
  }
}

async function openAll(parts: EngineParts, targets: readonly ChunkTarget[], read: { readonly bytes: Uint8Array; readonly start: number }): Promise<void> {
  const slices = targets.map(({ place }) => read.bytes.subarray(place.offset - read.start, place.offset - read.start + place.sealedBytes));
  const [first] = targets;
  if (first === undefined) return;
  const { pack, epoch } = first.place;
  const opened = await parts.workshop.open({ pack, epoch, chunks: targets.map(({ place }, at) => ({ place, ordinal: place.ordinal, sealed: slices[at] ?? new Uint8Array() })) });
  for (const [at, target] of targets.entries()) {
    const result = opened[at];
    if (result instanceof Uint8Array) await target.deliver(result);
    else throw target.failed(new Failure(result?.code ?? 'E_TAMPER', `${packName(pack)}: ${result?.message ?? 'a chunk is missing'}`, { subject: packName(pack) }));
  }
  parts.index.transaction(() => {
    for (const { place } of targets) parts.index.chunks.markOpened(place.chunk);
  });
}
