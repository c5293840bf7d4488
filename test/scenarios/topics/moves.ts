/** Rows of the table: moves and renames, alone and against everything else. */
import { copyName, edit, file, folder, move, remove, save, swap } from '../acts.ts';
import { meeting } from '../meeting.ts';
import { scenario, type Scenario } from '../scenario.ts';

const twoFolders = { 'A/a': 'a', 'B/b': 'b' };

const alone: readonly Scenario[] = [
  meeting('a file renamed', { base: { a: 'a', b: 'b' }, here: [move('a', 'z')], either: { z: 'a', b: 'b' } }),
  meeting('a file moved into a folder', { base: { a: 'a', d: 'folder' }, here: [move('a', 'd/a')], either: { 'd/a': 'a' } }),
  meeting('a file moved out of a folder', { base: { 'd/a': 'a' }, here: [move('d/a', 'a')], either: { a: 'a', d: 'folder' } }),
  meeting('a file moved into a new folder', { base: { a: 'a' }, here: [folder('d'), move('a', 'd/a')], either: { 'd/a': 'a' } }),
  meeting('a file moved out of a folder that is then deleted', {
    base: { 'd/a': 'a', 'd/b': 'b' },
    here: [move('d/a', 'a'), remove('d')],
    either: { a: 'a' },
  }),
  meeting('a file renamed and edited', { base: { a: 'v1' }, here: [move('a', 'b'), edit('b', 'v2')], either: { b: 'v2' } }),
  meeting('a file edited by saving, then renamed', { base: { a: 'v1' }, here: [save('a', 'v2'), move('a', 'b')], either: { b: 'v2' } }),
  meeting('a file renamed, and a new one in its place', {
    base: { a: 'old' },
    here: [move('a', 'b'), file('a', 'new')],
    either: { a: 'new', b: 'old' },
  }),
  meeting('a file moved over another', { base: { a: 'a', b: 'b' }, here: [move('a', 'b')], either: { b: 'a' } }),
  meeting('a file renamed and renamed back: nothing happened', {
    base: { a: 'a' },
    here: [move('a', 'b'), move('b', 'a')],
    either: { a: 'a' },
  }),
  meeting('a file renamed three times', {
    base: { a: 'a' },
    here: [move('a', 'b'), move('b', 'c'), move('c', 'd')],
    either: { d: 'a' },
  }),
  meeting('a folder renamed', { base: { 'd/a': 'a', 'd/e/b': 'b' }, here: [move('d', 'n')], either: { 'n/a': 'a', 'n/e/b': 'b' } }),
  meeting('a folder moved into another', { base: twoFolders, here: [move('A', 'B/A')], either: { 'B/b': 'b', 'B/A/a': 'a' } }),
  meeting('a folder moved into a new one', { base: { 'A/a': 'a' }, here: [folder('N'), move('A', 'N/A')], either: { 'N/A/a': 'a' } }),
  meeting('a folder renamed, and its old name given to a new one', {
    base: { 'd/a': 'a' },
    here: [move('d', 'n'), file('d/b', 'b')],
    either: { 'd/b': 'b', 'n/a': 'a' },
  }),
  meeting('a folder renamed, a file in it edited, another deleted, a new one made', {
    base: { 'd/a': 'a', 'd/b': 'b' },
    here: [move('d', 'n'), edit('n/a', 'a2'), remove('n/b'), file('n/c', 'c')],
    either: { 'n/a': 'a2', 'n/c': 'c' },
  }),
  meeting('a folder over an empty one', { base: { 'A/a': 'a', B: 'folder' }, here: [remove('B'), move('A', 'B')], either: { 'B/a': 'a' } }),
  meeting('a folder put in the place of its parent', {
    base: { 'd/e/a': 'a', 'd/b': 'b' },
    here: [move('d/e', 'e'), remove('d'), move('e', 'd')],
    either: { 'd/a': 'a' },
  }),
  meeting('two files trade names', { base: { a: 'a', b: 'b' }, here: [swap('a', 'b')], either: { a: 'b', b: 'a' } }),
  meeting('two files trade names, and both are edited', {
    base: { a: 'a', b: 'b' },
    here: [swap('a', 'b'), edit('a', 'b2'), edit('b', 'a2')],
    either: { a: 'b2', b: 'a2' },
  }),
  meeting('two files in different folders trade places', {
    base: { 'd/x': '1', 'e/x': '2' },
    here: [swap('d/x', 'e/x')],
    either: { 'd/x': '2', 'e/x': '1' },
  }),
  meeting('two folders trade names', { base: twoFolders, here: [swap('A', 'B')], either: { 'A/b': 'b', 'B/a': 'a' } }),
  meeting('three files rotate', {
    base: { a: '1', b: '2', c: '3' },
    here: [swap('a', 'b'), swap('b', 'c')],
    either: { a: '2', b: '3', c: '1' },
  }),
  meeting('five folders rotate', {
    base: { 'A/f': '1', 'B/f': '2', 'C/f': '3', 'D/f': '4', 'E/f': '5' },
    here: [swap('A', 'B'), swap('B', 'C'), swap('C', 'D'), swap('D', 'E')],
    either: { 'A/f': '2', 'B/f': '3', 'C/f': '4', 'D/f': '5', 'E/f': '1' },
  }),
  meeting('a chain: each takes the name of the next, the last goes elsewhere', {
    base: { 'log.1': '1', 'log.2': '2', 'log.3': '3' },
    here: [move('log.3', 'log.4'), move('log.2', 'log.3'), move('log.1', 'log.2'), file('log.1', '0')],
    either: { 'log.1': '0', 'log.2': '1', 'log.3': '2', 'log.4': '3' },
  }),
  meeting('a chain whose last is overwritten, as logs are rotated', {
    base: { log: '1', 'log.1': '2', 'log.2': '3' },
    here: [move('log.1', 'log.2'), move('log', 'log.1'), file('log', '0')],
    either: { log: '0', 'log.1': '1', 'log.2': '2' },
  }),
  meeting('parent and child trade places', {
    base: { 'a/b/f': 'f', 'a/g': 'g' },
    here: [move('a/b', 'b'), move('a', 'b/a')],
    either: { 'b/f': 'f', 'b/a/g': 'g' },
  }),
  meeting('parent and child trade places and names', {
    base: { 'a/b/f': 'f', 'a/g': 'g' },
    here: [move('a/b', 't'), move('a', 't/b'), move('t', 'a')],
    either: { 'a/f': 'f', 'a/b/g': 'g' },
  }),
  meeting('a file moves into a new folder of its own name', {
    base: { a: 'a' },
    here: [move('a', 't'), folder('a'), move('t', 'a/a')],
    either: { 'a/a': 'a' },
  }),
  meeting('a child takes the name of its folder, the folder goes', {
    base: { 'd/d': 'child', x: 'x' },
    here: [move('d/d', 't'), remove('d'), move('t', 'd')],
    either: { d: 'child', x: 'x' },
  }),
  meeting('only the case of a name changes', {
    base: { 'Readme.md': 'r' },
    here: [move('Readme.md', 'README.md')],
    either: { 'README.md': 'r' },
  }),
  meeting('only the case of a folder’s name changes, and a file in it is edited there', {
    base: { 'Docs/a': 'a' },
    here: [move('Docs', 'docs')],
    there: [edit('Docs/a', 'a2')],
    either: { 'docs/a': 'a2' },
  }),
  scenario('a folder of two hundred files renamed moves no data', { base: manyFiles(200), isLarge: true }, async (world) => {
    const before = world.storeBytes();
    world.device('here').person.move('d', 'n');
    await world.settle();
    world.expectTree(manyFiles(200, 'n'));
    world.expect('the store grew little', world.storeBytes() - before < 32_768, true);
  }),
  scenario('each of a hundred files renamed moves no data', { base: manyFiles(100), isLarge: true }, async (world) => {
    const before = world.storeBytes();
    for (let at = 0; at < 100; at += 1) world.device('here').person.move(`d/${at}`, `d/number ${at}`);
    await world.settle();
    world.expect('the store grew little', world.storeBytes() - before < 65_536, true);
    world.expect('renamed', world.device('there').person.read('d/number 7'), 'file 7');
  }),
];

const against: readonly Scenario[] = [
  meeting('moved here, edited there: moved, with the edit', {
    base: { 'a.txt': 'v1', d: 'folder' },
    here: [move('a.txt', 'd/b.txt')],
    there: [edit('a.txt', 'v2')],
    either: { 'd/b.txt': 'v2' },
    open: [],
  }),
  meeting('moved here, saved by renaming there: moved, with the edit', {
    base: { 'a.txt': 'v1', d: 'folder' },
    here: [move('a.txt', 'd/b.txt')],
    there: [save('a.txt', 'v2')],
    either: { 'd/b.txt': 'v2' },
  }),
  meeting('moved and edited here, edited there: the copy stands where the file is now', {
    base: { 'a.txt': 'v1', d: 'folder' },
    here: [move('a.txt', 'd/b.txt'), edit('d/b.txt', 'mine')],
    there: [edit('a.txt', 'theirs')],
    thereFirst: { 'd/b.txt': 'theirs', [copyName('d/b', 'here', '.txt')]: 'mine' },
    hereFirst: { 'd/b.txt': 'mine', [copyName('d/b', 'there', '.txt')]: 'theirs' },
    open: [copyName('d/b', 'here', '.txt'), copyName('d/b', 'there', '.txt')],
  }),
  meeting('moved on both and edited on both: the first move holds, the copy stands there too', {
    base: { a: 'v1', d: 'folder', e: 'folder' },
    here: [move('a', 'd/a'), edit('d/a', 'mine')],
    there: [move('a', 'e/b'), edit('e/b', 'theirs')],
    thereFirst: { d: 'folder', 'e/b': 'theirs', [copyName('e/b', 'here')]: 'mine' },
    hereFirst: { e: 'folder', 'd/a': 'mine', [copyName('d/a', 'there')]: 'theirs' },
    open: [copyName('d/a', 'there'), copyName('e/b', 'here')],
  }),
  meeting('moved elsewhere on both: the first move holds, and there is no second copy', {
    base: { a: 'v1', d: 'folder', e: 'folder' },
    here: [move('a', 'd/a')],
    there: [move('a', 'e/a')],
    thereFirst: { d: 'folder', 'e/a': 'v1' },
    hereFirst: { 'd/a': 'v1', e: 'folder' },
  }),
  meeting('renamed on both to other names: the first holds', {
    base: { a: 'v1' },
    here: [move('a', 'mine')],
    there: [move('a', 'theirs')],
    thereFirst: { theirs: 'v1' },
    hereFirst: { mine: 'v1' },
  }),
  meeting('moved to the same place on both: nothing to decide', {
    base: { a: 'v1', d: 'folder' },
    here: [move('a', 'd/b')],
    there: [move('a', 'd/b')],
    either: { 'd/b': 'v1' },
    open: [],
  }),
  meeting('moved here, deleted there: the moved file stays', {
    base: { a: 'v1', d: 'folder' },
    here: [move('a', 'd/b')],
    there: [remove('a')],
    either: { 'd/b': 'v1' },
  }),
  meeting('renamed here, deleted there and another made of its old name: both stay', {
    base: { a: 'v1' },
    here: [move('a', 'b')],
    there: [remove('a'), folder('a')],
    either: { b: 'v1', a: 'folder' },
  }),
  meeting('moved here, its goal deleted there: the goal is made again for it', {
    base: { a: 'a', 'd/x': 'x' },
    here: [move('a', 'd/a')],
    there: [remove('d')],
    either: { 'd/a': 'a' },
  }),
  meeting('moved here, its goal renamed there: it is in the renamed folder', {
    base: { a: 'a', 'd/x': 'x' },
    here: [move('a', 'd/a')],
    there: [move('d', 'e')],
    either: { 'e/a': 'a', 'e/x': 'x' },
  }),
  meeting('a folder renamed here takes along what was made, edited and moved in under its old name', {
    base: { 'old/a': 'a1', 'old/b': 'b', c: 'c' },
    here: [move('old', 'new')],
    there: [edit('old/a', 'a2'), file('old/n', 'n'), move('c', 'old/c'), file('old/s/x', 'x')],
    either: { 'new/a': 'a2', 'new/b': 'b', 'new/n': 'n', 'new/c': 'c', 'new/s/x': 'x' },
  }),
  meeting('a folder renamed here, a file in it deleted there', {
    base: { 'old/a': 'a', 'old/b': 'b' },
    here: [move('old', 'new')],
    there: [remove('old/a')],
    either: { 'new/b': 'b' },
  }),
  meeting('a folder renamed on both: the first name holds', {
    base: { 'd/a': 'a', 'd/b': 'b' },
    here: [move('d', 'mine')],
    there: [move('d', 'theirs')],
    thereFirst: { 'theirs/a': 'a', 'theirs/b': 'b' },
    hereFirst: { 'mine/a': 'a', 'mine/b': 'b' },
  }),
  meeting('a folder renamed on both, with new files in it on both: one folder with all', {
    base: { 'd/a': 'a' },
    here: [move('d', 'mine'), file('mine/x', 'x')],
    there: [move('d', 'theirs'), file('theirs/y', 'y')],
    thereFirst: { 'theirs/a': 'a', 'theirs/x': 'x', 'theirs/y': 'y' },
    hereFirst: { 'mine/a': 'a', 'mine/x': 'x', 'mine/y': 'y' },
  }),
  meeting('a folder renamed here, its parent renamed there: both', {
    base: { 'p/d/a': 'a', 'p/x': 'x' },
    here: [move('p/d', 'p/e')],
    there: [move('p', 'q')],
    either: { 'q/e/a': 'a', 'q/x': 'x' },
  }),
  meeting('a folder moved out here of one that was renamed there', {
    base: { 'p/d/a': 'a', 'p/x': 'x' },
    here: [move('p/d', 'd')],
    there: [move('p', 'q')],
    either: { 'd/a': 'a', 'q/x': 'x' },
  }),
  meeting('a folder into another here, and that into it there: the first move holds, nothing is lost', {
    base: twoFolders,
    here: [move('A', 'B/A')],
    there: [move('B', 'A/B')],
    thereFirst: { 'A/a': 'a', 'A/B/b': 'b' },
    hereFirst: { 'B/b': 'b', 'B/A/a': 'a' },
  }),
  meeting('the same by way of folders in between', {
    base: { 'A/in/a': 'a', 'B/in/b': 'b' },
    here: [move('A', 'B/in/A')],
    there: [move('B', 'A/in/B')],
    thereFirst: { 'A/in/a': 'a', 'A/in/B/in/b': 'b' },
    hereFirst: { 'B/in/b': 'b', 'B/in/A/in/a': 'a' },
  }),
  meeting('the same by way of a new folder', {
    base: twoFolders,
    here: [folder('A/new'), move('B', 'A/new/B')],
    there: [move('A', 'B/A')],
    thereFirst: { 'B/b': 'b', 'B/A/a': 'a', 'B/A/new': 'folder' },
    hereFirst: { 'A/a': 'a', 'A/new/B/b': 'b' },
  }),
  meeting('two files trade names here, both are edited there: each where it was moved', {
    base: { a: 'a', b: 'b' },
    here: [swap('a', 'b')],
    there: [edit('a', 'a2'), edit('b', 'b2')],
    either: { a: 'b2', b: 'a2' },
    open: [],
  }),
  meeting('two files trade names on both: nothing to decide', {
    base: { a: 'a', b: 'b' },
    here: [swap('a', 'b')],
    there: [swap('a', 'b')],
    either: { a: 'b', b: 'a' },
    open: [],
  }),
  meeting('two folders trade names here, files are made in both there', {
    base: twoFolders,
    here: [swap('A', 'B')],
    there: [file('A/n', 'n of A'), file('B/n', 'n of B')],
    either: { 'A/b': 'b', 'A/n': 'n of B', 'B/a': 'a', 'B/n': 'n of A' },
  }),
  meeting('two files to one name: the first keeps it', {
    base: { x: 'x', y: 'y' },
    here: [move('x', 'z')],
    there: [move('y', 'z')],
    thereFirst: { z: 'y', [copyName('z', 'here')]: 'x' },
    hereFirst: { z: 'x', [copyName('z', 'there')]: 'y' },
  }),
  meeting('two folders to one name stay two folders', {
    base: { 'X/x': 'x', 'Y/y': 'y' },
    here: [move('X', 'Z')],
    there: [move('Y', 'Z')],
    thereFirst: { 'Z/y': 'y', [`${copyName('Z', 'here')}/x`]: 'x' },
    hereFirst: { 'Z/x': 'x', [`${copyName('Z', 'there')}/y`]: 'y' },
  }),
  meeting('two files of equal content to one name are one file', {
    base: { x: 'same', y: 'same', w: 'w' },
    here: [move('x', 'z')],
    there: [move('y', 'z')],
    either: { z: 'same', w: 'w' },
  }),
  meeting('a file to a name under which the other made the same', {
    base: { x: 'same', w: 'w' },
    here: [move('x', 'z')],
    there: [file('z', 'same')],
    either: { z: 'same', w: 'w' },
  }),
  meeting('a file to a name that the other made new: the first keeps it', {
    base: { x: 'x' },
    here: [move('x', 'z')],
    there: [file('z', 'new')],
    thereFirst: { z: 'new', [copyName('z', 'here')]: 'x' },
    hereFirst: { z: 'x', [copyName('z', 'there')]: 'new' },
  }),
  meeting('a file and a folder to one name: the folder keeps it', {
    base: { x: 'x', 'Y/y': 'y' },
    here: [move('x', 'z')],
    there: [move('Y', 'z')],
    thereFirst: { 'z/y': 'y', [copyName('z', 'here')]: 'x' },
    hereFirst: { 'z/y': 'y', [copyName('z', 'there')]: 'x' },
  }),
  meeting('over another file here, which was edited there: the edit is not lost', {
    base: { x: 'x', y: 'y' },
    here: [move('x', 'y')],
    there: [edit('y', 'y2')],
    thereFirst: { y: 'y2', [copyName('y', 'here')]: 'x' },
    hereFirst: { y: 'x', [copyName('y', 'there')]: 'y2' },
  }),
  meeting('over another file here, which was moved away there: both are where they were wanted', {
    base: { x: 'x', y: 'y' },
    here: [move('x', 'y')],
    there: [move('y', 'z')],
    either: { y: 'x', z: 'y' },
  }),
  meeting('into a folder that there became a file: the folder stays for it', {
    base: { a: 'a', d: 'folder' },
    here: [move('a', 'd/a')],
    there: [remove('d'), file('d', 'now a file')],
    thereFirst: { 'd/a': 'a', [copyName('d', 'here')]: 'now a file' },
    hereFirst: { 'd/a': 'a', [copyName('d', 'there')]: 'now a file' },
  }),
];

export const moveScenarios: readonly Scenario[] = alone;
export const moveAgainstScenarios: readonly Scenario[] = against;

function manyFiles(count: number, folderName = 'd'): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${folderName}/${at}`, `file ${at}`]));
}
