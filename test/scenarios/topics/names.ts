/** Names as people and programs make them: kept byte for byte where the disk can hold them. */
import { copyName, edit, file, move } from '../acts.ts';
import { furnish } from '../person.ts';
import { meeting } from '../meeting.ts';
import { scenario, type Scenario } from '../scenario.ts';

/** A byte that is no text stands as a lone surrogate, as in the model of names. */
const noText = String.fromCharCode(0xdcff);
const [composed, decomposed] = ['caf\u00E9', 'cafe\u0301'];
const longest = `${'n'.repeat(251)}.txt`;
const longestOfFourByteSymbols = '😀'.repeat(63);

const names: Readonly<Record<string, string>> = {
  'with spaces, also before and after': '  two  words  ',
  'with a line break': 'two\nlines',
  'with a tab and other control characters': 'a\tb\u0001c\u007f',
  'that begins with a dash': '-rf',
  'that looks like an option': '--help',
  'of symbols and letters beyond the first plane': '😀👩‍👩‍👧 𝕏',
  'written from right to left, with marks of direction': 'שלום\u202Etxt.exe',
  'of characters that shells know': '$HOME `x` "q" \'s\' ;|&<>()[]{}*?!#~',
  'with a backslash and a colon': 'C:\\temp',
  'that Windows reserves': 'CON',
  'that ends with a dot': 'name.',
  'that ends with dots and spaces': 'name. . ',
  'of one dot and more': '...',
  'that is a percent escape': '%2e%2e%2f',
  'that ends like a backup': 'note~',
  'of bytes that are no text': `bad${noText}byte`,
  'of 255 bytes': longest,
  'of many symbols of four bytes': longestOfFourByteSymbols,
  'in composed form': composed,
  'in decomposed form': decomposed,
  'of zero width': '\u200B',
  'that a conflict copy has': 'n (conflict here 2020-01-01).txt',
};

export const nameScenarios: readonly Scenario[] = [
  ...Object.entries(names).map(([what, name]) =>
    meeting(`a file and a folder with a name ${what}`, {
      here: [file(name, 'v1'), file(`d/${name}/${name}`, 'below')],
      either: { [withoutDay(name)]: 'v1', [`d/${withoutDay(name)}/${withoutDay(name)}`]: 'below' },
    }),
  ),
  meeting('all of them in one folder, edited there, moved here', {
    base: Object.fromEntries(Object.values(names).map((name) => [`d/${name}`, `v1 of ${name.length}`])),
    here: [move('d', 'e')],
    there: Object.values(names).map((name) => edit(`d/${name}`, `v2 of ${name.length}`)),
    either: Object.fromEntries(Object.values(names).map((name) => [`e/${withoutDay(name)}`, `v2 of ${name.length}`])),
    isCore: true,
  }),
  meeting('two names that differ in their Unicode form alone are two files', {
    here: [file(composed, 'composed'), file(decomposed, 'decomposed')],
    either: { [composed]: 'composed', [decomposed]: 'decomposed' },
  }),
  meeting('two names that differ in case alone are two files', {
    here: [file('Readme', 'large'), file('readme', 'small')],
    either: { Readme: 'large', readme: 'small' },
  }),
  meeting('a name made in two cases, one on each', {
    here: [file('Readme', 'mine')],
    there: [file('readme', 'theirs')],
    either: { Readme: 'mine', readme: 'theirs' },
    open: [],
  }),
  meeting('a name made in two Unicode forms, one on each', {
    here: [file(composed, 'mine')],
    there: [file(decomposed, 'theirs')],
    either: { [composed]: 'mine', [decomposed]: 'theirs' },
    open: [],
  }),
  meeting('renamed from one Unicode form to the other, edited there', {
    base: { [composed]: 'v1' },
    here: [move(composed, decomposed)],
    there: [edit(composed, 'v2')],
    either: { [decomposed]: 'v2' },
  }),
  meeting('edited on both under the longest name: the stem of the copy is cut', {
    base: { [longest]: 'v1' },
    here: [edit(longest, 'mine')],
    there: [edit(longest, 'theirs')],
    thereFirst: { [longest]: 'theirs', [copyName('n'.repeat(251 - 27), 'here', '.txt')]: 'mine' },
    hereFirst: { [longest]: 'mine', [copyName('n'.repeat(251 - 28), 'there', '.txt')]: 'theirs' },
  }),
  meeting('edited on both under a name that is no text', {
    base: { [`x${noText}.txt`]: 'v1' },
    here: [edit(`x${noText}.txt`, 'mine')],
    there: [edit(`x${noText}.txt`, 'theirs')],
    thereFirst: { [`x${noText}.txt`]: 'theirs', [copyName(`x${noText}`, 'here', '.txt')]: 'mine' },
  }),
  meeting('a tree forty folders deep', {
    here: [file(`${'deep/'.repeat(40)}f`, 'down there')],
    either: { [`${'deep/'.repeat(40)}f`]: 'down there' },
  }),
  meeting('a folder of the name of Cachette’s own, deeper down, is like any other', {
    here: [file('d/.cachette/x', 'x')],
    either: { 'd/.cachette/x': 'x' },
  }),
  scenario('files of five hundred names in one folder', { isLarge: true }, async (world) => {
    const wanted = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`d/name ${at} ${'é'.repeat(at % 50)}`, `${at}`]));
    furnish(world.device('here').person, wanted);
    await world.settle();
    world.expectTree(wanted);
  }),
];

/** As trees show it. */
function withoutDay(name: string): string {
  return name.replace('2020-01-01', 'DATE');
}
