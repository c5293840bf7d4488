/** Folders of the vault's tree, for people who choose among them: by page, and with what is in them. */
import { nameFromBytes, nameToBytes, type NodeName } from '../../model/name.ts';
import type { NodeId } from '../../model/ids.ts';
import type { IndexDatabase } from '../file/database.ts';
import { idToBytes } from '../file/id-bytes.ts';
import type { SqlValue } from '../file/statement.ts';

/** Files, and what they come to. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** An item in its folder. */
export interface NamedItem {
  readonly id: NodeId;
  readonly name: NodeName;
}

/** Part of the tree: these folders with all below them, but for `stops` with all below those. */
export interface TreePart {
  readonly tops: readonly NodeId[];
  readonly stops: readonly NodeId[];
}

/** By the name, after `after`, at most `limit`. Costs O(limit). */
export function foldersIn(database: IndexDatabase, parent: NodeId, after: NodeName | undefined, limit: number): NamedItem[] {
  const sql = `SELECT lower(hex(id)) AS id, remote_name AS name FROM node INDEXED BY node_remote_folder
    WHERE remote_kind = 1 AND remote_parent = ? AND remote_name > ? ORDER BY remote_name LIMIT ?`;
  const from: SqlValue = after === undefined ? new Uint8Array() : nameToBytes(after);
  return database
    .prepare<{ readonly id: NodeId; readonly name: Uint8Array }>(sql)
    .all(idToBytes(parent), from, limit)
    .map(({ id, name }) => ({ id, name: nameFromBytes(name) }));
}

/** By the name, without the first `skip`, at most `limit`. Costs O(skip + limit), the first of them next to nothing. */
export function foldersFrom(database: IndexDatabase, parent: NodeId, skip: number, limit: number): NamedItem[] {
  const sql = `SELECT lower(hex(id)) AS id, remote_name AS name FROM node INDEXED BY node_remote_folder
    WHERE remote_kind = 1 AND remote_parent = ? ORDER BY remote_name LIMIT ? OFFSET ?`;
  return database
    .prepare<{ readonly id: NodeId; readonly name: Uint8Array }>(sql)
    .all(idToBytes(parent), limit, skip)
    .map(({ id, name }) => ({ id, name: nameFromBytes(name) }));
}

/** Costs O(folders), by their index alone. */
export function countFolders(database: IndexDatabase, parent: NodeId): number {
  const sql = 'SELECT count(*) AS count FROM node INDEXED BY node_remote_folder WHERE remote_kind = 1 AND remote_parent = ?';
  return database.prepare<{ readonly count: number }>(sql).get(idToBytes(parent))?.count ?? 0;
}

/** All else in a folder, by name. Costs O(limit + folders that stand between). */
export function filesIn(database: IndexDatabase, parent: NodeId, after: NodeName | undefined, limit: number): NamedItem[] {
  const sql = `SELECT lower(hex(id)) AS id, remote_name AS name FROM node INDEXED BY node_remote_place
    WHERE remote_parent = ? AND remote_name > ? AND remote_kind <> 1 ORDER BY remote_name LIMIT ?`;
  const from: SqlValue = after === undefined ? new Uint8Array() : nameToBytes(after);
  return database
    .prepare<{ readonly id: NodeId; readonly name: Uint8Array }>(sql)
    .all(idToBytes(parent), from, limit)
    .map(({ id, name }) => ({ id, name: nameFromBytes(name) }));
}

export function hasFolders(database: IndexDatabase, parent: NodeId): boolean {
  const sql = 'SELECT 1 AS yes FROM node INDEXED BY node_remote_folder WHERE remote_kind = 1 AND remote_parent = ? LIMIT 1';
  return database.prepare(sql).get(idToBytes(parent)) !== undefined;
}

/**
 * What is in each folder and below it; a folder without files is not named. Costs O(tree), so it pauses again and again: what
 * is written meanwhile counts or does not.
 */
export function* weighFolders(database: IndexDatabase): Generator<void, ReadonlyMap<NodeId, Amount>> {
  const parents = new Map<NodeId, NodeId>();
  for (const page of allFolders(database)) {
    for (const { id, parent } of page) parents.set(id, parent);
    yield;
  }
  const weights = new Map<NodeId, { files: number; bytes: number }>();
  for (const page of filledFolders(database)) {
    for (const { id, files, bytes } of page) {
      for (let at: NodeId | undefined = id; at !== undefined; at = parents.get(at)) {
        const sum = weights.get(at);
        if (sum === undefined) weights.set(at, { files, bytes });
        else {
          sum.files += files;
          sum.bytes += bytes;
        }
      }
    }
    yield;
  }
  return weights;
}

const pageRows = 10_000;

interface FolderRow {
  readonly id: NodeId;
  readonly parent: NodeId;
  readonly name: Uint8Array;
}

function* allFolders(database: IndexDatabase): Generator<readonly FolderRow[], void> {
  const sql = `SELECT lower(hex(id)) AS id, lower(hex(remote_parent)) AS parent, remote_name AS name FROM node INDEXED BY node_remote_folder
    WHERE remote_kind = 1 AND (remote_parent, remote_name) > (?, ?) ORDER BY remote_parent, remote_name LIMIT ?`;
  const statement = database.prepare<FolderRow>(sql);
  for (let after: FolderRow | undefined; ;) {
    const page = statement.all(after === undefined ? new Uint8Array() : idToBytes(after.parent), after?.name ?? new Uint8Array(), pageRows);
    yield page;
    after = page.at(-1);
    if (page.length < pageRows) return;
  }
}

/** Folders with files right in them; one may come several times. In the order of the rows: in any other one, each costs a page. */
function* filledFolders(database: IndexDatabase): Generator<readonly (Amount & { readonly id: NodeId })[], void> {
  const last = database.prepare<{ readonly last: number | null }>('SELECT max(number) AS last FROM node').get()?.last ?? 0;
  const sql = `SELECT lower(hex(remote_parent)) AS id, count(*) AS files, sum(remote_size) AS bytes FROM node
    WHERE number > ? AND number <= ? AND remote_kind = 0 GROUP BY remote_parent`;
  const statement = database.prepare<Amount & { readonly id: NodeId }>(sql);
  for (let from = 0; from < last; from += pageRows) yield statement.all(from, from + pageRows);
}

/** Files of a part of the tree: those that are on this disk, or those that are not. Costs O(part). */
export function weighPart(database: IndexDatabase, { tops, stops }: TreePart, which: 'here' | 'elsewhere'): Amount {
  if (tops.length === 0) return { files: 0, bytes: 0 };
  const sql = `WITH RECURSIVE part (id) AS (
      SELECT unhex(value) FROM json_each(?)
      UNION ALL
      SELECT node.id FROM part CROSS JOIN node INDEXED BY node_remote_folder ON node.remote_kind = 1 AND node.remote_parent = part.id
        WHERE node.id NOT IN (SELECT unhex(value) FROM json_each(?))
    )
    SELECT count(*) AS files, coalesce(sum(node.remote_size), 0) AS bytes FROM part CROSS JOIN node ON node.remote_parent = part.id
    WHERE node.remote_kind = 0 AND node.local_kind ${which === 'here' ? 'IS NOT' : 'IS'} NULL`;
  return database.prepare<Amount>(sql).get(JSON.stringify(tops), JSON.stringify(stops)) ?? { files: 0, bytes: 0 };
}
