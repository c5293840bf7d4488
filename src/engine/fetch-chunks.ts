/** Bringing chunks, pack by pack: what is wanted of a pack is read with few requests, opened by the workshop, delivered. */
import { Failure } from '../base/failure.ts';
import type { PackId } from '../model/ids.ts';
import type { FoundChunk } from '../index/chunk-table.ts';
import { packName } from '../vault/pack/pack-name.ts';
import { findInRange, planReads, type ReadRange } from '../vault/pack/plan-reads.ts';
import type { EngineParts } from './engine-parts.ts';
import { isIntegrityFailure } from './problems.ts';
import type { ChunkFault } from './workshop.ts';

/** A chunk that is wanted, and by whom. */
export interface ChunkTarget {
  readonly place: FoundChunk;
  /** Takes the verified plaintext. The same chunk may be wanted more than once. */
  deliver(plain: Uint8Array): Promise<void>;
  /** Is told when this chunk is one of those that failed, before the failure is thrown. */
  failed(failure: Failure): void;
}

/** Reads at once; each may hold a pack of up to 17 MiB in memory. */
const rangesAtOnce = 2;

/**
 * Brings all of them or throws the first failure. What the store fails at is told for every chunk, so that one call finds all
 * that is damaged; anything else ends it at once.
 */
export async function fetchChunks(parts: EngineParts, targets: readonly ChunkTarget[], signal: AbortSignal): Promise<void> {
  const queue = wantedRanges(targets);
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let wanted = queue.shift(); wanted !== undefined; wanted = queue.shift()) {
      try {
        await fetchRange(parts, wanted, signal);
      } catch (error) {
        failure ??= { error };
        if (!isIntegrityFailure(error)) queue.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: rangesAtOnce }, worker));
  if (failure !== undefined) throw failure.error;
}

/** Targets of one pack that are read together; at least one. */
interface WantedRange {
  readonly pack: PackId;
  readonly epoch: number;
  readonly range: ReadRange;
  readonly targets: readonly ChunkTarget[];
}

function wantedRanges(targets: readonly ChunkTarget[]): WantedRange[] {
  const wanted: WantedRange[] = [];
  for (const [pack, group] of Map.groupBy(targets, ({ place }) => place.pack)) {
    const places = group.map(({ place }) => place);
    const [{ epoch, packBytes } = { epoch: 0, packBytes: 0 }] = places;
    for (const range of planReads(packBytes, places).ranges) {
      const within = group.filter(({ place }) => place.offset >= range.start && place.offset < range.start + range.bytes);
      wanted.push({ pack, epoch, range, targets: within });
    }
  }
  return wanted;
}

async function fetchRange(parts: EngineParts, { pack, epoch, range, targets }: WantedRange, signal: AbortSignal): Promise<void> {
  let faulty = targets;
  try {
    const opened = await parts.packs.read({ pack, range, signal }, async (bytes) => {
      faulty = targets;
      const chunks = targets.map(({ place }) => ({
        place,
        ordinal: place.ordinal,
        sealed: findInRange(range, bytes, place) ?? new Uint8Array(),
      }));
      const results = await parts.workshop.open({ pack, epoch, chunks });
      const fault = results.find((result) => !(result instanceof Uint8Array));
      if (fault === undefined || fault instanceof Uint8Array) return results;
      faulty = targets.filter((_, at) => !(results[at] instanceof Uint8Array));
      throw new Failure(fault.code, `${packName(pack)}: ${fault.message}`, { subject: packName(pack) });
    });
    await deliver(parts, targets, opened);
  } catch (error) {
    throw isIntegrityFailure(error) ? blame(faulty, error) : error;
  }
}

async function deliver(parts: EngineParts, targets: readonly ChunkTarget[], opened: readonly (Uint8Array | ChunkFault)[]): Promise<void> {
  for (const [at, target] of targets.entries()) {
    const plain = opened[at];
    if (plain instanceof Uint8Array) await target.deliver(plain);
  }
  parts.index.transaction(() => {
    for (const { place } of targets) parts.index.chunks.markOpened(place.chunk);
  });
}

/** Tells every file that needs one of these chunks; the failure to throw. */
function blame(targets: readonly ChunkTarget[], failure: Failure): Failure {
  for (const target of targets) target.failed(failure);
  return failure;
}
