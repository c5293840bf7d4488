import { describe, expect, test } from 'vitest';
import type { TreeRow } from '../../src/control/acts/folder-acts.ts';
import { choose, chosenOf, toRequest, type Choice } from '../../renderer/settings/folder-choice.ts';
import { emptyTree, rowsOf, withLevel, withOpen, withPage, type FolderTree } from '../../renderer/settings/folder-tree.ts';
import { moveFor } from '../../renderer/settings/tree-keys.ts';
import { afterOther, findRow, isPartly, nothingTyped, rowAt, typeKey, wantedBy, type Typed } from '../../renderer/settings/type-ahead.ts';

function row(path: string, more: Partial<TreeRow> = {}): TreeRow {
  return { path, name: path.slice(path.lastIndexOf('/') + 1), chosen: 'all', files: 1, bytes: 1, hasFolders: true, ...more };
}

function tree(...open: string[]): FolderTree {
  let made = withLevel(emptyTree, '', [row('a'), row('b', { chosen: 'some' }), row('c', { hasFolders: false })]);
  made = withPage(made, 'b', { skip: 0, rows: [row('b/x'), row('b/y', { chosen: 'none' })], total: 3 });
  for (const path of open) made = withOpen(made, path, true);
  return made;
}

const shownPaths = (made: FolderTree): string[] =>
  rowsOf(made).map((shown) => (shown.is === 'folder' ? shown.row.path : `${shown.parent}/…`));

describe('the tree as rows', () => {
  test('shows what is open, and where something is not loaded yet', () => {
    expect(shownPaths(emptyTree)).toEqual(['/…']);
    expect(shownPaths(tree())).toEqual(['a', 'b', 'c']);
    expect(shownPaths(tree('b'))).toEqual(['a', 'b', 'b/x', 'b/y', 'b/…', 'c']);
    expect(shownPaths(tree('a'))).toEqual(['a', 'a/…', 'b', 'c']);
    expect(shownPaths(withPage(tree('b'), 'b', { skip: 2, rows: [row('b/z')], total: 3 }))).toEqual(['a', 'b', 'b/x', 'b/y', 'b/z', 'c']);
    // Seen where it ends, before its middle.
    const end = withPage(tree('b'), 'b', { skip: 4, rows: [row('b/zz')], total: 5 });
    expect(shownPaths(end)).toEqual(['a', 'b', 'b/x', 'b/y', 'b/…', 'b/…', 'b/zz', 'c']);
    expect(shownPaths(withPage(end, 'b', { skip: 0, rows: [row('b/y')], total: 1 }))).toEqual(['a', 'b', 'b/y', 'c']);
  });

  test('says where each stands, and of how many once that is known', () => {
    const told = rowsOf(tree('a', 'b')).map(({ level, at, of }) => [level, at, of]);
    expect(told).toEqual([
      [1, 1, 3],
      [2, 1, -1],
      [1, 2, 3],
      [2, 1, 3],
      [2, 2, 3],
      [2, 3, 3],
      [1, 3, 3],
    ]);
  });

  test('a hundred thousand of them', () => {
    const many = Array.from({ length: 100_000 }, (_, at) => row(`f${at}`));
    expect(rowsOf(withLevel(emptyTree, '', many))).toHaveLength(100_000);
  });
});

describe('ticks', () => {
  const none: Choice = new Map();

  test('a folder with all that is in it, and what is in it after that', () => {
    const out = choose(row('b'), 'none', none);
    expect([...out]).toEqual([['b', 'none']]);
    expect(chosenOf(row('b/x'), out)).toBe('none');
    const some = choose(row('b/x'), 'all', out);
    expect(toRequest(some)).toEqual({ include: ['b/x'], exclude: ['b'] });
    expect([chosenOf(row('b'), some), chosenOf(row('b/x/deep'), some), chosenOf(row('b/y'), some)]).toEqual(['some', 'all', 'none']);
  });

  test('what is as it was is not named', () => {
    expect([...choose(row('a'), 'all', choose(row('a'), 'none', none))]).toEqual([]);
    expect([...choose(row('b', { chosen: 'some' }), 'all', choose(row('b/y', { chosen: 'none' }), 'all', none))]).toEqual([['b', 'all']]);
    expect([...choose(row('b/x'), 'none', choose(row('b'), 'none', none))]).toEqual([['b', 'none']]);
  });

  test('a folder whose name begins the same is another one', () => {
    const out = choose(row('b'), 'none', none);
    expect(chosenOf(row('bb'), out)).toBe('all');
    expect(chosenOf(row('b', {}), choose(row('bb/x'), 'none', none))).toBe('all');
  });

  test('some of it stays some', () => {
    expect(chosenOf(row('b', { chosen: 'some' }), none)).toBe('some');
  });
});

describe('keys', () => {
  const rows = rowsOf(tree('b'));

  test.each([
    ['ArrowDown', 0, { do: 'go', to: 1 }],
    ['ArrowDown', 5, { do: 'go', to: 5 }],
    ['ArrowUp', 0, { do: 'go', to: 0 }],
    ['PageDown', 0, { do: 'go', to: 3 }],
    ['End', 0, { do: 'go', to: 5 }],
    ['Home', 4, { do: 'go', to: 0 }],
    ['ArrowRight', 0, { do: 'open', path: 'a' }],
    ['ArrowRight', 1, { do: 'go', to: 2 }],
    ['ArrowRight', 5, undefined],
    ['ArrowLeft', 1, { do: 'close', path: 'b' }],
    ['ArrowLeft', 3, { do: 'go', to: 1 }],
    ['ArrowLeft', 0, undefined],
    [' ', 2, { do: 'tick' }],
    ['c', 1, undefined],
    ['Escape', 1, undefined],
  ] as const)('%s at row %d', (key, at, move) => {
    expect(moveFor(key, rows, at, 3)).toEqual(move);
  });
});

describe('letters', () => {
  const typeAll = (keys: string, everyMs = 200): Typed | undefined =>
    [...keys].reduce<Typed | undefined>((typed, key, at) => typed && typeKey(typed, key, at * everyMs), nothingTyped);

  test('are the beginning of a name while they follow each other, with spaces in it', () => {
    expect(typeAll('box 2')?.text).toBe('box 2');
    expect(typeAll('bo', 1200)?.text).toBe('o');
    expect(typeKey(nothingTyped, ' ', 0)).toBeUndefined();
    expect(typeKey({ text: 'a', atMs: 0 }, ' ', 1500)).toBeUndefined();
    expect(typeKey(nothingTyped, 'Enter', 0)).toBeUndefined();
    // Who goes on with an arrow ticks with the next space.
    expect(afterOther({ text: 's', atMs: 0 }, 'ArrowDown')).toBe(nothingTyped);
    expect(afterOther({ text: 's', atMs: 0 }, 'Shift').text).toBe('s');
    expect(wantedBy({ text: 'bb', atMs: 0 })).toEqual({ begins: 'b', isNext: true });
    expect(wantedBy({ text: 'ba', atMs: 0 })).toEqual({ begins: 'ba', isNext: false });
  });

  const made = withLevel(emptyTree, '', [row('Été'), row('école'), row('photos'), row('projets'), row('Zoo')]);
  const rows = rowsOf(made);

  test.each([
    ['e', 0, 1],
    ['e', 1, 0],
    ['pr', 2, 3],
    ['ph', 2, 2],
    ['ÉC', 4, 1],
    ['z', 4, 4],
    ['x', 0, undefined],
  ] as const)('"%s" at row %d', (text, at, to) => {
    expect(findRow(rows, at, wantedBy({ text, atMs: 0 }))).toBe(to);
  });

  test('of a folder that is not all loaded are asked for, and the answer is a row', () => {
    const partly = rowsOf(withPage(made, 'photos', { skip: 0, rows: [row('photos/a')], total: 3 }));
    expect(isPartly(partly, 'photos')).toBe(false);
    const open = rowsOf(withOpen(withPage(made, 'photos', { skip: 0, rows: [row('photos/a')], total: 3 }), 'photos', true));
    expect(isPartly(open, 'photos')).toBe(true);
    expect(isPartly(open, '')).toBe(false);
    expect(rowAt(open, 'photos', 2)).toBe(5);
    expect(rowAt(open, '', 3)).toBe(6);
    expect(rowAt(open, 'photos', 3)).toBeUndefined();
  });
});
