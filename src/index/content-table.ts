import { concatBytes, toHex } from '../base/bytes.ts';
import type { ChunkId, ContentId } from '../model/ids.ts';
import type { Content } from '../model/node.ts';
import type { IndexDatabase } from './database.ts';
import { idToBytes } from './id-bytes.ts';
import type { Statement } from './statement.ts';

interface ContentRow {
  readonly epoch: number;
  readonly size: number;
  readonly chunks: Uint8Array | null;
  readonly list_chunks: Uint8Array;
}

const idBytes = 32;

/** What contents are made of. */
export class ContentTable {
  readonly #write: Statement<never>;
  readonly #find: Statement<ContentRow>;
  readonly #erase: Statement<never>;

  constructor(database: IndexDatabase) {
    // A content whose list stands in chunks of its own comes without its chunks: that must not hide the list once it is known.
    this.#write = database.prepare(
      `INSERT INTO content (id, epoch, size, chunks, list_chunks) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, size = excluded.size, chunks = excluded.chunks, list_chunks = excluded.list_chunks
       WHERE chunks = x'' AND (excluded.chunks IS NULL OR excluded.chunks <> x'')`,
    );
    this.#find = database.prepare('SELECT epoch, size, chunks, list_chunks FROM content WHERE id = ?');
    this.#erase = database.prepare('DELETE FROM content WHERE id = ?');
  }

  /** Notes a content down. What is already known of it stays, except that its chunks may become known. */
  write(content: Content): void {
    const alone = content.chunks.length === 1 && content.chunks[0] === (content.id as string);
    this.#write.run(
      idToBytes(content.id),
      content.epoch,
      content.sizeBytes,
      alone ? null : joinIds(content.chunks),
      joinIds(content.listChunks),
    );
  }

  find(id: ContentId): Content | undefined {
    const row = this.#find.get(idToBytes(id));
    if (row === undefined) return undefined;
    const chunks = row.chunks === null ? [id as string as ChunkId] : splitIds(row.chunks);
    return { epoch: row.epoch, id, sizeBytes: row.size, chunks, listChunks: splitIds(row.list_chunks) };
  }

  erase(id: ContentId): void {
    this.#erase.run(idToBytes(id));
  }
}

function joinIds(ids: readonly ChunkId[]): Uint8Array {
  return concatBytes(ids.map(idToBytes));
}

function splitIds(bytes: Uint8Array): ChunkId[] {
  const ids: ChunkId[] = [];
  for (let at = 0; at < bytes.length; at += idBytes) ids.push(toHex(bytes.subarray(at, at + idBytes)) as ChunkId);
  return ids;
}
