import fs from 'node:fs';
import BetterSqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openIndex } from '../../src/agent/profile/open-index.ts';
import { Failure } from '../../src/base/failure.ts';
import { migrations } from '../../src/index/migrations.ts';
import { quarantineIndex } from '../../src/index/file/quarantine-index.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { failureCode } from '../crypto/failure-code.ts';
import { fileState, localNode, nodeId } from './sample-nodes.ts';
import { makeOlder } from './older-index.ts';
import { useIndexFolder } from './with-index-folder.ts';

const { pathOf } = useIndexFolder();
const nodes = 500;

/** A closed index with some nodes in it. */
function makeIndex(): string {
  const file = pathOf('index.db');
  const index = SyncIndex.open(file);
  index.transaction(() => {
    for (let at = 0; at < nodes; at += 1) index.local.write(localNode(nodeId(at), fileState(`file ${at}`)));
  });
  index.close();
  return file;
}

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const whole = fs.readFileSync(file);
  whole.set(bytes, at);
  fs.writeFileSync(file, whole);
}

/** Reads everything, as the engine would in the end. */
function readAll(file: string): void {
  const index = SyncIndex.open(file);
  try {
    index.database.checkIntegrity();
    for (let at = 0; at < nodes; at += 1) index.local.find(nodeId(at));
  } finally {
    index.close();
  }
}

const noise = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 151 + (at >> 3) * 31 + 7) & 0xff);

const damages: Readonly<Record<string, (file: string) => void>> = {
  'bytes without meaning': (file) => fs.writeFileSync(file, noise(20_000)),
  text: (file) => fs.writeFileSync(file, 'not a database\n'.repeat(500)),
  'a single byte': (file) => fs.writeFileSync(file, 'S'),
  'an end cut off': (file) => fs.truncateSync(file, fs.statSync(file).size >> 1),
  'an end cut off within a page': (file) => fs.truncateSync(file, fs.statSync(file).size - 1_000),
  'only its first page': (file) => fs.truncateSync(file, 4_096),
  'noise in its schema': (file) => overwrite(file, 100, noise(3_000)),
  'noise in its pages': (file) => overwrite(file, 8_192, noise(fs.statSync(file).size - 12_288)),
  'pages of zeros': (file) => overwrite(file, 4_096, new Uint8Array(fs.statSync(file).size - 4_096)),
  'another program’s number': (file) => overwrite(file, 68, new Uint8Array([1, 2, 3, 4])),
};

describe('a damaged index is told from a sound one', () => {
  test('the sound one reads well', () => {
    const file = makeIndex();
    expect(failureCode(() => readAll(file))).toBe('no failure');
  });

  test.each(Object.entries(damages))('%s', (_, damage) => {
    const file = makeIndex();
    damage(file);
    expect(failureCode(() => readAll(file))).toBe('E_INDEX_DAMAGED');
    const aside = quarantineIndex(file) ?? '';
    expect(fs.existsSync(aside)).toBe(true);
    const fresh = SyncIndex.open(file);
    expect(fresh.local.count().files).toBe(0);
    fresh.close();
  });

  test('a folder in its place', () => {
    const file = pathOf('index.db');
    fs.mkdirSync(file);
    expect(failureCode(() => SyncIndex.open(file))).toBe('E_INDEX_DAMAGED');
    expect(fs.statSync(quarantineIndex(file) ?? '').isDirectory()).toBe(true);
    readAll(file);
  });

  test('another program’s database, which is left as it is', () => {
    const file = pathOf('index.db');
    const foreign = new BetterSqlite(file);
    foreign.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (5)');
    foreign.close();
    expect(failureCode(() => SyncIndex.open(file))).toBe('E_INDEX_DAMAGED');
    expect(new BetterSqlite(file).prepare('SELECT x FROM theirs').pluck().get()).toBe(5);
  });

  test('an empty file is no damage: a crash right after making it leaves that', () => {
    const file = pathOf('index.db');
    fs.writeFileSync(file, '');
    expect(failureCode(() => readAll(file))).toBe('no failure');
  });

  test('a file without the right to write gets it back', () => {
    const file = makeIndex();
    fs.chmodSync(file, 0o400);
    readAll(file);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  test('a log without its file is dropped, not applied to the next one', () => {
    const file = pathOf('index.db');
    const index = SyncIndex.open(file);
    index.local.write(localNode(nodeId(1), fileState('x')));
    const log = fs.readFileSync(`${file}-wal`);
    index.close();
    fs.rmSync(file);
    fs.writeFileSync(`${file}-wal`, log);
    const fresh = SyncIndex.open(file);
    expect(fresh.local.count().files).toBe(0);
    fresh.database.checkIntegrity();
    fresh.close();
  });
});

describe('the schema', () => {
  const newest = migrations.at(-1)?.number ?? 0;
  const applicationId = 0x43636858;
  const setVersion = (file: string, version: number): void => {
    const native = new BetterSqlite(file);
    native.pragma(`user_version = ${version}`);
    native.close();
  };

  test('has steps by rising number', () => {
    const numbers = migrations.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(numbers[0]).toBe(1);
  });

  test('of a newer Cachette is refused in those words and not touched', () => {
    const file = makeIndex();
    setVersion(file, newest + 1);
    const before = fs.readFileSync(file);
    for (const readonly of [false, true]) {
      const open = (): SyncIndex => SyncIndex.open(file, { readonly });
      expect(failureCode(open)).toBe('E_INDEX_NEWER');
      expect(open).toThrow(/newer Cachette/);
    }
    expect(failureCode(() => openIndex(file, () => expect.unreachable()))).toBe('E_INDEX_NEWER');
    expect(fs.readFileSync(file).equals(before)).toBe(true);
    expect(fs.readdirSync(pathOf(''))).toEqual(['index.db']);
  });

  test('of a newer Cachette that came while it was open is not written to, nor read as if it were the old one', () => {
    const index = SyncIndex.open(pathOf('index.db'));
    index.settings.writeText('a', 'old');
    const other = new BetterSqlite(pathOf('index.db'));
    other.exec(`BEGIN; ALTER TABLE setting RENAME COLUMN value TO worth; PRAGMA user_version = ${newest + 1}; COMMIT`);
    expect(failureCode(() => index.transaction(() => expect.unreachable()))).toBe('E_INDEX_NEWER');
    expect(failureCode(() => index.settings.writeText('a', 'new'))).toBe('E_INDEX_NEWER');
    expect(failureCode(() => index.settings.findText('a'))).toBe('E_INDEX_NEWER');
    expect(other.prepare('SELECT worth FROM setting').pluck().all()).toEqual(['old']);
    other.close();
    index.close();
  });

  test('of an older one stays as it is where whoever opens it is not to change it', () => {
    const file = makeIndex();
    const older = new BetterSqlite(file);
    makeOlder(older);
    older.close();
    const refuse = (): never => {
      throw new Failure('E_BUSY', 'somebody is at work');
    };
    expect(failureCode(() => SyncIndex.open(file, { beforeMigrating: refuse }))).toBe('E_BUSY');
    const native = new BetterSqlite(file);
    expect(native.pragma('user_version', { simple: true })).toBe(newest - 1);
    native.close();
    let isAsked = false;
    for (const wish of [true, false]) {
      isAsked = false;
      SyncIndex.open(file, { beforeMigrating: () => (isAsked = true) }).close();
      expect(isAsked).toBe(wish);
    }
  });

  test('with a number that no Cachette comes to is damaged, not newer', () => {
    const file = makeIndex();
    setVersion(file, newest + 256);
    expect(failureCode(() => SyncIndex.open(file))).toBe('E_INDEX_DAMAGED');
    let aside: string | undefined;
    openIndex(file, (where) => {
      aside = where;
    }).close();
    expect(aside).toMatch(/damaged/);
  });

  test('of an older one is brought up to date, but not by one who only looks', () => {
    const file = pathOf('index.db');
    const native = new BetterSqlite(file);
    const [first] = migrations;
    native.exec(`${first?.sql ?? ''}; PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1`);
    native.close();
    expect(failureCode(() => SyncIndex.open(file, { readonly: true }))).toBe('E_INDEX_DAMAGED');
    const index = SyncIndex.open(file);
    index.settings.writeText('a', 'b');
    index.close();
    expect(SyncIndex.open(file, { readonly: true }).settings.findText('a')).toBe('b');
  });

  test('is made whole or not at all', () => {
    const file = pathOf('index.db');
    const native = new BetterSqlite(file);
    // The last step can not be made: its table is there.
    const [first] = migrations;
    native.exec(`${first?.sql ?? ''}; CREATE TABLE setting (x); PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1`);
    native.close();
    expect(failureCode(() => SyncIndex.open(file))).toBe('E_FAILED');
    const tables = new BetterSqlite(file).prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();
    expect(tables).toEqual(['node', 'setting', 'totals']);
  });
});

describe('quarantine', () => {
  test('moves the file with its log, each time to a name of its own', () => {
    const file = pathOf('index.db');
    const places: (string | undefined)[] = [];
    for (const content of ['one', 'two']) {
      fs.writeFileSync(file, content);
      fs.writeFileSync(`${file}-wal`, `log of ${content}`);
      places.push(quarantineIndex(file));
    }
    expect(fs.readdirSync(pathOf('')).toSorted()).toEqual([
      'index.db.damaged-1',
      'index.db.damaged-1-wal',
      'index.db.damaged-2',
      'index.db.damaged-2-wal',
    ]);
    expect(places).toEqual([`${file}.damaged-1`, `${file}.damaged-2`]);
    expect(fs.readFileSync(`${file}.damaged-2-wal`, 'utf8')).toBe('log of two');
    expect(quarantineIndex(file)).toBeUndefined();
  });

  test('says so when it can not', () => {
    expect(quarantineIndex(pathOf('none/index.db'))).toBeUndefined();
    try {
      quarantineIndex(pathOf('bad\0name'));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
    }
  });
});
