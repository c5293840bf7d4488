import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Folder } from '../../src/disk/calls/file-calls.ts';
import { zoneCalls } from '../../src/disk/calls/zone-calls.ts';
import { isOutsideZone, outsideZone, zoneMaxBytes } from '../../src/disk/calls/zone-identifier.ts';

const utf16 = (text: string): Uint8Array => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);

describe('a zone', () => {
  test('that we write is outside, and is what a browser writes at least', () => {
    expect(isOutsideZone(outsideZone)).toBe(true);
    expect(Buffer.from(outsideZone).toString()).toBe('[ZoneTransfer]\r\nZoneId=3\r\n');
  });

  test.each([
    '[ZoneTransfer]\r\nZoneId=3\r\n',
    '[ZoneTransfer]\r\nZoneId=4',
    '[ZoneTransfer]\nZoneId=3\nReferrerUrl=https://example.org/\nHostUrl=about:internet\n',
    '[ZoneTransfer]\r\nLastWriterPackageFamilyName=Some.App\r\nZoneId=3\r\n',
    '\r\n; by hand\r\n[Other]\r\nZoneId=0\r\n [zonetransfer] \r\n  zoneid = 3  \r\n',
    '\uFEFF[ZoneTransfer]\r\nZoneId=3\r\n',
    '[ZoneTransfer]\rZoneId=3\rZoneId=0',
    '[ZoneTransfer]\r\nAppDefinedZoneId=0\r\nZoneId=3\r\n',
    `[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=${'u'.repeat(10_000)}`,
    '[ZoneTransfer]\r\nReferrerUrl=\uD800\u0000\r\nZoneId=0003\r\n',
  ])('is outside: %j', (text) => {
    expect(isOutsideZone(Buffer.from(text))).toBe(true);
    expect(isOutsideZone(utf16(text))).toBe(true);
  });

  test.each([
    '',
    '[ZoneTransfer]',
    '[ZoneTransfer]\r\nZoneId=0\r\n',
    '[ZoneTransfer]\r\nZoneId=1\r\n',
    '[ZoneTransfer]\r\nZoneId=2\r\n',
    '[ZoneTransfer]\r\nZoneId=2\r\nZoneId=3\r\n',
    '[ZoneTransfer]\r\nZoneId=33\r\n',
    '[ZoneTransfer]\r\nZoneId=-3\r\n',
    '[ZoneTransfer]\r\nZoneId=3.5\r\n',
    '[ZoneTransfer]\r\nZoneId=\r\n',
    `[ZoneTransfer]\r\nZoneId=${'3'.repeat(2_000)}\r\n`,
    'ZoneId=3\r\n',
    '[ZoneTransfer]\r\nAppDefinedZoneId=3\r\n',
    '[Zone]\r\nZoneId=3\r\n',
    `[ZoneTransfer]\r\nHostUrl=${'u'.repeat(zoneMaxBytes)}\r\nZoneId=3`,
  ])('is not, or nothing that says so: %j', (text) => {
    expect(isOutsideZone(Buffer.from(text))).toBe(false);
    expect(isOutsideZone(utf16(text))).toBe(false);
  });

  test('of any bytes is one or the other', () => {
    for (let seed = 0; seed < 2_000; seed += 1) {
      const bytes = Uint8Array.from({ length: seed % 97 }, (_, at) => (seed * 31 + at * at * 7) % 256);
      expect([true, false]).toContain(isOutsideZone(bytes));
    }
  });
});

/** Where there are no streams, such a path is that of a file beside it: the calls are the same. */
test('the calls write, read and remove what stands behind the path', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-zone-'));
  try {
    const calls = zoneCalls(({ name }) => path.join(dir, name));
    const entry = { folder: 0 as Folder, name: 'file' };
    fs.writeFileSync(path.join(dir, 'file'), 'text');
    expect(calls.readOrigin(entry)).toBe(false);
    calls.setOrigin(entry, true);
    calls.setOrigin(entry, true);
    expect(calls.readOrigin(entry)).toBe(true);
    expect(fs.readFileSync(path.join(dir, 'file'), 'utf8')).toBe('text');
    fs.writeFileSync(path.join(dir, 'file:Zone.Identifier'), `[ZoneTransfer]\r\nZoneId=3\r\n${'x'.repeat(1_000_000)}`);
    expect(calls.readOrigin(entry)).toBe(true);
    calls.setOrigin(entry, false);
    calls.setOrigin(entry, false);
    expect(calls.readOrigin(entry)).toBe(false);
    expect(fs.readdirSync(dir)).toEqual(['file']);
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
});
