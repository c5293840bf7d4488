import { describe, expect, test } from 'vitest';
import { fullTraits, type DiskTraits } from '../../src/model/disk-traits.ts';
import { nameToBytes, type NodeName } from '../../src/model/name.ts';
import { chooseShownName, findTrueName, isHoldable, isMarkOf, markedName, nameKey, spellingOf } from '../../src/model/shown-name.ts';

const windows: DiskTraits = { ...fullTraits, names: 'windows', foldsCase: true };
const apple: DiskTraits = { ...fullTraits, names: 'text', foldsCase: true, unicode: 'folded' };
const oldApple: DiskTraits = { ...apple, unicode: 'converted' };
const named = (text: string): NodeName => text as NodeName;
const free = (): boolean => false;

describe('what a disk can hold', () => {
  test.each([
    ['plain.txt', true],
    ['a:b', false],
    ['what?', false],
    ['a*b', false],
    ['a<b>c', false],
    ['"quoted"', false],
    ['pipe|line', false],
    ['back\\slash', false],
    ['two\nlines', false],
    ['trailing.', false],
    ['trailing ', false],
    [' leading', true],
    ['.dot', true],
    ['CON', false],
    ['nul.txt', false],
    ['Com1.log', false],
    ['LPT¹', false],
    ['aux .txt', false],
    ['conx', true],
    ['COM10', true],
    ['console', true],
    ['\udcff', false],
    ['日本', true],
  ])('Windows: %j %s', (name, holdable) => {
    expect(isHoldable(name, windows)).toBe(holdable);
    expect(isHoldable(name, fullTraits)).toBe(true);
    expect(isHoldable(name, apple)).toBe(name !== '\udcff');
  });

  test('a name that is too long in bytes', () => {
    const short = { ...fullTraits, nameMaxBytes: 143 };
    expect(isHoldable('é'.repeat(71), short)).toBe(true);
    expect(isHoldable('é'.repeat(72), short)).toBe(false);
  });
});

describe('which names are one', () => {
  test.each([
    ['File', 'fILE', windows, true],
    ['File', 'fILE', fullTraits, false],
    ['É', 'e\u0301', apple, true],
    ['É', 'é', fullTraits, false],
    ['\u00e9', 'e\u0301', windows, false],
    ['\u00e9', 'e\u0301', oldApple, true],
    ['Σας', 'σασ', windows, true],
    ['\u212b', '\u00e5', apple, true],
    ['photos', 'photos-backup', apple, false],
  ])('%j and %j', (a, b, traits, same) => {
    expect(nameKey(a, traits) === nameKey(b, traits)).toBe(same);
  });

  test('a disk that hides how a name was written: it counts as composed', () => {
    expect(spellingOf('e\u0301', oldApple)).toBe('\u00e9');
    expect(spellingOf('e\u0301', apple)).toBe('e\u0301');
  });
});

describe('marked names', () => {
  const awkward = [
    'a:b.txt',
    'CON',
    'nul.tar.gz',
    'trailing.',
    'trailing ',
    '100%.txt',
    '%41',
    'back\\slash',
    'two\nlines',
    '\udcff\udcfe.bin',
    'half\udce2\udc82',
    'e\u0301.txt',
    '日本.文',
    '.hidden',
    'x~cachette-123456.txt',
    'name.ex~t',
    '?'.repeat(60),
    '\u00ff%ff',
  ];

  test.each(awkward)('%j can be held everywhere, and gives its true name back', (name) => {
    for (const traits of [windows, apple, oldApple]) {
      const shown = markedName(name, traits);
      expect(isHoldable(shown, windows)).toBe(true);
      expect(findTrueName(shown)).toBe(name);
      expect(isMarkOf(shown, name, traits)).toBe(true);
    }
  });

  test('the extension stays, so that programs know what it is', () => {
    expect(markedName('a:b.txt', windows)).toMatch(/^a%3Ab~cachette-[0-9a-f]{6}\.txt$/);
    expect(markedName('File', windows)).toMatch(/^File~cachette-[0-9a-f]{6}$/);
  });

  test('one whose form the disk changed gives its true name back', () => {
    const shown = markedName('caf\u00e9', oldApple);
    expect(findTrueName(shown.normalize('NFD'))).toBe('caf\u00e9');
    expect(isMarkOf(shown.normalize('NFD'), 'caf\u00e9', oldApple)).toBe(true);
  });

  test('one that is too long is cut, and still known by its digits', () => {
    const name = `${'?'.repeat(200)}.txt`;
    const shown = markedName(name, windows);
    expect(nameToBytes(shown).length).toBeLessThanOrEqual(255);
    expect(shown.endsWith('.txt')).toBe(true);
    expect(findTrueName(shown)).toBeUndefined();
    expect(isMarkOf(shown, name, windows)).toBe(true);
    expect(isMarkOf(shown, `${'?'.repeat(201)}.txt`, windows)).toBe(false);
  });

  test.each(['File', 'File~cachette-000000', 'a~cachette-zzzzzz.txt', 'File (conflict bob 2026-01-02).txt', '%3A~cachette-abcdef'])(
    '%j is nobody’s mark',
    (name) => {
      expect(findTrueName(name)).toBeUndefined();
    },
  );

  test('names that the disk takes for one get different marks', () => {
    const spellings = ['file', 'File', 'fIle', 'fiLe', 'filE', 'FILE', 'a', 'A'];
    const keys = new Set(spellings.map((name) => nameKey(markedName(name, windows), windows)));
    expect(keys.size).toBe(spellings.length);
  });

  test('a name is marked only where it must be', () => {
    expect(chooseShownName(named('File'), windows, free)).toBe('File');
    expect(chooseShownName(named('a:b'), fullTraits, free)).toBe('a:b');
    expect(chooseShownName(named('a:b'), windows, free)).toBe(markedName('a:b', windows));
    expect(chooseShownName(named('File'), windows, (shown) => shown === 'File')).toBe(markedName('File', windows));
    const both = ['File', markedName('File', windows)];
    expect(chooseShownName(named('File'), windows, (shown) => both.includes(shown))).toBe(markedName('File', windows, 12));
  });
});
