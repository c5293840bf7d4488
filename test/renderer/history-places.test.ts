import { describe, expect, test } from 'vitest';
import { crumbsOf } from '../../renderer/history/crumbs-of.ts';
import { otherName, placeTrouble } from '../../renderer/history/restore-place.ts';

const bytesOf = (text: string): number => Buffer.byteLength(text);

describe('the way down to a folder', () => {
  test('begins at the top and ends here', () => {
    expect(crumbsOf('')).toEqual([{ path: '', name: '', isLast: true, isGap: false }]);
    expect(crumbsOf('A/B').map(({ path, isLast }) => [path, isLast])).toEqual([
      ['', false],
      ['A', false],
      ['A/B', true],
    ]);
  });

  test('of a deep one leaves out what is between, but for a way up', () => {
    expect(crumbsOf('a/b/c/d/e').map(({ path, isGap }) => [path, isGap])).toEqual([
      ['', false],
      ['a/b/c', true],
      ['a/b/c/d', false],
      ['a/b/c/d/e', false],
    ]);
  });
});

describe('the name of a copy', () => {
  test.each([
    ['Letters/Rent.odt', 'Letters/Rent (restored).odt'],
    ['Rent', 'Rent (restored)'],
    ['.profile', '.profile (restored)'],
    ['a.tar.gz', 'a.tar (restored).gz'],
    [`x.${'e'.repeat(60)}`, `x.${'e'.repeat(60)} (restored)`],
  ])('%s', (path, name) => {
    expect(otherName(path, 'restored')).toBe(name);
  });

  test.each(['x'.repeat(255), `${'x'.repeat(251)}.txt`, `${'é'.repeat(125)}.txt`, `${'🏔'.repeat(62)}.txt`])(
    'is no longer than a name may be (%#)',
    (name) => {
      const copy = otherName(`folder/${name}`, 'restored');
      expect(placeTrouble(copy)).toBe(undefined);
      expect(bytesOf(copy.slice('folder/'.length))).toBeGreaterThan(240);
      // No letter is cut in two.
      expect(copy).toBe(copy.toWellFormed());
    },
  );
});

test('what can be no place', () => {
  const places = ['a/b', '', '/a', 'a/', 'a//b', '../a', 'a/./b', `a/${'x'.repeat(256)}`];
  expect(places.map(placeTrouble)).toEqual([undefined, 'empty', 'parts', 'parts', 'parts', 'parts', 'parts', 'long']);
});
