import { describe, expect, test } from 'vitest';
import { folderOf, lastName, setApart, showHidden, splitForRoom } from '../../renderer/parts/shown-text.ts';

describe('names that would hide something', () => {
  test.each([
    ['a turned end', 'photo\u202egpj.exe', 'photo[U+202E]gpj.exe'],
    ['a tab and a line', 'a\tb\nc', 'a␉b␊c'],
    ['a bell and a delete', '\u0007\u007f', '␇␡'],
    ['nothing between', 'a\u200bb\ufeff', 'a[U+200B]b[U+FEFF]'],
    ['a C1 control', '\u0085', '[U+0085]'],
    ['half a pair', 'x\ud83d', 'x[U+D83D]'],
    ['a tag', 'x\u{e0041}', 'x[U+E0041]'],
    ['isolates of its own', '\u2067x\u2069', '[U+2067]x[U+2069]'],
  ])('%s', (_what, name, shown) => {
    expect(showHidden(name)).toBe(shown);
  });

  test('what is only unusual stays as it is', () => {
    for (const name of ['Ünïcødé 🏔️ .txt', 'עברית.pdf', '<img src=x onerror=alert(1)>', 'a\'b"c&amp;d']) {
      expect(showHidden(name)).toBe(name.replaceAll('\u200d', '[U+200D]'));
    }
  });

  test('a name from right to left is set apart from the words around it', () => {
    expect(setApart('עברית.pdf')).toBe('\u2068עברית.pdf\u2069');
    expect(setApart('plain.pdf')).toBe('plain.pdf');
    expect(setApart('x\u2069y')).toBe('x[U+2069]y');
  });
});

describe('names that are too long', () => {
  test('keep their end, and are whole together', () => {
    const name = `${'long '.repeat(40)}name (conflict).tar.gz`;
    const { head, tail } = splitForRoom(name);
    expect(tail).toBe('lict).tar.gz');
    expect(head + tail).toBe(name);
  });

  test('short ones stay whole', () => {
    expect(splitForRoom('short.txt')).toEqual({ head: 'short.txt', tail: '' });
  });

  test('are not cut within words that run the other way', () => {
    const path = 'Letters from abroad/2026/עברית מסמך.pdf';
    expect(splitForRoom(path)).toEqual({ head: path, tail: '' });
    expect(splitForRoom('עברית עברית עברית עברית מסמך.pdf').tail).toBe('ית מסמך.pdf'.padStart(12, 'ר'));
  });

  test('are not cut within a letter', () => {
    const { tail } = splitForRoom(`${'x'.repeat(30)}${'é'.normalize('NFD').repeat(12)}`);
    expect(tail.normalize('NFC')).toBe('é'.repeat(12));
  });
});

test('a path has a folder and a name', () => {
  expect([folderOf('a/b/c'), lastName('a/b/c')]).toEqual(['a/b', 'c']);
  expect([folderOf('c'), lastName('c')]).toEqual(['', 'c']);
});
