/** Native code and node:fs show the same of the same folder, refuse the same, and leave the same behind. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { native } from '../../src/base/native.ts';
import type { Listed } from '../../src/disk/disk.ts';
import { callCode, type FileCalls, type Folder, type NewFile, type OpenFile } from '../../src/disk/calls/file-calls.ts';
import { observeEntry } from '../../src/disk/observe.ts';
import { nodeCalls } from '../../src/disk/calls/node-calls.ts';
import { nameFromBytes } from '../../src/model/name.ts';

/** A file system without a disk, where Linux has one. */
const inMemory = '/dev/shm';

let root: string;
let plain: FileCalls;
let quick: FileCalls;
let top: Folder;
let plainTop: Folder;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-native-'));
  plain = nodeCalls(root, { isNative: false });
  quick = nodeCalls(root);
  top = quick.openTop();
  plainTop = plain.openTop();
});
afterEach(() => {
  quick.closeFolder(top);
  plain.closeFolder(plainTop);
  fs.rmSync(root, { recursive: true });
});

const bytesAt = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${root}/`), bytes]);

/** node:fs does not tell it. */
function withoutMount(seen: object | undefined): object | undefined {
  return seen && { ...seen, mount: 0n };
}

/** Names of any bytes that a name may hold, mostly such as break UTF-8. */
const nameBytes = fc
  .array(
    fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constantFrom(0xc3, 0xa9, 0xed, 0xa0, 0x80, 0xef, 0xbf, 0xbd, 0xf0, 0x9f, 0x98, 0x80)),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((bytes) => Uint8Array.from(bytes))
  .filter((bytes) => !bytes.includes(0x2f) && !['.', '..'].includes(Buffer.from(bytes).toString('latin1')));

describe.skipIf(native?.files === undefined)('native calls on files', () => {
  test('name and show whatever stands in a folder as node:fs does', () => {
    fc.assert(
      fc.property(fc.uniqueArray(nameBytes, { maxLength: 8, selector: (bytes) => Buffer.from(bytes).toString('hex') }), (names) => {
        for (const [at, name] of names.entries()) {
          if (at % 4 === 0) fs.mkdirSync(bytesAt(name));
          else if (at % 4 === 1) fs.symlinkSync(Buffer.from(name), bytesAt(name));
          else fs.writeFileSync(bytesAt(name), name, { mode: at % 4 === 2 ? 0o755 : 0o640 });
        }
        expect(quick.readNames(top).toSorted()).toEqual(plain.readNames(plainTop).toSorted());
        for (const bytes of names) {
          const name = nameFromBytes(bytes);
          const seen = quick.lstat({ folder: top, name });
          expect(seen).toBeDefined();
          expect(withoutMount(seen)).toEqual(plain.lstat({ folder: plainTop, name }));
          if (seen?.kind === 'link') expect(quick.readLink({ folder: top, name })).toBe(plain.readLink({ folder: plainTop, name }));
          if (seen?.kind === 'folder') quick.removeFolder({ folder: top, name });
          else quick.unlink({ folder: top, name });
        }
        expect(fs.readdirSync(root)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('list a folder as single calls on node:fs show it, and let other work have its turn', async () => {
    for (let at = 0; at < 2_500; at += 1) {
      const name = bytesAt(Buffer.from(at % 7 === 0 ? [0xff, 0x41 + (at % 26), ...Buffer.from(String(at))] : `näme ${at}`));
      if (at % 3 === 0) fs.symlinkSync(Buffer.from([0xc3, 0x28, ...Buffer.from(String(at))]), name);
      else if (at % 50 === 1) fs.mkdirSync(name);
      else fs.writeFileSync(name, 'x'.repeat(at), { mode: at % 2 === 0 ? 0o755 : 0o600 });
    }
    let rests = 0;
    const listed = await quick.listFolder?.(top, async () => {
      await Promise.resolve();
      rests += 1;
    });
    expect(rests).toBe(2);
    const sorted = (items: readonly Listed[]): readonly Listed[] => items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const shown = plain.readNames(plainTop).flatMap((name) => {
      const seen = observeEntry(plain, { folder: plainTop, name });
      // With a folder's device goes its mount, which node:fs does not tell.
      const device = observeEntry(quick, { folder: top, name })?.device ?? '';
      return seen === undefined ? [] : [{ ...seen, device, name }];
    });
    expect(shown).toHaveLength(2_500);
    expect(sorted(listed?.entries ?? [])).toEqual(sorted(shown));
    expect(listed?.unknown).toEqual([]);
    const empty = quick.openFolder(top, listed?.entries.find(({ kind }) => kind === 'folder')?.name ?? '');
    expect(await quick.listFolder?.(empty, () => Promise.resolve())).toEqual({ entries: [], unknown: [] });
    quick.closeFolder(empty);
  });

  test('read many files of any size, and tell what each has against it', async () => {
    const sizes = [0, 1, 4095, 4096, 100_000, 300_000, 7];
    const wanted = sizes.map((sizeBytes, at) => ({ name: `file ${at}`, sizeBytes }));
    for (const { name, sizeBytes } of wanted) fs.writeFileSync(path.join(root, name), Buffer.alloc(sizeBytes, name));
    const many = Array.from({ length: 150 }, (_, at) => wanted[at % wanted.length] ?? { name: '', sizeBytes: 0 });
    const found = (await quick.readFiles?.(top, [...many, { name: 'missing', sizeBytes: 1 }, { name: 'file 1', sizeBytes: 2 }])) ?? [];
    expect(found).toHaveLength(152);
    for (const [at, { name, sizeBytes }] of many.entries()) {
      const file = found[at];
      if (typeof file !== 'object' || !('bytes' in file)) throw new Error(`${name} was not read`);
      expect(Buffer.compare(file.bytes, Buffer.alloc(sizeBytes, name))).toBe(0);
      expect(file.now).toEqual(observeEntry(plain, { folder: plainTop, name }));
    }
    expect(found[150]).toMatchObject({ error: { code: 'ENOENT' } });
    expect(found[151]).toBe('changed');
  });

  test('finish each file by itself, whatever is wrong with another', async () => {
    const file = quick.openFile({ folder: top, name: 'written' }, 'create');
    await quick.writeFile(file, Buffer.from('text'), 0);
    const closed = 1_000_000 as OpenFile;
    const ends = await quick.finishFiles?.([
      { file: closed, mtimeUs: 0 },
      { file, mtimeUs: -1_500_001 },
    ]);
    expect(ends?.[0]).toMatchObject({ error: { code: 'EBADF' } });
    expect(withoutMount(ends?.[1])).toEqual(plain.lstat({ folder: plainTop, name: 'written' }));
    expect(ends?.[1]).toMatchObject({ mtimeNs: -1_500_001_000n, sizeBytes: 4 });
    quick.closeFile(file);
    expect(await quick.finishFiles?.([])).toEqual([]);
    await expect(quick.finishFiles?.([{ file, mtimeUs: 0.5 }])).rejects.toThrow(TypeError);
  });

  test('make many files of any size with their times and bits, and tell what each has against it', async () => {
    fs.writeFileSync(path.join(root, 'taken'), 'before');
    const files = Array.from({ length: 150 }, (_, at) => ({
      name: `file ${at}`,
      bytes: Buffer.alloc([0, 1, 4096, 70_000][at % 4] ?? 0, `file ${at}`),
      mtimeUs: -1_500_001 + at * 1_000_003,
      executable: at % 3 === 0,
    }));
    const taken = { name: 'taken', bytes: Buffer.from('ours'), mtimeUs: 0, executable: false };
    const ends = (await quick.makeFiles?.(top, [taken, ...files, { ...taken, name: 'x'.repeat(256) }])) ?? [];
    expect(ends).toHaveLength(152);
    expect(ends[0]).toMatchObject({ error: { code: 'EEXIST' } });
    expect(fs.readFileSync(path.join(root, 'taken'), 'utf8')).toBe('before');
    expect(ends[151]).toMatchObject({ error: { code: 'ENAMETOOLONG' } });
    const asCreated = quick.openFile({ folder: top, name: 'as created' }, 'create');
    const { mode } = quick.statFile(asCreated);
    quick.closeFile(asCreated);
    for (const [at, { name, bytes, mtimeUs, executable }] of files.entries()) {
      expect(withoutMount(ends[at + 1])).toEqual(plain.lstat({ folder: plainTop, name }));
      expect(ends[at + 1]).toMatchObject({
        mtimeNs: BigInt(mtimeUs) * 1000n,
        mode: executable ? mode | 0o100 | ((mode & 0o444) >> 2) : mode,
      });
      expect(Buffer.compare(fs.readFileSync(path.join(root, name)), bytes)).toBe(0);
    }
    expect(await quick.makeFiles?.(top, [])).toEqual([]);
  });

  test('place many, each at a name that must be free, and tell what each has against it', async () => {
    fs.mkdirSync(path.join(root, 'from'));
    fs.mkdirSync(path.join(root, 'to'));
    fs.writeFileSync(path.join(root, 'to', 'taken'), 'before');
    const [from, to] = [quick.openFolder(top, 'from'), quick.openFolder(top, 'to')];
    const items = Array.from({ length: 150 }, (_, at) => ({ name: `item ${at}`, newName: at === 7 ? 'taken' : `new ${at}` }));
    for (const { name } of items) if (name !== 'item 9') fs.writeFileSync(path.join(root, 'from', name), name);
    const ends = (await quick.placeFiles?.(from, to, items)) ?? [];
    quick.closeFolder(from);
    const plainTo = plain.openFolder(plainTop, 'to');
    for (const [at, { name, newName }] of items.entries()) {
      if (at === 7) expect(ends[at]).toMatchObject({ error: { code: 'EEXIST' } });
      else if (at === 9) expect(ends[at]).toMatchObject({ error: { code: 'ENOENT' } });
      else {
        const end = ends[at];
        expect(withoutMount(end === 'unseen' ? undefined : end)).toEqual(plain.lstat({ folder: plainTo, name: newName }));
        expect(fs.readFileSync(path.join(root, 'to', newName), 'utf8')).toBe(name);
      }
    }
    plain.closeFolder(plainTo);
    expect(fs.readFileSync(path.join(root, 'to', 'taken'), 'utf8')).toBe('before');
    expect(fs.readdirSync(path.join(root, 'from'))).toEqual(['item 7']);
    await expect(quick.placeFiles?.(top, to, [{ name: '../x', newName: 'x' }])).rejects.toThrow(TypeError);
    await expect(quick.placeFiles?.(top, to, [{ name: 'x', newName: '..' }])).rejects.toThrow(TypeError);
    const many = Array.from({ length: 1025 }, () => ({ name: 'x', newName: 'y' }));
    await expect(quick.placeFiles?.(top, to, many)).rejects.toThrow(TypeError);
    quick.closeFolder(to);
    expect(await quick.placeFiles?.(top, top, [])).toEqual([]);
  });

  test.skipIf(!fs.existsSync(inMemory))('make as many on a file system that is not flushed as a whole', async () => {
    const folder = fs.mkdtempSync(path.join(inMemory, 'cachette-native-'));
    const calls = nodeCalls(folder);
    const there = calls.openTop();
    const files = Array.from({ length: 40 }, (_, at) => ({ name: `${at}`, bytes: Buffer.from(`${at}`), mtimeUs: at, executable: false }));
    try {
      const ends = (await calls.makeFiles?.(there, files)) ?? [];
      expect(ends.map((end) => ('error' in end ? end.error : end.mtimeNs))).toEqual(files.map(({ mtimeUs }) => BigInt(mtimeUs) * 1000n));
      for (const { name } of files) expect(fs.readFileSync(path.join(folder, name), 'utf8')).toBe(name);
    } finally {
      calls.closeFolder(there);
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('refuse to make what is no file of this folder, or too much at once', async () => {
    const file = (name: string, length = 0): NewFile => ({ name, bytes: new Uint8Array(length), mtimeUs: 0, executable: false });
    await expect(quick.makeFiles?.(top, [file('../x')])).rejects.toThrow(TypeError);
    await expect(quick.makeFiles?.(top, [file('..')])).rejects.toThrow(TypeError);
    await expect(quick.makeFiles?.(top, [{ ...file('x'), mtimeUs: 0.5 }])).rejects.toThrow(TypeError);
    await expect(quick.makeFiles?.(top, [file('x', 2 ** 26), file('y', 1)])).rejects.toThrow(TypeError);
    const many = Array.from({ length: 1025 }, () => file('x'));
    await expect(quick.makeFiles?.(top, many)).rejects.toThrow(TypeError);
    expect(fs.readdirSync(root)).toEqual([]);
  });

  test('refuse to read more at once than they may', async () => {
    const files = (count: number, sizeBytes: number): { name: string; sizeBytes: number }[] =>
      Array.from({ length: count }, () => ({ name: 'x', sizeBytes }));
    await expect(quick.readFiles?.(top, files(1025, 0))).rejects.toThrow(TypeError);
    await expect(quick.readFiles?.(top, files(1, 2 ** 26 + 1))).rejects.toThrow(TypeError);
    await expect(quick.readFiles?.(top, files(2, 2 ** 25 + 1))).rejects.toThrow(TypeError);
    await expect(quick.readFiles?.(top, files(1, -1))).rejects.toThrow(TypeError);
    await expect(quick.readFiles?.(top, files(1, 0.5))).rejects.toThrow(TypeError);
    await expect(quick.readFiles?.(top, [{ name: '../x', sizeBytes: 0 }])).rejects.toThrow(TypeError);
  });

  test('set times and bits to the same', () => {
    fs.writeFileSync(path.join(root, 'file'), '');
    fs.symlinkSync('x', path.join(root, 'link'));
    const times = fc.oneof(fc.integer({ min: -2_000_000_000, max: 4_000_000_000 }), fc.integer({ min: -2e15, max: 4e15 }));
    fc.assert(
      fc.property(times, fc.integer({ min: 0o600, max: 0o777 }), (timeUs, mode) => {
        const shown = [quick, plain].map((calls) => {
          const folder = calls === quick ? top : plainTop;
          const file = calls.openFile({ folder, name: 'file' }, 'read');
          calls.setFileTime(file, timeUs);
          calls.setFileMode(file, mode);
          calls.setLinkTime({ folder, name: 'link' }, timeUs);
          const { mtimeNs, mode: now } = calls.statFile(file);
          calls.closeFile(file);
          // node:fs takes seconds with a fraction, which is rarely the very one.
          return [mtimeNs, calls.lstat({ folder, name: 'link' })?.mtimeNs ?? 0n].map((ns) => toUs(ns)).concat(now);
        });
        expect(shown[0]).toEqual(shown[1]);
        expect(shown[0]).toEqual([timeUs, timeUs, mode]);
      }),
      { numRuns: 200 },
    );
  });

  test('refuse the same with the same code, and never follow a link', () => {
    fs.mkdirSync(path.join(root, 'folder'));
    fs.writeFileSync(path.join(root, 'folder', 'inside'), '');
    fs.writeFileSync(path.join(root, 'file'), 'text');
    fs.symlinkSync('folder', path.join(root, 'link'));
    const acts: ((calls: FileCalls, folder: Folder) => unknown)[] = [
      (calls, folder) => calls.openFolder(folder, 'link'),
      (calls, folder) => calls.openFolder(folder, 'file'),
      (calls, folder) => calls.openFolder(folder, 'missing'),
      (calls, folder) => calls.openFile({ folder, name: 'link' }, 'read'),
      (calls, folder) => calls.openFile({ folder, name: 'link' }, 'create'),
      (calls, folder) => calls.openFile({ folder, name: 'file' }, 'create'),
      (calls, folder) => calls.openFile({ folder, name: 'missing' }, 'read'),
      (calls, folder) => calls.openFile({ folder, name: 'x'.repeat(256) }, 'create'),
      (calls, folder) => calls.openFile({ folder, name: 'x'.repeat(5000) }, 'create'),
      (calls, folder) => calls.lstat({ folder, name: 'x'.repeat(256) }),
      (calls, folder) => calls.readLink({ folder, name: 'file' }),
      (calls, folder) => calls.makeFolder({ folder, name: 'link' }, 0o700),
      (calls, folder) => calls.makeLink('target', { folder, name: 'file' }),
      (calls, folder) => calls.link({ folder, name: 'missing' }, { folder, name: 'new' }),
      (calls, folder) => calls.link({ folder, name: 'file' }, { folder, name: 'link' }),
      (calls, folder) => calls.rename({ folder, name: 'missing' }, { folder, name: 'new' }),
      (calls, folder) => calls.rename({ folder, name: 'file' }, { folder, name: 'folder' }),
      (calls, folder) => calls.unlink({ folder, name: 'folder' }),
      (calls, folder) => calls.unlink({ folder, name: 'missing' }),
      (calls, folder) => calls.removeFolder({ folder, name: 'folder' }),
      (calls, folder) => calls.removeFolder({ folder, name: 'link' }),
      (calls, folder) => calls.setLinkTime({ folder, name: 'missing' }, 0),
    ];
    for (const act of acts) {
      const codes = [quick, plain].map((calls) => codeOf(() => act(calls, calls === quick ? top : plainTop)));
      expect(codes[0], String(act)).not.toBe('');
      expect(codes[0], String(act)).toBe(codes[1]);
    }
    expect(fs.readdirSync(root).toSorted()).toEqual(['file', 'folder', 'link']);
  });

  test('rename without replacing, and swap', () => {
    const entry = (name: string): { folder: Folder; name: string } => ({ folder: top, name });
    fs.writeFileSync(path.join(root, 'a'), 'a');
    fs.writeFileSync(path.join(root, 'b'), 'b');
    expect(codeOf(() => quick.renameNew?.(entry('a'), entry('b')))).toBe('EEXIST');
    quick.exchange?.(entry('a'), entry('b'));
    expect([fs.readFileSync(path.join(root, 'a'), 'utf8'), fs.readFileSync(path.join(root, 'b'), 'utf8')]).toEqual(['b', 'a']);
    quick.renameNew?.(entry('a'), entry('c'));
    expect(fs.readdirSync(root).toSorted()).toEqual(['b', 'c']);
    expect(codeOf(() => quick.exchange?.(entry('a'), entry('b')))).toBe('ENOENT');
  });

  test('take no name that means another place', () => {
    for (const name of ['', '.', '..', 'a/b', '/etc/passwd', 'a\0b']) expect(() => quick.lstat({ folder: top, name })).toThrow(TypeError);
    expect(() => quick.openFolder(top, '..')).toThrow(TypeError);
    expect(() => quick.openFolder(top, 'a/b')).toThrow(TypeError);
  });

  test('close what they open, also where it fails', async () => {
    const count = (): number => fs.readdirSync('/proc/self/fd').length;
    const before = count();
    for (let round = 0; round < 50; round += 1) {
      quick.readNames(top);
      codeOf(() => quick.readNames(quick.openFile({ folder: top, name: 'missing' }, 'read') as number as Folder));
      quick.closeFolder(quick.openFolder(top, '.'));
      await quick.listFolder?.(top, () => Promise.resolve());
      await quick.readFiles?.(top, [{ name: 'missing', sizeBytes: 1 }]);
    }
    expect(count()).toBe(before);
  });

  test('set room aside for a file that keeps its length, and say when there is none', () => {
    const file = quick.openFile({ folder: top, name: 'large' }, 'create');
    const isDone = quick.allocate?.(file, 2 ** 21);
    const { size, blocks } = fs.statSync(path.join(root, 'large'));
    expect({ size, isThere: blocks * 512 >= 2 ** 21 }).toEqual({ size: 0, isThere: isDone });
    if (isDone === true) expect(() => quick.allocate?.(file, 2 ** 52)).toThrow(/ENOSPC|EFBIG/);
    expect(() => quick.allocate?.(file, 0)).toThrow(TypeError);
    quick.closeFile(file);
    expect('allocate' in plain).toBe(false);
  });
});

/** Rounded down. */
function toUs(ns: bigint): number {
  return Number((ns - (((ns % 1000n) + 1000n) % 1000n)) / 1000n);
}

/** POSIX code of what it throws; '' where it throws nothing. */
function codeOf(act: () => unknown): string {
  try {
    act();
    return '';
  } catch (error) {
    return callCode(error);
  }
}
