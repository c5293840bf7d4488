/** Where two devices' words about the length of a chunk differ, only opening it tells. */
import type { FoundChunk } from '../../index/chunk-table.ts';
import type { ChunkId } from '../../model/ids.ts';
import type { EngineParts } from '../engine-parts.ts';
import { fetchChunks, placesMax } from './fetch-chunks.ts';
import { isIntegrityFailure } from '../problems.ts';

/** Opens those of the chunks that are said to have different lengths, so that the index knows the true ones. Throws what concerns the store as a whole. */
export async function settleLengths(parts: EngineParts, chunks: readonly ChunkId[], signal: AbortSignal): Promise<void> {
  for (const chunk of new Set(chunks)) {
    const ofEach = new Map<number, FoundChunk>();
    for (const place of parts.index.chunks.findAll(chunk, placesMax))
      if (!ofEach.has(place.plainBytes)) ofEach.set(place.plainBytes, place);
    if (ofEach.size > 1) await openOne(parts, [...ofEach.values()], signal);
  }
}

async function openOne(parts: EngineParts, places: readonly FoundChunk[], signal: AbortSignal): Promise<void> {
  for (const place of places) {
    try {
      // That it opened is noted, and counts more than anybody's word.
      await fetchChunks(parts, [{ place, deliver: () => Promise.resolve(), failed: () => undefined }], signal);
      return;
    } catch (error) {
      if (!isIntegrityFailure(error)) throw error;
    }
  }
}
