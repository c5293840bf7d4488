import type { NodeId } from '../../model/ids.ts';
import type { EngineParts } from '../engine-parts.ts';

const pageNodes = 4096;

/** Whether so many files are in the vault alone that their order matters: more than are fetched together. Costs nothing. */
export function isMuchToBring({ index: { base, remote, dirty }, portions }: EngineParts): boolean {
  const most = portions.fetchedFiles;
  return dirty.count() > most && remote.count().files - base.count().files > most;
}

/**
 * Files that are in the vault alone, portion by portion, in the order in which they lie in packs. The queue has them as the vault told of
 * them, and a snapshot does so by their ids: each portion would then want a little of every pack, and all of it would be fetched over
 * and over, in blocks of which a few kilobytes are wanted. Holds some 20 bytes of each file while it finds the order, and 8 from then on.
 */
export async function* inPackOrder(parts: EngineParts, signal: AbortSignal): AsyncGenerator<readonly NodeId[], void> {
  const { index, portions } = parts;
  const rows = await findOrder(parts, signal);
  for (let at = 0; at < rows.length; at += portions.nodes) {
    const nodes = index.dirty.stillOpen([...rows.subarray(at, at + portions.nodes)]);
    if (nodes.length > 0) yield nodes;
  }
}

/** Numbers of their rows. Looks in pages: who asks an agent something waits for one at the most. */
async function findOrder({ index, clock }: EngineParts, signal: AbortSignal): Promise<Float64Array> {
  const numbers: number[] = [];
  const places: number[] = [];
  for (let after = 0; ;) {
    const page = index.dirty.toBring(pageNodes, after);
    for (const { number, place } of page) {
      numbers.push(number);
      places.push(place ?? Infinity);
    }
    after = page.at(-1)?.seq ?? after;
    if (page.length < pageNodes) break;
    await clock.sleep(0, signal);
  }
  const order = Uint32Array.from(numbers.keys()).toSorted((a, b) => compare(places[a], places[b]) || a - b);
  return Float64Array.from(order, (at) => numbers[at] ?? 0);
}

function compare(a = Infinity, b = Infinity): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
