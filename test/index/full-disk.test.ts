/** An index on a disk without a byte of room: whoever only looks needs none. Takes a small disk in memory, which only root can mount. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { SmallDisk, whatSmallDisksLack } from '../cli/small-disk.ts';
import { failureCode } from '../crypto/failure-code.ts';

const lacking = whatSmallDisksLack();

describe.skipIf(lacking !== undefined)(`a full disk${lacking === undefined ? '' : ` (lacking here: ${lacking})`}`, () => {
  let disk: SmallDisk;
  let file = '';
  beforeEach(() => {
    disk = new SmallDisk(fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-full-index-')), 4);
    file = path.join(disk.dir, 'index.db');
    const index = SyncIndex.open(file);
    index.settings.writeText('a', 'b');
    index.close();
  });
  afterEach(() => {
    disk.unmount();
    fs.rmSync(disk.dir, { recursive: true, force: true });
  });

  function look(): string | undefined {
    const index = SyncIndex.open(file, { readonly: true });
    try {
      return index.transaction(() => index.settings.findText('a'));
    } finally {
      index.close();
    }
  }

  test('lets the index be looked into, and written to once there is room', () => {
    disk.fill();
    expect(failureCode(() => SyncIndex.open(file))).toBe('E_DISK');
    expect([look(), look()]).toEqual(['b', 'b']);
    disk.empty();
    const index = SyncIndex.open(file);
    index.settings.writeText('a', 'c');
    index.close();
    expect(look()).toBe('c');
  });

  test('shows what a process that was killed had committed and not yet moved into the file', () => {
    const index = SyncIndex.open(file);
    index.settings.writeText('a', 'in the log');
    for (const name of ['index.db', 'index.db-wal']) fs.copyFileSync(path.join(disk.dir, name), path.join(disk.dir, `${name}.copy`));
    index.close();
    for (const name of ['index.db', 'index.db-wal']) fs.renameSync(path.join(disk.dir, `${name}.copy`), path.join(disk.dir, name));
    disk.fill();
    expect([look(), look()]).toEqual(['in the log', 'in the log']);
  });

  test('takes no write from who only looks', () => {
    disk.fill();
    const index = SyncIndex.open(file, { readonly: true });
    expect(index.database.isReadonly).toBe(true);
    expect(failureCode(() => index.settings.writeText('a', 'c'))).toBe('E_DISK');
    index.close();
    expect(look()).toBe('b');
  });

  test('lets a reader look beside a writer that was there before', () => {
    const writer = SyncIndex.open(file);
    writer.settings.writeText('a', 'c');
    disk.fill();
    expect(look()).toBe('c');
    disk.empty();
    writer.settings.writeText('a', 'd');
    expect(look()).toBe('d');
    writer.close();
  });
});
