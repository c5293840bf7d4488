import fs from 'node:fs';
import BetterSqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/base/failure.ts';
import { IndexDatabase } from '../../src/index/file/database.ts';
import { failureCode } from '../crypto/failure-code.ts';
import { useIndexFolder } from './with-index-folder.ts';

const { pathOf } = useIndexFolder();

function put(database: IndexDatabase, key: string): void {
  database.prepare('INSERT INTO setting (key, value) VALUES (?, ?)').run(key, 'x');
}

function keys(database: IndexDatabase): string[] {
  return database
    .prepare<{ readonly key: string }>('SELECT key FROM setting ORDER BY key')
    .all()
    .map(({ key }) => key);
}

describe('an index file', () => {
  test('is made for its owner alone, its log too', () => {
    const file = pathOf('index.db');
    const database = IndexDatabase.open(file);
    put(database, 'a');
    expect(fs.readdirSync(pathOf('')).toSorted()).toEqual(['index.db', 'index.db-shm', 'index.db-wal']);
    for (const name of fs.readdirSync(pathOf(''))) expect(fs.statSync(pathOf(name)).mode & 0o777).toBe(0o600);
    database.close();
    database.close();
    fs.chmodSync(file, 0o644);
    IndexDatabase.open(file).close();
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test('commits durably and keeps its memory bounded', () => {
    const database = IndexDatabase.open(pathOf('index.db'));
    const pragma = (name: string): unknown => Object.values(database.prepare<Record<string, unknown>>(`PRAGMA ${name}`).get() ?? {})[0];
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('cache_size')).toBe(-4096);
    expect(pragma('mmap_size')).toBe(0);
    expect(pragma('foreign_keys')).toBe(1);
    database.close();
  });

  test('shows what was committed when it is opened again, and to a reader beside', () => {
    const file = pathOf('index.db');
    const writer = IndexDatabase.open(file);
    const reader = IndexDatabase.open(file, { readonly: true });
    put(writer, 'a');
    expect(keys(reader)).toEqual(['a']);
    writer.transaction(() => {
      put(writer, 'b');
      expect(keys(reader)).toEqual(['a']);
    });
    // One transaction reads one state.
    reader.transaction(() => {
      expect(keys(reader)).toEqual(['a', 'b']);
      put(writer, 'c');
      expect(keys(reader)).toEqual(['a', 'b']);
    });
    expect(failureCode(() => put(reader, 'd'))).toBe('E_DISK');
    reader.close();
    writer.close();
    expect(keys(IndexDatabase.open(file))).toEqual(['a', 'b', 'c']);
  });

  test('is not made by one who only looks', () => {
    expect(failureCode(() => IndexDatabase.open(pathOf('none.db'), { readonly: true }))).toBe('E_NOT_FOUND');
    // Killed when it was about to be made.
    fs.writeFileSync(pathOf('empty.db'), '');
    expect(failureCode(() => IndexDatabase.open(pathOf('empty.db'), { readonly: true }))).toBe('E_NOT_FOUND');
    expect(fs.existsSync(pathOf('none.db'))).toBe(false);
  });

  test('needs its folder', () => {
    expect(failureCode(() => IndexDatabase.open(pathOf('none/index.db')))).toBe('E_DISK');
    expect(failureCode(() => IndexDatabase.open(pathOf('none/index.db'), { readonly: true }))).toBe('E_NOT_FOUND');
  });

  test('says so when another process keeps it busy', () => {
    const file = pathOf('index.db');
    const database = IndexDatabase.open(file);
    database.prepare('PRAGMA busy_timeout = 1').get();
    const other = new BetterSqlite(file);
    other.exec('BEGIN IMMEDIATE');
    expect(failureCode(() => database.transaction(() => put(database, 'a')))).toBe('E_BUSY');
    expect(failureCode(() => put(database, 'a'))).toBe('E_BUSY');
    other.exec('ROLLBACK');
    other.close();
    database.transaction(() => put(database, 'a'));
    expect(keys(database)).toEqual(['a']);
  });
});

describe('a transaction', () => {
  const open = (): IndexDatabase => IndexDatabase.open(':memory:');

  test('gives what its function gives and keeps all its writes', () => {
    const database = open();
    expect(
      database.transaction(() => {
        put(database, 'a');
        expect(database.inTransaction).toBe(true);
        return 5;
      }),
    ).toBe(5);
    expect(database.inTransaction).toBe(false);
    expect(keys(database)).toEqual(['a']);
  });

  test('keeps nothing when its function throws, and throws the same', () => {
    const database = open();
    const error = new Error('on purpose');
    const act = (): void =>
      database.transaction(() => {
        put(database, 'a');
        throw error;
      });
    expect(act).toThrow(error);
    expect(keys(database)).toEqual([]);
    database.transaction(() => put(database, 'b'));
    expect(keys(database)).toEqual(['b']);
  });

  test('joins the one around it', () => {
    const database = open();
    const act = (): void =>
      database.transaction(() => {
        database.transaction(() => put(database, 'a'));
        throw new Failure('E_NOT_FOUND', 'on purpose');
      });
    expect(failureCode(act)).toBe('E_NOT_FOUND');
    expect(keys(database)).toEqual([]);
  });

  test('takes the one around it down when it fails inside, even if that is caught', () => {
    const database = open();
    const act = (): void =>
      database.transaction(() => {
        put(database, 'a');
        expect(() =>
          database.transaction(() => {
            put(database, 'b');
            throw new Failure('E_NOT_FOUND', 'on purpose');
          }),
        ).toThrow('on purpose');
        put(database, 'c');
      });
    expect(failureCode(act)).toBe('E_NOT_FOUND');
    expect(keys(database)).toEqual([]);
  });

  test('can not wait', () => {
    const database = open();
    expect(failureCode(() => database.transaction(() => Promise.resolve(put(database, 'a'))))).toBe('E_FAILED');
    expect(keys(database)).toEqual([]);
  });

  test('survives a statement that breaks a rule, if that is caught', () => {
    const database = open();
    database.transaction(() => {
      put(database, 'a');
      expect(failureCode(() => put(database, 'a'))).toBe('E_FAILED');
      put(database, 'b');
    });
    expect(keys(database)).toEqual(['a', 'b']);
  });

  test('ends whole when the disk is full, even if that is caught, and works again when it is not', () => {
    const file = pathOf('index.db');
    const database = IndexDatabase.open(file);
    database.transaction(() => put(database, 'before'));
    const pages = database.prepare<{ readonly page_count: number }>('PRAGMA page_count').get()?.page_count ?? 0;
    database.prepare(`PRAGMA max_page_count = ${pages + 2}`).get();
    const act = (): void =>
      database.transaction(() => {
        put(database, 'a');
        expect(failureCode(() => put(database, 'long '.repeat(10_000)))).toBe('E_DISK');
        put(database, 'b');
      });
    expect(failureCode(act)).toBe('E_DISK');
    expect(keys(database)).toEqual(['before']);
    database.prepare('PRAGMA max_page_count = 1000000').get();
    database.transaction(() => put(database, 'after'));
    expect(keys(database)).toEqual(['after', 'before']);
    database.checkIntegrity();
    database.close();
  });
});

describe('an image', () => {
  test('of a file opens in memory with all that was committed', () => {
    const database = IndexDatabase.open(pathOf('index.db'));
    put(database, 'a');
    const copy = IndexDatabase.openImage(database.serialize());
    put(database, 'b');
    expect(keys(copy)).toEqual(['a']);
    copy.transaction(() => put(copy, 'c'));
    expect(keys(copy)).toEqual(['a', 'c']);
    expect(keys(IndexDatabase.openImage(copy.serialize()))).toEqual(['a', 'c']);
    expect(keys(database)).toEqual(['a', 'b']);
    copy.checkIntegrity();
  });

  test('that is none is refused', () => {
    expect(failureCode(() => IndexDatabase.openImage(new Uint8Array(5_000).fill(7)))).toBe('E_INDEX_DAMAGED');
  });

  test('is not shared between indexes in memory', () => {
    const one = IndexDatabase.open(':memory:');
    const other = IndexDatabase.open(':memory:');
    put(one, 'a');
    expect(keys(other)).toEqual([]);
  });
});

describe('a statement', () => {
  test('means the same whatever stands for its parameters', () => {
    const database = IndexDatabase.open(':memory:');
    const row = database
      .prepare<Record<string, unknown>>(
        "SELECT ? AS number, ? AS text, ? AS none, '?' AS mark, -? AS minus, ? + ? AS sum, ? = '007' AS same",
      )
      .get(1.5, '007', null, 4, 2, 3, '007');
    expect(row).toEqual({ number: 1.5, text: '007', none: null, mark: '?', minus: -4, sum: 5, same: 1 });
    const blob = database.prepare<{ readonly blob: Uint8Array }>('SELECT ? AS blob').get(new Uint8Array([0, 255]))?.blob;
    expect(blob).toEqual(Buffer.from([0, 255]));
  });

  test('with an error in it fails as ours, not as the disk’s', () => {
    const database = IndexDatabase.open(':memory:');
    expect(failureCode(() => database.prepare('SELEKT 1').get())).toBe('E_FAILED');
    database.close();
    expect(failureCode(() => database.prepare('SELECT 1').get())).toBe('E_FAILED');
  });
});
