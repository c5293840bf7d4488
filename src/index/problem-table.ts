import { failureMeanings, type FailureCode } from '../base/failure.ts';
import type { NodeId } from '../model/ids.ts';
import { nameFromBytes, nameToBytes } from '../model/name.ts';
import type { IndexDatabase } from './file/database.ts';
import { Emptiness } from './file/emptiness.ts';
import { idToBytes } from './file/id-bytes.ts';
import type { SqlValue } from './file/statement.ts';

/** Something that is not synced, and why. */
export interface Problem {
  /** Path under the synced folder, or '' where it is about the whole. Any bytes, as in names. */
  readonly path: string;
  readonly code: FailureCode;
  readonly message: string;
  readonly action: string;
  readonly node: NodeId | undefined;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
}

interface ProblemRow {
  readonly path: Uint8Array;
  readonly code: string;
  readonly message: string;
  readonly action: string;
  /** Hexadecimal; '' for none. */
  readonly node: string;
  readonly sinceMs: number;
}

/** The list of what needs attention: one problem for each path and code. */
export class ProblemTable {
  readonly #database: IndexDatabase;
  readonly #emptiness: Emptiness;

  constructor(database: IndexDatabase) {
    this.#database = database;
    this.#emptiness = new Emptiness(database, 'problem');
  }

  /** Adds the problem, or brings the one with its path and code up to date; that keeps its `sinceMs`. */
  replace(problem: Problem): void {
    this.#emptiness.forget();
    const sql = `INSERT INTO problem (path, code, message, action, node, since) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (path, code) DO UPDATE SET message = excluded.message, action = excluded.action, node = excluded.node`;
    const node = problem.node === undefined ? null : idToBytes(problem.node);
    this.#database.prepare(sql).run(nameToBytes(problem.path), problem.code, problem.message, problem.action, node, problem.sinceMs);
  }

  /** Removes the path's problems, or only the one with that code. Returns how many. */
  clear(path: string, code?: FailureCode): number {
    if (code === undefined) return this.#database.prepare('DELETE FROM problem WHERE path = ?').run(nameToBytes(path));
    return this.#database.prepare('DELETE FROM problem WHERE path = ? AND code = ?').run(nameToBytes(path), code);
  }

  /** Removes every problem of the node but the one with that path and code. Returns how many. */
  clearOthers(node: NodeId, { path, code }: Pick<Problem, 'path' | 'code'>): number {
    return this.#database
      .prepare('DELETE FROM problem WHERE node = ? AND NOT (path = ? AND code = ?)')
      .run(idToBytes(node), nameToBytes(path), code);
  }

  /** Removes the node's problems, wherever it stood then. Returns how many. */
  clearNode(node: NodeId): number {
    if (this.#emptiness.isEmpty()) return 0;
    return this.#database.prepare('DELETE FROM problem WHERE node = ?').run(idToBytes(node));
  }

  /** Whether the node has a problem. */
  hasNode(node: NodeId): boolean {
    if (this.#emptiness.isEmpty()) return false;
    return this.#database.prepare('SELECT 1 FROM problem WHERE node = ?').get(idToBytes(node)) !== undefined;
  }

  clearCode(code: FailureCode): void {
    this.#database.prepare('DELETE FROM problem WHERE code = ?').run(code);
  }

  /** Paths of the problems with that code. */
  pathsWith(code: FailureCode): string[] {
    const rows = this.#database.prepare<{ readonly path: Uint8Array }>('SELECT path FROM problem WHERE code = ?').all(code);
    return rows.map(({ path }) => nameFromBytes(path));
  }

  /** Of them those that no node has. */
  pathsAloneWith(code: FailureCode): string[] {
    if (this.#emptiness.isEmpty()) return [];
    const sql = 'SELECT path FROM problem WHERE code = ? AND node IS NULL';
    const rows = this.#database.prepare<{ readonly path: Uint8Array }>(sql).all(code);
    return rows.map(({ path }) => nameFromBytes(path));
  }

  clearAll(): void {
    this.#database.prepare('DELETE FROM problem').run();
  }

  /** In the order of paths (as bytes) and codes, after `after` (without a code: after all of that path), at most `limit`. */
  list(limit: number, after?: { readonly path: string; readonly code?: FailureCode }): Problem[] {
    if (this.#emptiness.isEmpty()) return [];
    const columns = 'path, code, message, action, hex(node) AS node, since AS sinceMs';
    const sql = `SELECT ${columns} FROM problem WHERE (path, code) > (?, ?) ORDER BY path, code LIMIT ?`;
    const from: SqlValue[] = after === undefined ? [new Uint8Array(0), ''] : [nameToBytes(after.path), after.code ?? lastCode];
    return this.#database
      .prepare<ProblemRow>(sql)
      .all(...from, limit)
      .map(problemFromRow);
  }

  /** Codes that any problem has. */
  codes(): FailureCode[] {
    if (this.#emptiness.isEmpty()) return [];
    const rows = this.#database.prepare<{ readonly code: string }>('SELECT DISTINCT code FROM problem ORDER BY code').all();
    return rows.map(({ code }) => (isFailureCode(code) ? code : 'E_FAILED'));
  }

  count(): number {
    return this.#database.prepare<{ readonly count: number }>('SELECT count(*) AS count FROM problem').get()?.count ?? 0;
  }
}

/** No code comes after it. */
const lastCode = '\u{10ffff}';

function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(failureMeanings, text);
}

function problemFromRow(row: ProblemRow): Problem {
  return {
    path: nameFromBytes(row.path),
    // A code of a newer version that was since put back is shown as what it is to this one.
    code: isFailureCode(row.code) ? row.code : 'E_FAILED',
    message: row.message,
    action: row.action,
    node: row.node === '' ? undefined : (row.node.toLowerCase() as NodeId),
    sinceMs: row.sinceMs,
  };
}
