import fc from 'fast-check';
import { expect, test } from 'vitest';

import { checkObjectName, isNamePrefix, isObjectName } from '../../src/store/object-name.ts';

test('the names of the vault format are object names', () => {
  for (const name of ['genesis', 'keys/000001-0123456789abcdef', 'journal/000000000001-0123456789abcdef', `packs/ab/${'0f'.repeat(16)}`]) {
    expect(isObjectName(name)).toBe(true);
    expect(checkObjectName(name)).toBe(name);
  }
});

test('everything that could leave the store or mean two things is not', () => {
  const refused = [
    '',
    '/',
    'a/',
    '/a',
    'a//b',
    '.',
    '..',
    'a/..',
    'a/.tmp',
    'A',
    'é',
    'a b',
    'a\\b',
    'a%2fb',
    'a\n',
    'hint',
    'x'.repeat(65),
  ];
  for (const name of refused) expect(isObjectName(name)).toBe(false);
  expect(() => checkObjectName('../a')).toThrow('cannot name an object');
});

test('a whole name has at most 200 characters', () => {
  const segment = 'x'.repeat(49);
  expect(isObjectName(`${segment}/${segment}/${segment}/${segment}0`)).toBe(true);
  expect(isObjectName(`${segment}/${segment}/${segment}/${segment}00`)).toBe(false);
});

test('every beginning of a name is a prefix, and no name survives a foreign character', () => {
  const segment = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), fc.nat(100), (segments, cut) => {
      const name = segments.join('/');
      expect(isNamePrefix(name.slice(0, cut))).toBe(true);
      expect(isObjectName(name)).toBe(name !== 'hint');
      expect(isObjectName(`${name.slice(0, cut)}.${name.slice(cut)}`)).toBe(false);
    }),
    { seed: 1 },
  );
});
