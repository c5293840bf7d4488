import { onTestFinished, expect, test } from 'vitest';
import { concernsVault } from '../../src/agent/begin/concerns-vault.ts';
import { defaultIgnoreRules, IgnoreRules, ignoreFileName } from '../../src/disk/ignore-rules.ts';
import type { DiskPath } from '../../src/disk/disk.ts';
import { FolderRules } from '../../src/engine/scan/folder-rules.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';
import type { NodeName } from '../../src/model/name.ts';

test('new things that rules keep out are no news, and all else is', () => {
  const index = SyncIndex.open(':memory:');
  onTestFinished(() => index.close());
  const book = new IgnoreRules([...defaultIgnoreRules, 'build/']);
  const rules = new FolderRules(book, { name: ignoreFileName as NodeName, maxBytes: 1024 });
  const about = (path: string): boolean => concernsVault({ index, rules }, path as DiskPath);
  expect(['.note.txt.swp', 'src/.DS_Store', 'build/out/a.o'].map(about)).toEqual([false, false, false]);
  // What "build" is nobody knows before looking.
  expect(['note.txt', 'src/a.c', 'build', ignoreFileName].map(about)).toEqual([true, true, true, true]);
});
