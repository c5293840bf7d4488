import { concatBytes } from '../base/bytes.ts';
import type { ChunkId, ContentId } from '../model/ids.ts';
import type { Content } from '../model/node.ts';
import type { IndexDatabase } from './database.ts';
import { idToBytes } from './id-bytes.ts';
import type { Statement } from './statement.ts';

interface ContentRow {
  readonly epoch: number;
  readonly size: number;
  /** As hexadecimal text, which crosses over in a third of the time of bytes; null where the content is its one chunk. */
  readonly chunks: string | null;
  readonly list_chunks: string;
}

const idDigits = 64;

/** What contents are made of. */
export class ContentTable {
  readonly #write: Statement<never>;
  readonly #find: Statement<ContentRow>;
  readonly #isComplete: Statement<{ readonly yes: 1 }>;
  readonly #erase: Statement<never>;

  constructor(database: IndexDatabase) {
    // A content whose list stands in chunks of its own comes without its chunks: that must not hide the list once it is known.
    this.#write = database.prepare(
      `INSERT INTO content (id, epoch, size, chunks, list_chunks) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, size = excluded.size, chunks = excluded.chunks, list_chunks = excluded.list_chunks
       WHERE chunks = x'' AND (excluded.chunks IS NULL OR excluded.chunks <> x'')`,
    );
    this.#find = database.prepare(
      `SELECT epoch, size, CASE WHEN chunks IS NULL THEN NULL ELSE lower(hex(chunks)) END AS chunks, lower(hex(list_chunks)) AS list_chunks
       FROM content WHERE id = ?`,
    );
    this.#isComplete = database.prepare("SELECT 1 AS yes FROM content WHERE id = ? AND (chunks IS NULL OR chunks <> x'')");
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

  /** Whether all that can be told of the content is known: writing it again would change nothing. */
  isComplete(id: ContentId): boolean {
    return this.#isComplete.get(idToBytes(id)) !== undefined;
  }

  erase(id: ContentId): void {
    this.#erase.run(idToBytes(id));
  }
}

function joinIds(ids: readonly ChunkId[]): Uint8Array {
  return concatBytes(ids.map(idToBytes));
}

function splitIds(hex: string): ChunkId[] {
  const ids: ChunkId[] = [];
  for (let at = 0; at < hex.length; at += idDigits) ids.push(hex.slice(at, at + idDigits) as ChunkId);
  return ids;
}
