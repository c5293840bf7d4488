/** Bringing chunks, pack by pack: what is wanted of a pack is read with few requests, opened by the workshop, delivered. */
import { Failure } from '../base/failure.ts';
import type { PackId } from '../model/ids.ts';
import type { FoundChunk } from '../index/chunk-table.ts';
import { packName } from '../vault/pack/pack-name.ts';
import { findInRange, planReads, type ReadRange } from '../vault/pack/plan-reads.ts';
import type { EngineParts } from './engine-parts.ts';
import { isIntegrityFailure } from './problems.ts';

/** A chunk that is wanted, and by whom. */
export interface ChunkTarget {
  readonly place: FoundChunk;
  /** Takes the verified plaintext. The same chunk may be wanted more than once. */
  deliver(plain: Uint8Array): Promise<void>;
  /** Is told when this chunk is one of those that failed, before the failure is thrown. */
  failed(failure: Failure): void;
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
  const { pack, packBytes } = first.place;
  for (const range of planReads(
    packBytes,
    targets.map(({ place }) => place),
  ).ranges) {
    const wanted = targets.filter(({ place }) => place.offset >= range.start && place.offset < range.start + range.bytes);
    try {
      await openAll(parts, wanted, { range, bytes: await parts.packs.read(pack, range, signal) });
    } catch (error) {
      throw isIntegrityFailure(error) ? blame(wanted, error) : error;
    }
  }
}

interface Brought {
  readonly range: ReadRange;
  readonly bytes: Uint8Array;
}

async function openAll(parts: EngineParts, targets: readonly ChunkTarget[], { range, bytes }: Brought): Promise<void> {
  const [first] = targets;
  if (first === undefined) return;
  const { pack, epoch } = first.place;
  const chunks = targets.map(({ place }) => ({
    place,
    ordinal: place.ordinal,
    sealed: findInRange(range, bytes, place) ?? new Uint8Array(),
  }));
  const opened = await parts.workshop.open({ pack, epoch, chunks });
  const faulty = targets.filter((_, at) => !(opened[at] instanceof Uint8Array));
  const fault = opened.find((result) => !(result instanceof Uint8Array));
  if (fault !== undefined && !(fault instanceof Uint8Array))
    throw blame(faulty, new Failure(fault.code, `${packName(pack)}: ${fault.message}`, { subject: packName(pack) }));
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
