/** Bringing chunks, pack by pack: what is wanted of a pack is read with few requests, opened by the workshop, delivered. */
import { Failure } from '../../base/failure.ts';
import type { PackId } from '../../model/ids.ts';
import type { FoundChunk } from '../../index/chunk-table.ts';
import { packName } from '../../vault/pack/pack-name.ts';
import { findInRange, planReads, type ReadRange } from '../../vault/pack/plan-reads.ts';
import type { EngineParts } from '../engine-parts.ts';
import { isIntegrityFailure } from '../problems.ts';
import type { ChunkFault } from './workshop.ts';

/** A chunk that is wanted, and by whom. */
export interface ChunkTarget {
  readonly place: FoundChunk;
  /** Takes the verified plaintext, which is gone once this has resolved. The same chunk may be wanted more than once. */
  deliver(plain: Uint8Array): Promise<void>;
  /** Is told when this chunk is one of those that failed everywhere, before the failure is thrown. */
  failed(failure: Failure): void;
}

/** One that failed at some places already. */
interface TriedTarget extends ChunkTarget {
  readonly tried?: readonly FoundChunk[];
}

/** Places of one chunk that are tried: a device may say of any pack that it holds the chunk. */
export const placesMax = 4;

/** Reads at once; each may hold a pack of up to 17 MiB in memory. */
const rangesAtOnce = 2;

/** Told of places at which chunks opened, and were what they were said to be; for `ChunkTable.markAllOpened`. */
export type NoteOpened = (places: readonly FoundChunk[]) => void;

/**
 * Brings all of them or throws the first failure. A chunk that does not open at one place is asked for at the next one that is
 * known. What the store fails at is told for every chunk, so that one call finds all that is damaged; anything else ends it at
 * once.
 */
export async function fetchChunks(
  parts: EngineParts,
  targets: readonly ChunkTarget[],
  signal: AbortSignal,
  noteOpened: NoteOpened = (places) => parts.index.chunks.markAllOpened(places),
): Promise<void> {
  const queue = wantedRanges(targets);
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let wanted = queue.shift(); wanted !== undefined; wanted = queue.shift()) {
      try {
        const { delivered, fault } = await fetchRange(parts, wanted, signal);
        if (delivered.length > 0) noteOpened(delivered.map(({ place }) => place));
        if (fault === undefined) continue;
        const [elsewhere, nowhere] = lookElsewhere(parts, fault.targets);
        queue.push(...wantedRanges(elsewhere));
        for (const target of nowhere) target.failed(fault.failure);
        if (nowhere.length > 0) failure ??= { error: fault.failure };
      } catch (error) {
        failure ??= { error };
        queue.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: rangesAtOnce }, worker));
  if (failure !== undefined) throw failure.error;
}

/** Each at its next place; and those that have none left. */
function lookElsewhere({ index }: EngineParts, targets: readonly TriedTarget[]): [TriedTarget[], TriedTarget[]] {
  const elsewhere: TriedTarget[] = [];
  const nowhere: TriedTarget[] = [];
  for (const target of targets) {
    const { place } = target;
    const tried = [...(target.tried ?? []), place];
    const isNew = (other: FoundChunk): boolean =>
      other.plainBytes === place.plainBytes && !tried.some(({ pack, offset }) => pack === other.pack && offset === other.offset);
    const next = index.chunks.findAll(place.chunk, placesMax).find(isNew);
    if (next === undefined) nowhere.push(target);
    else elsewhere.push({ ...target, place: next, tried });
  }
  return [elsewhere, nowhere];
}

/** Targets of one pack that are read together; at least one. */
interface WantedRange {
  readonly pack: PackId;
  readonly epoch: number;
  readonly range: ReadRange;
  readonly targets: readonly TriedTarget[];
}

function wantedRanges(targets: readonly TriedTarget[]): WantedRange[] {
  const wanted: WantedRange[] = [];
  // Two devices' words about one pack may differ: what the one says of its size must not count for the other's chunks.
  const groups = Map.groupBy(targets, ({ place: { pack, epoch, packBytes } }) => `${pack} ${epoch} ${packBytes}`);
  for (const group of groups.values()) {
    const places = group.map(({ place }) => place);
    const [first] = places;
    if (first === undefined) continue;
    const { pack, epoch, packBytes } = first;
    for (const range of planReads(packBytes, places).ranges) {
      const within = group.filter(({ place }) => place.offset >= range.start && place.offset < range.start + range.bytes);
      wanted.push({ pack, epoch, range, targets: within });
    }
  }
  return wanted;
}

/** What the store failed at. */
interface Fault {
  readonly targets: readonly TriedTarget[];
  readonly failure: Failure;
}

/** What became of the targets of a range: each was delivered, or is part of the fault. */
interface RangeEnd {
  readonly delivered: readonly TriedTarget[];
  readonly fault?: Fault;
}

type Opened = readonly (Uint8Array | ChunkFault)[];

async function fetchRange(parts: EngineParts, { pack, epoch, range, targets }: WantedRange, signal: AbortSignal): Promise<RangeEnd> {
  // By the last look: none of them where the bytes never came.
  let opened: Opened = [];
  let failure: Failure | undefined;
  try {
    await parts.packs.read({ pack, range, signal }, async (bytes) => {
      const chunks = targets.map(({ place }) => ({
        place,
        ordinal: place.ordinal,
        sealed: findInRange(range, bytes, place) ?? new Uint8Array(),
      }));
      opened = await parts.workshop.open({ pack, epoch, chunks });
      const fault = opened.find((result) => !(result instanceof Uint8Array));
      if (fault === undefined || fault instanceof Uint8Array) return;
      throw new Failure(fault.code, `${packName(pack)}: ${fault.message}`, { subject: packName(pack) });
    });
  } catch (error) {
    if (!isIntegrityFailure(error)) throw error;
    failure = error;
  }
  const delivered = await deliver(targets, opened);
  parts.workshop.giveBack(opened);
  if (failure === undefined) return { delivered };
  return { delivered, fault: { targets: targets.filter((_, at) => !(opened[at] instanceof Uint8Array)), failure } };
}

/** Delivers those that opened; which they are. */
async function deliver(targets: readonly TriedTarget[], opened: Opened): Promise<readonly TriedTarget[]> {
  const delivered: TriedTarget[] = [];
  for (const [at, target] of targets.entries()) {
    const plain = opened[at];
    if (!(plain instanceof Uint8Array)) continue;
    await target.deliver(plain);
    delivered.push(target);
  }
  return delivered;
}
