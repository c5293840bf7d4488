/** Rows of the table: the same name made on both, in all kinds; and a file that became a folder, or the other way round. */
import { copyName, edit, file, folder, link, move, remove, touch } from '../acts.ts';
import { meeting } from '../meeting.ts';
import type { Scenario } from '../scenario.ts';

export const createScenarios: readonly Scenario[] = [
  meeting('files of the same content are one file', {
    here: [file('n.txt', 'n')],
    there: [file('n.txt', 'n')],
    either: { 'n.txt': 'n' },
    open: [],
  }),
  meeting('files of the same content and other times are one file', {
    here: [file('n.txt', 'n'), touch('n.txt')],
    there: [file('n.txt', 'n')],
    either: { 'n.txt': 'n' },
    open: [],
  }),
  meeting('empty files are one file', { here: [file('n', '')], there: [file('n', '')], either: { n: '' } }),
  meeting('an empty file and a full one: a copy', {
    here: [file('n', '')],
    there: [file('n', 'full')],
    thereFirst: { n: 'full', [copyName('n', 'here')]: '' },
    hereFirst: { n: '', [copyName('n', 'there')]: 'full' },
  }),
  meeting('files of other content: the second becomes a copy', {
    here: [file('n.txt', 'mine')],
    there: [file('n.txt', 'theirs')],
    thereFirst: { 'n.txt': 'theirs', [copyName('n', 'here', '.txt')]: 'mine' },
    hereFirst: { 'n.txt': 'mine', [copyName('n', 'there', '.txt')]: 'theirs' },
    open: [copyName('n', 'here', '.txt'), copyName('n', 'there', '.txt')],
  }),
  meeting('files of other content and the same size', {
    here: [file('n', 'aaaa')],
    there: [file('n', 'bbbb')],
    thereFirst: { n: 'bbbb', [copyName('n', 'here')]: 'aaaa' },
    hereFirst: { n: 'aaaa', [copyName('n', 'there')]: 'bbbb' },
  }),
  meeting('empty folders are one folder', { here: [folder('d')], there: [folder('d')], either: { d: 'folder' } }),
  meeting('folders are one folder with what both put in', {
    here: [file('d/x', 'x')],
    there: [file('d/y', 'y')],
    either: { 'd/x': 'x', 'd/y': 'y' },
  }),
  meeting('folders in folders are merged all the way down', {
    here: [file('d/e/x', 'x'), file('d/both', 'same'), file('d/n', 'mine')],
    there: [file('d/e/y', 'y'), file('d/both', 'same'), file('d/n', 'theirs')],
    thereFirst: { 'd/e/x': 'x', 'd/e/y': 'y', 'd/both': 'same', 'd/n': 'theirs', [copyName('d/n', 'here')]: 'mine' },
    hereFirst: { 'd/e/x': 'x', 'd/e/y': 'y', 'd/both': 'same', 'd/n': 'mine', [copyName('d/n', 'there')]: 'theirs' },
    open: [copyName('d/n', 'here'), copyName('d/n', 'there')],
  }),
  meeting('the same tree made on both is one tree, without a copy', {
    here: [file('d/a', 'a'), file('d/e/b', 'b'), link('d/l', 'a'), folder('d/empty')],
    there: [file('d/a', 'a'), file('d/e/b', 'b'), link('d/l', 'a'), folder('d/empty')],
    either: { 'd/a': 'a', 'd/e/b': 'b', 'd/l': '-> a', 'd/empty': 'folder' },
    open: [],
  }),
  meeting('a file here and a folder there: the folder keeps the name', {
    here: [file('n', 'mine')],
    there: [file('n/x', 'x')],
    thereFirst: { 'n/x': 'x', [copyName('n', 'here')]: 'mine' },
    hereFirst: { 'n/x': 'x', [copyName('n', 'there')]: 'mine' },
  }),
  meeting('a file with extension here and a folder of that name there', {
    here: [file('n.txt', 'mine')],
    there: [folder('n.txt')],
    thereFirst: { 'n.txt': 'folder', [copyName('n', 'here', '.txt')]: 'mine' },
    hereFirst: { 'n.txt': 'folder', [copyName('n', 'there', '.txt')]: 'mine' },
  }),
  meeting('a link here and a folder there: the folder keeps the name', {
    here: [link('n', 't')],
    there: [folder('n')],
    thereFirst: { n: 'folder', [copyName('n', 'here')]: '-> t' },
    hereFirst: { n: 'folder', [copyName('n', 'there')]: '-> t' },
  }),
  meeting('links to the same are one link', { here: [link('n', 't')], there: [link('n', 't')], either: { n: '-> t' }, open: [] }),
  meeting('links to different things are two', {
    here: [link('n', 'mine')],
    there: [link('n', 'theirs')],
    thereFirst: { n: '-> theirs', [copyName('n', 'here')]: '-> mine' },
    hereFirst: { n: '-> mine', [copyName('n', 'there')]: '-> theirs' },
  }),
  meeting('a link and a file are two', {
    here: [link('n', 't')],
    there: [file('n', 'x')],
    thereFirst: { n: 'x', [copyName('n', 'here')]: '-> t' },
    hereFirst: { n: '-> t', [copyName('n', 'there')]: 'x' },
  }),
  meeting('a file made here in a folder that there was renamed: it is in the renamed folder', {
    base: { 'd/a': 'a' },
    here: [file('d/n', 'n')],
    there: [move('d', 'e')],
    either: { 'e/a': 'a', 'e/n': 'n' },
  }),
  meeting('files of different names in the same folder do not meet', {
    base: { 'd/a': 'a' },
    here: [file('d/x', 'x')],
    there: [file('d/y', 'y')],
    either: { 'd/a': 'a', 'd/x': 'x', 'd/y': 'y' },
    open: [],
  }),
  meeting('a file becomes a folder of its name', {
    base: { n: 'v1', o: 'o' },
    here: [remove('n'), file('n/x', 'x')],
    either: { 'n/x': 'x', o: 'o' },
  }),
  meeting('a folder becomes a file of its name', {
    base: { 'n/x': 'x', o: 'o' },
    here: [remove('n'), file('n', 'now a file')],
    either: { n: 'now a file', o: 'o' },
  }),
  meeting('a file becomes a link of its name', {
    base: { n: 'v1', o: 'o' },
    here: [remove('n'), link('n', 'o')],
    either: { n: '-> o', o: 'o' },
  }),
  meeting('a link becomes a file of its name', {
    base: { n: '-> o', o: 'o' },
    here: [remove('n'), file('n', 'f')],
    either: { n: 'f', o: 'o' },
  }),
  meeting('a link becomes a folder of its name', {
    base: { n: '-> o', o: 'o' },
    here: [remove('n'), file('n/x', 'x')],
    either: { 'n/x': 'x', o: 'o' },
  }),
  meeting('a folder becomes a link of its name', {
    base: { 'n/x': 'x', o: 'o' },
    here: [remove('n'), link('n', 'o')],
    either: { n: '-> o', o: 'o' },
  }),
  meeting('a file becomes a folder here, and was edited there: the folder keeps the name, the edit goes beside it', {
    base: { n: 'v1', o: 'o' },
    here: [remove('n'), file('n/x', 'x')],
    there: [edit('n', 'theirs')],
    thereFirst: { 'n/x': 'x', [copyName('n', 'here')]: 'theirs', o: 'o' },
    hereFirst: { 'n/x': 'x', [copyName('n', 'there')]: 'theirs', o: 'o' },
  }),
  meeting('a folder becomes a file here, and a file in it was edited there: the edit stays in the folder', {
    base: { 'n/x': 'x', 'n/y': 'y' },
    here: [remove('n'), file('n', 'now a file')],
    there: [edit('n/x', 'theirs')],
    thereFirst: { 'n/x': 'theirs', [copyName('n', 'here')]: 'now a file' },
    hereFirst: { 'n/x': 'theirs', [copyName('n', 'there')]: 'now a file' },
  }),
  meeting('a file becomes a folder that holds it', {
    base: { n: 'v1', o: 'o' },
    here: [move('n', 't'), folder('n'), move('t', 'n/n')],
    either: { 'n/n': 'v1', o: 'o' },
  }),
  meeting('a folder becomes the file that was in it', {
    base: { 'n/n': 'v1', o: 'o' },
    here: [move('n/n', 't'), remove('n'), move('t', 'n')],
    either: { n: 'v1', o: 'o' },
  }),
  meeting('a file and a folder trade names', {
    base: { f: 'file', 'd/x': 'x' },
    here: [move('f', 't'), move('d', 'f'), move('t', 'd')],
    either: { d: 'file', 'f/x': 'x' },
  }),
];
