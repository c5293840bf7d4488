/** One content in memory, for somebody who looks at it: nothing is written to the disk. */
import { Failure } from '../../base/failure.ts';
import type { DiskPath } from '../../disk/disk.ts';
import type { NodeId } from '../../model/ids.ts';
import { sameContent, type Content, type ContentRef } from '../../model/node.ts';
import type { EngineParts } from '../engine-parts.ts';
import { fetchChunks, type ChunkTarget } from './fetch-chunks.ts';
import { findContent } from './find-content.ts';
import { findLocalPath } from '../local-path.ts';
import { expectedOf } from '../local-row.ts';

/** Verified, from the store; the caller has looked at the size. Throws E_MISSING, E_TAMPER, and what the store throws. */
export async function readContent(parts: EngineParts, ref: ContentRef, signal: AbortSignal): Promise<Uint8Array> {
  const content = await findContent(parts, ref, signal);
  // Its chunks proven to be those that its id names.
  if (content.sizeBytes > 0 && content.listChunks.length === 0) parts.readChunkList(content, []);
  if (content.sizeBytes !== ref.sizeBytes) throw wrongLength();
  const bytes = new Uint8Array(ref.sizeBytes);
  await fetchChunks(parts, targetsIn(parts, content, bytes), signal);
  return bytes;
}

function targetsIn({ index }: EngineParts, content: Content, bytes: Uint8Array): ChunkTarget[] {
  const targets: ChunkTarget[] = [];
  let offset = 0;
  for (const chunk of content.chunks) {
    const place = index.chunks.find(chunk);
    if (place === undefined) throw new Failure('E_MISSING', 'no pack is known to hold a part of this content');
    const at = offset;
    offset += place.plainBytes;
    if (offset > bytes.byteLength) throw wrongLength();
    targets.push({
      place,
      deliver: (plain) => {
        bytes.set(plain, at);
        return Promise.resolve();
      },
      failed: () => {},
    });
  }
  if (offset !== bytes.byteLength) throw wrongLength();
  return targets;
}

function wrongLength(): Failure {
  return new Failure('E_TAMPER', 'a content of another length than the vault says');
}

/** The node's file on this disk, where that holds this content; undefined where it does not, or changes just now. */
export async function readLocalContent({ index, disk }: EngineParts, node: NodeId, ref: ContentRef): Promise<Uint8Array | undefined> {
  const row = index.local.find(node);
  if (row?.state.kind !== 'file' || row.state.content === undefined || !sameContent(row.state.content, ref)) return undefined;
  const path: DiskPath | undefined = findLocalPath((id) => index.local.find(id), node);
  if (path === undefined) return undefined;
  const blocks: Uint8Array[] = [];
  const outcome = await disk.read(path, expectedOf(row), (block) => void blocks.push(block), ref.sizeBytes + 1);
  return typeof outcome === 'string' ? undefined : Buffer.concat(blocks);
}
