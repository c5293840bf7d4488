/** What a pack holds, in CBOR: in the entry that brings it, and in snapshots. */
import { Failure } from '../../base/failure.ts';
import type { ChunkPlace, PackDirectory } from '../../model/change.ts';
import { limits } from '../../model/limits.ts';
import { readBytes, readInt, readTuple } from '../cbor.ts';
import type { CborValue } from '../cbor.ts';
import { bytesOfId, readEpoch, readId } from '../entry/wire-ids.ts';
import { encodeChunkTable, parseChunkTable } from './chunk-table.ts';
import { packMaxChunks, tableRowBytes, unpaddedPackBytes } from './pack-layout.ts';

/** `[pack, epoch, size, table of chunks]`. */
export function wirePackDirectory({ pack, epoch, sizeBytes, chunks }: PackDirectory): readonly CborValue[] {
  return [bytesOfId(pack), epoch, sizeBytes, encodeChunkTable(chunks)];
}

export function readPackDirectory(value: unknown): PackDirectory {
  const [id, epoch, size, table] = readTuple(value, 4);
  const sizeBytes = readInt(size, { min: limits.packMinBytes, max: Number.MAX_SAFE_INTEGER });
  if (sizeBytes > limits.packMaxBytes) throw new Failure('E_LIMIT', `a pack of ${sizeBytes} bytes`);
  const chunks = parseChunkTable(readBytes(table, { max: packMaxChunks * tableRowBytes }));
  if (leastPackBytes(chunks) > sizeBytes) throw new Failure('E_FORMAT', 'a pack smaller than what it holds');
  return { pack: readId('PackId', id), epoch: readEpoch(epoch), sizeBytes, chunks };
}

function leastPackBytes(chunks: readonly ChunkPlace[]): number {
  return unpaddedPackBytes(
    chunks.reduce((sum, { sealedBytes }) => sum + sealedBytes, 0),
    chunks.length,
  );
}
