/** The chunks of a pack as bytes, the same in the pack's own directory, in entries and in snapshots. */
import { toHex } from '../../base/bytes.ts';
import { Failure } from '../../base/failure.ts';
import { readU32 } from '../../crypto/u32.ts';
import type { ChunkPlace } from '../../model/change.ts';
import type { ChunkId } from '../../model/ids.ts';
import { limits } from '../../model/limits.ts';
import { bareOverheadBytes, firstChunkOffset, mostSealedBytes, packMaxChunks, tableRowBytes } from './pack-layout.ts';

const idBytes = 32;

/** Rows of id(32) ‖ sealed bytes u32 ‖ plain bytes u32. Offsets are not written: chunks lie one after the other. */
export function encodeChunkTable(chunks: readonly ChunkPlace[]): Uint8Array {
  const table = Buffer.alloc(chunks.length * tableRowBytes);
  let at = 0;
  let offset = firstChunkOffset;
  for (const { chunk, sealedBytes, plainBytes, offset: stated } of chunks) {
    if (stated !== offset) throw new Failure('E_FAILED', 'chunks of a pack that do not lie one after the other');
    offset += sealedBytes;
    table.write(chunk, at, idBytes, 'hex');
    table.writeUInt32BE(sealedBytes, at + idBytes);
    table.writeUInt32BE(plainBytes, at + idBytes + 4);
    at += tableRowBytes;
  }
  return new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
}

/** The chunks of a table, in their order. Throws E_LIMIT for too many or too large ones, E_FORMAT where sizes can't be. */
export function parseChunkTable(table: Uint8Array): ChunkPlace[] {
  if (table.byteLength % tableRowBytes !== 0) throw new Failure('E_FORMAT', 'a table of chunks that ends in the middle of one');
  if (table.byteLength > packMaxChunks * tableRowBytes) throw new Failure('E_LIMIT', `more than ${packMaxChunks} chunks in a pack`);
  const ids = toHex(table);
  const chunks: ChunkPlace[] = [];
  let offset = firstChunkOffset;
  for (let at = 0; at < table.byteLength; at += tableRowBytes) {
    const sealedBytes = readU32(table, at + idBytes);
    const plainBytes = readU32(table, at + idBytes + 4);
    checkSizes(sealedBytes, plainBytes);
    chunks.push({ chunk: ids.slice(2 * at, 2 * (at + idBytes)) as ChunkId, offset, sealedBytes, plainBytes });
    offset += sealedBytes;
  }
  return chunks;
}

/** A coded chunk is its flag byte and at least one byte more; at most it stands as it is. */
function checkSizes(sealedBytes: number, plainBytes: number): void {
  if (plainBytes > limits.chunkMaxBytes) throw new Failure('E_LIMIT', `a chunk of ${plainBytes} bytes`);
  if (plainBytes < 1 || sealedBytes < bareOverheadBytes + 2 || sealedBytes > mostSealedBytes(plainBytes)) {
    throw new Failure('E_FORMAT', 'a chunk of a size that no chunk has');
  }
}
