import { describe, expect, test } from 'vitest';
import { groupByFolder, nextAfter, settleChoice, toEntries } from '../../renderer/conflicts/conflict-groups.ts';
import type { ToldConflict } from '../../src/control/acts/trouble-acts.ts';

const side = { device: 'desk', mtime: null, size: 1 };
const conflict = (id: string, path: string): ToldConflict => ({
  id,
  path,
  copy: `${path} (conflict)`,
  kind: 'file',
  ours: side,
  theirs: side,
});

const groups = groupByFolder([
  conflict('1', 'A/B/y'),
  conflict('2', 'A/x'),
  conflict('3', 'A/z'),
  conflict('4', 'alone'),
  conflict('5', 'A/zz'),
]);

test('a folder has its own, not those of folders in it, wherever they come in the list', () => {
  expect(groups.map(({ folder, conflicts }) => [folder, conflicts.map(({ id }) => id)])).toEqual([
    ['', ['4']],
    ['A', ['2', '3', '5']],
    ['A/B', ['1']],
  ]);
});

describe('choosing', () => {
  const choose = (before: readonly string[], after: readonly string[]): readonly string[] =>
    [...settleChoice(new Set(before), new Set(after), groups)].toSorted();

  test.each([
    ['a folder alone', ['1'], ['/A'], ['/A', '2', '3', '5']],
    ['a folder more', ['1'], ['1', '/A'], ['/A', '1', '2', '3', '5']],
    ['a folder that is chosen, again', ['/A', '2', '3', '5'], ['/A'], ['/A', '2', '3', '5']],
    ['a folder no more', ['/A', '1', '2', '3', '5'], ['1', '2', '3', '5'], ['1']],
    ['one of a chosen folder no more', ['/A', '2', '3', '5'], ['/A', '2', '3'], ['2', '3']],
    ['the last of a folder', ['2', '3'], ['2', '3', '5'], ['/A', '2', '3', '5']],
    ['one of a chosen folder alone', ['/A', '2', '3', '5'], ['3'], ['3']],
    ['the only one of a folder', [], ['1'], ['1']],
    ['a range that passes the line of a folder', ['4'], ['4', '/A', '2'], ['2', '4']],
  ])('%s', (_what, before, after, chosen) => {
    expect(choose(before, after)).toEqual(chosen);
  });
});

test('after a decision comes the next that is left, at the end the one before', () => {
  const entries = toEntries(groups);
  expect(nextAfter(entries, new Set(['4']))).toBe('2');
  expect(nextAfter(entries, new Set(['2', '3', '5']))).toBe('1');
  expect(nextAfter(entries, new Set(['1']))).toBe('5');
  expect(nextAfter(entries, new Set(['1', '2', '3', '4', '5']))).toBe(undefined);
});
