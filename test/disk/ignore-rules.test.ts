import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DiskPath } from '../../src/disk/disk.ts';
import { defaultIgnoreRules, IgnoreRules } from '../../src/disk/ignore-rules.ts';

function rules(own: readonly string[], folders: Record<string, string> = {}): (path: string, kind?: 'file' | 'folder' | 'link') => boolean {
  const book = new IgnoreRules(own);
  for (const [folder, text] of Object.entries(folders)) book.learn(folder as DiskPath, text);
  return (path, kind = 'file') => book.isIgnored(path as DiskPath, kind);
}

describe('what stays out of the vault', () => {
  test('the default list knows droppings and locks, and nothing that people write', () => {
    const isOut = rules(defaultIgnoreRules);
    const droppings = ['.DS_Store', 'deep/in/Thumbs.db', '.~lock.Budget.ods#', 'docs/~$Letter.docx', '.notes.txt.swp'];
    const written = ['notes.txt', 'a.swp', '.git/config', 'node_modules/x', 'draft~', 'film.part', '.env'];
    expect([...droppings, ...written].filter((path) => isOut(path))).toEqual(droppings);
  });

  test('a folder has rules of its own, for itself and all below', () => {
    const isOut = rules([], { '': '*.log\n/build/\n', 'work/app': 'dist\n!keep.log\n' });
    expect(isOut('a.log')).toBe(true);
    expect(isOut('work/a.log')).toBe(true);
    expect(isOut('build', 'folder')).toBe(true);
    expect(isOut('build', 'file')).toBe(false);
    expect(isOut('work/build', 'folder')).toBe(false);
    expect(isOut('work/app/dist', 'folder')).toBe(true);
    expect(isOut('dist', 'folder')).toBe(false);
    // The last word counts.
    expect(isOut('work/app/keep.log')).toBe(false);
    expect(isOut('work/keep.log')).toBe(true);
  });

  test('a rule can take a default back, and rules that went are gone', () => {
    const book = new IgnoreRules(['*~']);
    book.learn('' as DiskPath, '!*~');
    expect(book.isIgnored('draft~' as DiskPath, 'file')).toBe(false);
    book.learn('' as DiskPath, undefined);
    expect(book.isIgnored('draft~' as DiskPath, 'file')).toBe(true);
  });

  test('names that look like paths elsewhere, comments, blank lines and odd characters are no trouble', () => {
    const isOut = rules([], { '': '# a comment\n\n\\#real\nwith space\nüñí*\n[abc].txt\n' });
    expect(isOut('#real')).toBe(true);
    expect(isOut('with space')).toBe(true);
    expect(isOut('üñícode')).toBe(true);
    expect(isOut('b.txt')).toBe(true);
    expect(isOut('.../x')).toBe(false);
    expect(isOut('new\nline')).toBe(false);
    expect(isOut('C:\\x')).toBe(false);
  });
});

test('what was asked about is not remembered for long', () => {
  const script = `
    const { IgnoreRules } = await import(${JSON.stringify(path.resolve(import.meta.dirname, '../../src/disk/ignore-rules.ts'))});
    const rules = new IgnoreRules(['*.bak']);
    rules.learn('', '*.tmp');
    const held = () => { gc(); return process.memoryUsage().heapUsed; };
    const before = held();
    for (let at = 0; at < 100_000; at += 1) rules.isIgnored('folder ' + (at >> 8) + '/file ' + at, 'file');
    process.stdout.write(String(held() - before) + ' ' + rules.isIgnored('a/b.tmp', 'file'));`;
  const said = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', script], { encoding: 'utf8' });
  const [bytes, isIgnored] = said.split(' ');
  expect(Number(bytes)).toBeLessThan(2_000_000);
  expect(isIgnored).toBe('true');
});
