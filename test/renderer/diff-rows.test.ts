import { describe, expect, test } from 'vitest';
import { diffRows, markWords, type DiffRow, type Piece } from '../../renderer/preview/diff-rows.ts';

const piecesText = (pieces: readonly Piece[]): string => pieces.map(({ text, isMarked }) => (isMarked ? `[${text}]` : text)).join('');

/** One line for each row: numbers, and words that are marked in brackets. */
function told(rows: readonly DiffRow[] | undefined): readonly string[] | undefined {
  return rows?.map((row) => {
    if (row.is === 'fold') return `… ${row.rows.length}`;
    if (row.is === 'same') return `${row.left} ${row.right} ${row.text}`;
    const [left, right] = [row.left, row.right].map((line) => (line === undefined ? '' : `${line.number} ${piecesText(line.pieces)}`));
    return `${left ?? ''} | ${right ?? ''}`;
  });
}

describe('two texts beside each other', () => {
  test('a changed line has its words marked', () => {
    expect(told(diffRows('one\nthe rent is 700 euros\nthree\n', 'one\nthe rent is 750 euros\nthree\n'))).toEqual([
      '1 1 one',
      '2 the rent is [700] euros | 2 the rent is [750] euros',
      '3 3 three',
    ]);
  });

  test('lines that one side alone has stand beside nothing', () => {
    expect(told(diffRows('a\nb\nc', 'a\nc\nd'))).toEqual(['1 1 a', '2 b | ', '3 2 c', ' | 3 d']);
  });

  test('numbers go on behind uneven changes', () => {
    expect(told(diffRows('a\nb\nc\nz', 'X\nz'))).toEqual(['1 a | 1 X', '2 b | ', '3 c | ', '4 2 z']);
  });

  test('what is far from a change is folded away', () => {
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`);
    const rows = diffRows(['A', ...lines, 'B', ...lines].join('\n'), ['C', ...lines, 'D', ...lines].join('\n'));
    expect(told(rows)).toEqual([
      '1 A | 1 C',
      ...[0, 1, 2].map((at) => `${at + 2} ${at + 2} line ${at}`),
      '… 14',
      ...[17, 18, 19].map((at) => `${at + 2} ${at + 2} line ${at}`),
      '22 B | 22 D',
      ...[0, 1, 2].map((at) => `${at + 23} ${at + 23} line ${at}`),
      '… 17',
    ]);
  });

  test('ends of lines do not count', () => {
    expect(told(diffRows('a\r\nb\r\n', 'a\nb'))).toEqual(['1 1 a', '2 2 b']);
  });

  test('nothing beside something', () => {
    expect(told(diffRows('', 'a'))).toEqual([' | 1 a']);
    expect(diffRows('', '')).toEqual([]);
  });

  test('texts without anything in common are given up, and soon', () => {
    const lines = (word: string): string => Array.from({ length: 4000 }, (_, at) => `${word} ${at}`).join('\n');
    expect(diffRows(lines('one'), lines('other'))).toBe(undefined);
  });
});

describe('words of a line', () => {
  test('of lines with little in common none are marked', () => {
    expect(markWords('a wholly other thing', 'nothing the same')[0].some(({ isMarked }) => isMarked)).toBe(false);
  });

  test('of a line without end none are looked for', () => {
    const long = 'word '.repeat(1000);
    expect(markWords(`${long}x`, `${long}y`).map((pieces) => pieces.length)).toEqual([1, 1]);
  });

  test('together they are the line, markup and all', () => {
    const [left, right] = markWords('<b>one</b> & two', '<b>one</b> & three');
    expect([left, right].map((pieces) => pieces.map(({ text }) => text).join(''))).toEqual(['<b>one</b> & two', '<b>one</b> & three']);
    expect(right.filter(({ isMarked }) => isMarked)).toEqual([{ text: 'three', isMarked: true }]);
  });
});
