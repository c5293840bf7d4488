import type { ContentId, NodeId } from '../model/ids.ts';
import type { ContentRef } from '../model/node.ts';
import type { IndexDatabase } from './file/database.ts';
import { Emptiness } from './file/emptiness.ts';
import { idFromBytes, idToBytes } from './file/id-bytes.ts';

/** Which file a conflict copy belongs to, and the content both came from. */
export interface CopyStory {
  readonly of: NodeId;
  readonly ancestor: ContentRef | undefined;
}

interface Row {
  readonly of_node: Uint8Array;
  readonly epoch: number | null;
  readonly content: Uint8Array | null;
  readonly size: number | null;
}

/** Conflict copies made here that are not published yet: their story goes out with them. */
export class CopyTable {
  readonly #database: IndexDatabase;
  readonly #emptiness: Emptiness;

  constructor(database: IndexDatabase) {
    this.#database = database;
    this.#emptiness = new Emptiness(database, 'conflict_copy');
  }

  find(copy: NodeId): CopyStory | undefined {
    if (this.#emptiness.isEmpty()) return undefined;
    const row = this.#database.prepare<Row>('SELECT of_node, epoch, content, size FROM conflict_copy WHERE copy = ?').get(idToBytes(copy));
    if (row === undefined) return undefined;
    const { epoch, content, size } = row;
    const ancestor =
      epoch === null || content === null || size === null ? undefined : { epoch, id: idFromBytes<ContentId>(content), sizeBytes: size };
    return { of: idFromBytes<NodeId>(row.of_node), ancestor };
  }

  /** Nodes that any of these copies belongs to. There are few at a time: each batch publishes its own. */
  originals(): ReadonlySet<NodeId> {
    if (this.#emptiness.isEmpty()) return new Set();
    const rows = this.#database.prepare<Pick<Row, 'of_node'>>('SELECT of_node FROM conflict_copy').all();
    return new Set(rows.map((row) => idFromBytes<NodeId>(row.of_node)));
  }

  write(copy: NodeId, { of, ancestor }: CopyStory): void {
    this.#emptiness.forget();
    this.#database
      .prepare('INSERT OR REPLACE INTO conflict_copy (copy, of_node, epoch, content, size) VALUES (?, ?, ?, ?, ?)')
      .run(
        idToBytes(copy),
        idToBytes(of),
        ancestor?.epoch ?? null,
        ancestor === undefined ? null : idToBytes(ancestor.id),
        ancestor?.sizeBytes ?? null,
      );
  }

  erase(copy: NodeId): void {
    if (this.#emptiness.isEmpty()) return;
    this.#database.prepare('DELETE FROM conflict_copy WHERE copy = ?').run(idToBytes(copy));
  }
}
