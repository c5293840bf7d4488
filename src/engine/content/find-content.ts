import { Failure } from '../../base/failure.ts';
import type { ChunkId } from '../../model/ids.ts';
import type { Content, ContentRef } from '../../model/node.ts';
import type { EngineParts } from '../engine-parts.ts';
import { fetchChunks } from './fetch-chunks.ts';

/** How to put a content together; a list too long for its entry is brought from its own chunks, and kept. Throws E_MISSING, E_TAMPER. */
export async function findContent(parts: EngineParts, ref: ContentRef, signal: AbortSignal): Promise<Content> {
  if (ref.sizeBytes === 0) return { ...ref, chunks: [], listChunks: [] };
  const known = parts.index.contents.find(ref.id);
  if (known === undefined) throw new Failure('E_MISSING', 'nothing says how this content is put together');
  if (known.chunks.length > 0 || known.listChunks.length === 0) return known;
  const listed: Uint8Array[] = [];
  const targets = known.listChunks.map((chunk, at) => {
    const place = parts.index.chunks.find(chunk);
    if (place === undefined) throw new Failure('E_MISSING', "no pack is known to hold a file's list of chunks");
    return {
      place,
      deliver: (plain: Uint8Array): Promise<void> => {
        listed[at] = plain.slice();
        return Promise.resolve();
      },
      failed: () => {},
    };
  });
  await fetchChunks(parts, targets, signal);
  const chunks: readonly ChunkId[] = parts.readChunkList(known, listed);
  const whole: Content = { ...known, chunks };
  parts.index.contents.write(whole);
  return whole;
}
