import { expect, test } from 'vitest';
import { argumentNames, namesOf, readingsOf } from '../../src/agent/show/typed-path.ts';
import { displayName, nameFromBytes, parseDisplayName } from '../../src/model/name.ts';

const bad = nameFromBytes(Uint8Array.from([0x62, 0xff, 0x80, 0x0a]));

test('a name that is no text can be typed as it is shown', () => {
  expect(displayName(bad)).toBe(String.raw`b\xff\x80\u{a}`);
  expect(parseDisplayName(displayName(bad))).toBe(bad);
  for (const plain of ['plain', String.raw`back\slash`, String.raw`\x41`, String.raw`\u{110000}`])
    expect(parseDisplayName(plain)).toBe(plain);
});

test('a path is taken as it is typed first; empty parts and dots are nothing', () => {
  expect(namesOf('./a//b/.')).toEqual(['a', 'b']);
  expect(readingsOf('a/b')).toEqual([['a', 'b']]);
  expect(readingsOf(String.raw`a/b\xff`)).toEqual([
    ['a', String.raw`b\xff`],
    ['a', 'b\udcff'],
  ]);
});

test('arguments that are no text come as the system has them', () => {
  const bytes = Buffer.concat([Buffer.from('node\0--flag\0cli.js\0ls\0'), Buffer.from([0x62, 0xff, 0x80, 0x0a]), Buffer.from('\0')]);
  expect(argumentNames(['ls', 'b\ufffd\ufffd\n'], bytes)).toEqual(['ls', bad]);
  expect(argumentNames(['ls', 'other \ufffd'], bytes)).toEqual(['ls', 'other \ufffd']);
  expect(argumentNames(['a', 'b', 'c', 'd', 'e', 'f \ufffd'], bytes)).toEqual(['a', 'b', 'c', 'd', 'e', 'f \ufffd']);
});
