import { expect, test } from 'vitest';
import type { Disk, DiskPath, Listing } from '../../src/disk/disk.ts';
import { FolderRules } from '../../src/engine/scan/folder-rules.ts';
import type { NodeName } from '../../src/model/name.ts';

const file = { name: '.rules' as NodeName, maxBytes: 10 };
const at = (path: string): DiskPath => path as DiskPath;

/** A folder with a file of rules that is larger than what is believed. */
const tooLarge = { entries: [{ name: file.name, kind: 'file', sizeBytes: 11, fingerprint: 'f' }], unknown: [] } as unknown as Listing;
const without = { entries: [], unknown: [] } as unknown as Listing;
const disk = {} as Disk;

test('where the rules of a folder can not be known, nothing new goes on in it, and everything beside it does', async () => {
  const rules = new FolderRules({ learn: () => undefined, isIgnored: () => false }, file);
  expect(await rules.refresh(disk, at('a/b'), tooLarge)).toMatchObject({ code: 'E_UNREADABLE' });
  for (const path of ['a/b/new', 'a/b/c/new']) expect(rules.isIgnored(at(path), 'file'), path).toBe(true);
  for (const path of ['a/b', 'a/new', 'a/bc', 'a/b.txt', 'a/bc/new', 'b/new', 'a/b/.rules'])
    expect(rules.isIgnored(at(path), 'file'), path).toBe(false);
  expect(await rules.refresh(disk, at('a/b'), without)).toBe(undefined);
  expect(rules.isIgnored(at('a/b/new'), 'file')).toBe(false);
});

test('where those of the whole folder can not be known, nothing new goes on anywhere', async () => {
  const rules = new FolderRules({ learn: () => undefined, isIgnored: () => false }, file);
  await rules.refresh(disk, at(''), tooLarge);
  expect(rules.isIgnored(at('new'), 'file')).toBe(true);
  expect(rules.isIgnored(at('a/new'), 'folder')).toBe(true);
});
