import type { NodeId } from '../../model/ids.ts';
import type { VersionedNode } from '../../model/node.ts';
import type { EngineParts } from '../engine-parts.ts';
import { cutBatch } from './cut-batch.ts';

const pageNodes = 4096;

/** Whether so much is in the vault alone that its order matters: more than is brought at once. Costs nothing. */
export function isMuchToBring({ index, portions }: EngineParts): boolean {
  const [there, here] = [index.remote.count(), index.base.count()];
  if (there.bytes - here.bytes > portions.batchBytes) return true;
  return index.dirty.count() > portions.fetchedFiles && there.files - here.files > portions.fetchedFiles;
}

/**
 * Files that are in the vault alone, portion by portion, in the order in which they lie in packs. The queue has them as the vault told of
 * them, and a snapshot does so by their ids: each portion would then want a little of every pack, and all of it would be fetched over
 * and over, in blocks of which a few kilobytes are wanted. Holds 16 bytes of each file.
 */
export async function* inPackOrder(parts: EngineParts, signal: AbortSignal): AsyncGenerator<readonly NodeId[], void> {
  const { index, portions } = parts;
  const pages = await sortPages(parts, signal);
  for (let rows = takeFirst(pages, portions.nodes); rows.length > 0; rows = takeFirst(pages, portions.nodes)) {
    // In one transaction: what is asked outside of one locks the file each time.
    const files = index.transaction(() => index.dirty.stillOpen(rows).map((id) => ({ id, sizeBytes: sizeOf(index.remote.find(id)) })));
    yield* cut(files, portions.batchBytes);
  }
}

interface FileInVault {
  readonly id: NodeId;
  readonly sizeBytes: number;
}

/** Large ones in smaller portions: between two of them, what happens here gets its turn. */
function* cut(files: readonly FileInVault[], maxBytes: number): Generator<readonly NodeId[], void> {
  for (let rest = files; rest.length > 0;) {
    const count = cutBatch(
      rest.map(({ sizeBytes }) => sizeBytes),
      maxBytes,
    );
    yield rest.slice(0, count).map(({ id }) => id);
    rest = rest.slice(count);
  }
}

function sizeOf(node: VersionedNode | undefined): number {
  return node?.state.kind === 'file' ? node.state.content.sizeBytes : 0;
}

/** A page of the queue, in the order of packs. */
interface SortedPage {
  readonly places: Float64Array;
  /** Of the rows that have these places. */
  readonly numbers: Float64Array;
  /** Where what was not taken yet begins. */
  at: number;
}

/** Page by page, and never all at once: who asks an agent something waits for one at the most. */
async function sortPages({ index, clock }: EngineParts, signal: AbortSignal): Promise<SortedPage[]> {
  const pages: SortedPage[] = [];
  for (let after = 0; ;) {
    const page = index.dirty.toBring(pageNodes, after);
    const sorted = page.map(({ number, place }) => ({ number, place: place ?? Infinity })).toSorted((a, b) => compare(a.place, b.place));
    const places = Float64Array.from(sorted, ({ place }) => place);
    pages.push({ places, numbers: Float64Array.from(sorted, ({ number }) => number), at: 0 });
    after = page.at(-1)?.seq ?? after;
    if (page.length < pageNodes) return pages;
    await clock.sleep(0, signal);
  }
}

/** The rows of the first files of all pages, which are taken from them. */
function takeFirst(pages: readonly SortedPage[], count: number): readonly number[] {
  const rows: number[] = [];
  while (rows.length < count) {
    let first: SortedPage | undefined;
    for (const page of pages) {
      if (page.at < page.places.length && (first === undefined || placeOf(page) < placeOf(first))) first = page;
    }
    const number = first?.numbers[first.at];
    if (first === undefined || number === undefined) return rows;
    first.at += 1;
    rows.push(number);
  }
  return rows;
}

function placeOf({ places, at }: SortedPage): number {
  return places[at] ?? Infinity;
}

/** Also of two that have none. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
