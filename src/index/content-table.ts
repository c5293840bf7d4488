import { concatBytes } from '../base/bytes.ts';
import type { ChunkId, ContentId } from '../model/ids.ts';
import type { Content } from '../model/node.ts';
import type { IndexDatabase } from './file/database.ts';
import { idToBytes } from './file/id-bytes.ts';
import type { Statement } from './file/statement.ts';
import { TransactionCache } from './file/transaction-cache.ts';

interface ContentRow {
  readonly epoch: number;
  readonly size: number;
  /** As hexadecimal text, which crosses over in a third of the time of bytes; null where the content is its one chunk. */
  readonly chunks: string | null;
  readonly list_chunks: string;
}

const idDigits = 64;

/** Half of the contents that are kept in memory at most: a few batches are read, planned and published out of it. */
const keptMax = 4096;
/** Chunks of a content that is kept: the most have one. */
const keptChunksMax = 4;

/** What contents are made of. */
export class ContentTable {
  readonly #known: TransactionCache<ContentId, Content>;
  readonly #write: Statement<never>;
  readonly #find: Statement<ContentRow>;
  readonly #isComplete: Statement<{ readonly yes: 1 }>;
  readonly #erase: Statement<never>;

  constructor(database: IndexDatabase) {
    this.#known = new TransactionCache(database, keptMax);
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
    // What is known with its chunks is changed by nothing that is said again.
    if (this.#known.get(content.id) !== undefined) return;
    const alone = content.chunks.length === 1 && content.chunks[0] === (content.id as string);
    const written = this.#write.run(
      idToBytes(content.id),
      content.epoch,
      content.sizeBytes,
      alone ? null : joinIds(content.chunks),
      joinIds(content.listChunks),
    );
    if (written === 1) this.#keep(content);
  }

  find(id: ContentId): Content | undefined {
    return this.#known.get(id) ?? this.#keep(this.#load(id));
  }

  #load(id: ContentId): Content | undefined {
    const row = this.#find.get(idToBytes(id));
    if (row === undefined) return undefined;
    const chunks = row.chunks === null ? [id as string as ChunkId] : splitIds(row.chunks);
    return { epoch: row.epoch, id, sizeBytes: row.size, chunks, listChunks: splitIds(row.list_chunks) };
  }

  /** Whether all that can be told of the content is known: writing it again would change nothing. */
  isComplete(id: ContentId): boolean {
    return this.#known.get(id) !== undefined || this.#isComplete.get(idToBytes(id)) !== undefined;
  }

  erase(id: ContentId): void {
    this.#known.delete(id);
    this.#erase.run(idToBytes(id));
  }

  /** Only with its chunks: those may become known otherwise. */
  #keep(content: Content | undefined): Content | undefined {
    if (content === undefined || content.chunks.length === 0 || content.chunks.length > keptChunksMax) return content;
    const { epoch, id, sizeBytes, chunks, listChunks } = content;
    this.#known.set(id, { epoch, id, sizeBytes, chunks, listChunks });
    return content;
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
