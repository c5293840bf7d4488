import { Failure } from '../base/failure.ts';
import type { ChunkPlace, PackDirectory } from '../model/change.ts';
import type { ChunkId, PackId } from '../model/ids.ts';
import type { IndexDatabase } from './file/database.ts';
import { idToBytes } from './file/id-bytes.ts';
import type { Statement } from './file/statement.ts';
import { TransactionCache } from './file/transaction-cache.ts';

/** How it is known that a chunk is what it is said to be: this device wrote it, opened it, or was told so. */
export type Trust = 'own' | 'opened' | 'told';

/** Whether an entry of the journal names the pack. */
export type PackState = 'stored' | 'committed';

/** One place where a chunk is, or is said to be. */
export interface FoundChunk extends ChunkPlace {
  readonly pack: PackId;
  readonly epoch: number;
  readonly ordinal: number;
  /** Size of the whole pack. */
  readonly packBytes: number;
  readonly trust: Trust;
}

interface PlaceRow {
  readonly chunk: string;
  readonly pack: string;
  readonly epoch: number;
  readonly ordinal: number;
  readonly offset: number;
  readonly sealedBytes: number;
  readonly plainBytes: number;
  readonly packBytes: number;
  readonly trust: number;
}

interface PackRow {
  readonly number: number;
  readonly pack: string;
  readonly epoch: number;
  readonly size: number;
}

/** Half of the trusted chunks that are kept in memory at most, at about 150 bytes each. */
const keptMax = 8192;

const trusts: readonly Trust[] = ['own', 'opened', 'told'];

const selectPlace = `SELECT lower(hex(c.chunk)) AS chunk, lower(hex(p.pack)) AS pack, p.epoch, c.ordinal, c.offset,
  c.sealed AS sealedBytes, c.plain AS plainBytes, p.size AS packBytes, c.trust`;

/** Where the vault's chunks are. A chunk may be in several packs; two devices' words about one pack may differ. */
export class ChunkTable {
  readonly #database: IndexDatabase;
  readonly #find: Statement<PlaceRow>;
  readonly #isTrusted: Statement<{ readonly yes: 1 }>;
  /** Chunks known to be trusted. */
  readonly #trusted: TransactionCache<ChunkId, true>;

  constructor(database: IndexDatabase) {
    this.#database = database;
    this.#trusted = new TransactionCache(database, keptMax);
    this.#isTrusted = database.prepare('SELECT 1 AS yes FROM chunk_place WHERE chunk = ? AND trust < 2 LIMIT 1');
    this.#find = database.prepare(
      `${selectPlace} FROM chunk_place AS c CROSS JOIN pack AS p ON p.number = c.pack WHERE c.chunk = ? ORDER BY c.trust, c.pack, c.ordinal LIMIT ?`,
    );
  }

  /** Notes a pack and its chunks down. Said again, it can only gain trust and become committed. */
  registerPack(directory: PackDirectory, state: PackState, trust: Trust): void {
    const insert = this.#database.prepare(
      `INSERT INTO chunk_place (pack, ordinal, chunk, offset, sealed, plain, trust) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET trust = excluded.trust WHERE excluded.trust < trust`,
    );
    this.#database.transaction(() => {
      const number = this.#registerPackRow(directory, state);
      for (const [ordinal, place] of directory.chunks.entries()) {
        insert.run(number, ordinal, idToBytes(place.chunk), place.offset, place.sealedBytes, place.plainBytes, trusts.indexOf(trust));
        if (trust !== 'told') this.#trusted.set(place.chunk, true);
      }
    });
  }

  /** Whether all of this is noted down already as this device's own doing: then registering it again would change nothing but its state. */
  isOwn({ pack, epoch, sizeBytes, chunks }: PackDirectory): boolean {
    const sql = `SELECT count(*) AS chunks FROM chunk_place WHERE trust = 0
      AND pack = (SELECT number FROM pack WHERE pack = ? AND epoch = ? AND size = ?)`;
    const row = this.#database.prepare<{ readonly chunks: number }>(sql).get(idToBytes(pack), epoch, sizeBytes);
    return row?.chunks === chunks.length && chunks.length > 0;
  }

  #registerPackRow(directory: PackDirectory, state: PackState): number {
    const key = [idToBytes(directory.pack), directory.epoch, directory.sizeBytes];
    const insert = `INSERT INTO pack (pack, epoch, size, committed) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET committed = 1 WHERE excluded.committed > committed`;
    this.#database.prepare(insert).run(...key, state === 'committed' ? 1 : 0);
    const find = 'SELECT number FROM pack WHERE pack = ? AND epoch = ? AND size = ?';
    const row = this.#database.prepare<{ readonly number: number }>(find).get(...key);
    if (row === undefined) throw new Failure('E_FAILED', 'the index did not take a pack');
    return row.number;
  }

  /** The best place: an own one, else an opened one, else the first that was told. */
  find(chunk: ChunkId): FoundChunk | undefined {
    const row = this.#find.get(idToBytes(chunk), 1);
    return row === undefined ? undefined : recordFromRow(row);
  }

  /** All places, best first, at most `limit`: where the best one does not open, another one may. */
  findAll(chunk: ChunkId, limit: number): FoundChunk[] {
    return this.#find.all(idToBytes(chunk), limit).map(recordFromRow);
  }

  /** Whether the chunk may stand for a file's bytes without being uploaded again: this device wrote or opened it. */
  trusted(chunk: ChunkId): boolean {
    if (this.#trusted.get(chunk) !== undefined) return true;
    const isTrusted = this.#isTrusted.get(idToBytes(chunk)) !== undefined;
    if (isTrusted) this.#trusted.set(chunk, true);
    return isTrusted;
  }

  /** The chunk was opened at this place (without one: where `find` says) and was what it is said to be. */
  markOpened(chunk: ChunkId, place: FoundChunk | undefined = this.find(chunk)): void {
    if (place !== undefined) this.markAllOpened([{ ...place, chunk }]);
  }

  /** As `markOpened`, of many chunks: fastest where those of one pack follow each other. */
  markAllOpened(places: readonly FoundChunk[]): void {
    const findPack = this.#database.prepare<{ readonly number: number }>(
      'SELECT number FROM pack WHERE pack = ? AND epoch = ? AND size = ?',
    );
    const mark = this.#database.prepare(
      'UPDATE chunk_place SET trust = 1 WHERE trust = 2 AND pack = ? AND ordinal = ? AND chunk = ? AND offset = ? AND sealed = ? AND plain = ?',
    );
    this.#database.transaction(() => {
      let last: FoundChunk | undefined;
      let number: number | undefined;
      for (const place of places) {
        if (place.trust !== 'told') continue;
        if (last?.pack !== place.pack || last.epoch !== place.epoch || last.packBytes !== place.packBytes)
          number = findPack.get(idToBytes(place.pack), place.epoch, place.packBytes)?.number;
        last = place;
        if (number !== undefined)
          mark.run(number, place.ordinal, idToBytes(place.chunk), place.offset, place.sealedBytes, place.plainBytes);
      }
    });
  }

  /** Packs that lie in the store and are in no entry yet, first registered first. One directory at a time; they may be marked meanwhile. */
  *storedPacks(): Generator<PackDirectory, void> {
    const sql = 'SELECT number, lower(hex(pack)) AS pack, epoch, size FROM pack WHERE committed = 0 AND number > ? ORDER BY number LIMIT 1';
    const select = this.#database.prepare<PackRow>(sql);
    for (let row = select.get(0); row !== undefined; row = select.get(row.number)) yield this.#directoryOf(row);
  }

  /** What is known of a pack; the first word where there are several. */
  findPack(pack: PackId): PackDirectory | undefined {
    const sql = 'SELECT number, lower(hex(pack)) AS pack, epoch, size FROM pack WHERE pack = ? ORDER BY number LIMIT 1';
    const row = this.#database.prepare<PackRow>(sql).get(idToBytes(pack));
    return row === undefined ? undefined : this.#directoryOf(row);
  }

  #directoryOf(row: PackRow): PackDirectory {
    const sql = `SELECT lower(hex(chunk)) AS chunk, offset, sealed AS sealedBytes, plain AS plainBytes FROM chunk_place WHERE pack = ? ORDER BY ordinal`;
    const chunks = this.#database.prepare<ChunkPlace>(sql).all(row.number);
    return { pack: row.pack as PackId, epoch: row.epoch, sizeBytes: row.size, chunks };
  }

  /** An entry of the journal names these packs now. */
  markCommitted(packs: readonly PackId[]): void {
    const mark = this.#database.prepare('UPDATE pack SET committed = 1 WHERE pack = ? AND committed = 0');
    this.#database.transaction(() => {
      for (const pack of packs) mark.run(idToBytes(pack));
    });
  }

  /** These packs are no longer in the store: their places are forgotten. */
  forgetPacks(packs: readonly PackId[]): void {
    const places = this.#database.prepare('DELETE FROM chunk_place WHERE pack IN (SELECT number FROM pack WHERE pack = ?)');
    const rows = this.#database.prepare('DELETE FROM pack WHERE pack = ?');
    this.#trusted.clear();
    this.#database.transaction(() => {
      for (const pack of packs) {
        places.run(idToBytes(pack));
        rows.run(idToBytes(pack));
      }
    });
  }
}

function recordFromRow(row: PlaceRow): FoundChunk {
  return { ...row, chunk: row.chunk as ChunkId, pack: row.pack as PackId, trust: trusts[row.trust] ?? 'told' };
}
