/** What names a whole file's bytes, and where the list of its chunks is kept (FORMAT.md, section 7.2). */
import { toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import type { EpochKeys } from '../../crypto/epoch-keys.ts';
import { labels } from '../../crypto/labels.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import type { ChunkId, ContentId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import type { Content } from '../../model/node.ts';
import { readChunkIds, wireChunkIds } from '../entry/wire-ids.ts';
import { wireLimits } from '../entry/wire-limits.ts';

/** Chunks that one content may have: 8,388,608, or about 8 TiB; 2 TiB where each is as short as can be, 32 TiB where each is as long. */
export const contentChunksMax = limits.listChunksMax * wireLimits.idsPerListChunk;

/** Id of the content that these chunks make up, in their order. */
export function contentIdOf(primitives: Primitives, keys: EpochKeys, chunks: readonly ChunkId[]): ContentId {
  const [first, ...others] = chunks;
  if (first === undefined) return toHex(primitives.blake2b(32, [labels.contentEmpty], keys.chunkIdKey)) as ContentId;
  if (others.length === 0) return first as string as ContentId;
  return toHex(primitives.blake2b(32, [labels.contentOfChunks, wireChunkIds(chunks)], keys.chunkIdKey)) as ContentId;
}

/**
 * The plaintexts of the list chunks for a content of so many chunks; none where the list fits into a change. They are
 * stored like any other chunk. Throws E_TOO_LARGE for more chunks than a content may have.
 */
export function listPlaintexts(chunks: readonly ChunkId[]): readonly Uint8Array[] {
  if (chunks.length <= limits.inlineChunksMax) return [];
  const perList = wireLimits.idsPerListChunk;
  if (chunks.length > contentChunksMax) throw new Failure('E_TOO_LARGE', 'a file of more chunks than a vault can list');
  const lists: Uint8Array[] = [];
  for (let at = 0; at < chunks.length; at += perList) lists.push(wireChunkIds(chunks.slice(at, at + perList)));
  return lists;
}

/**
 * All chunks of a content, proven to be those that its id names. `lists` are the opened list chunks in order, none where
 * the chunks stand in the content itself. Throws E_FORMAT where the lists are not cut as they must be, E_TAMPER where the
 * chunks are not this content's.
 */
export function chunksOf(primitives: Primitives, keys: EpochKeys, content: Content, lists: readonly Uint8Array[]): readonly ChunkId[] {
  const chunks = content.listChunks.length === 0 ? content.chunks : joinLists(content, lists);
  if (contentIdOf(primitives, keys, chunks) !== content.id) throw new Failure('E_TAMPER', 'a list of chunks that is not this content');
  return chunks;
}

function joinLists({ listChunks }: Content, lists: readonly Uint8Array[]): readonly ChunkId[] {
  if (lists.length !== listChunks.length) throw new Failure('E_FAILED', 'not all lists of a content were handed in');
  const chunks: ChunkId[] = [];
  for (const [index, list] of lists.entries()) {
    const ids = readChunkIds(list, wireLimits.idsPerListChunk);
    // All but the last are full, so that there is one way to write a list.
    if (index < lists.length - 1 && ids.length < wireLimits.idsPerListChunk)
      throw new Failure('E_FORMAT', 'a list of chunks that ends too early');
    for (const id of ids) chunks.push(id);
  }
  if (chunks.length <= limits.inlineChunksMax) throw new Failure('E_FORMAT', 'a list of its own for a few chunks');
  return chunks;
}
