/** Row of the table: an edit here, an edit there. */
import { append, chmod, copyName, edit, save, touch } from '../acts.ts';
import { meeting } from '../meeting.ts';
import { scenario, type Scenario } from '../scenario.ts';

const [copyHere, copyThere] = [copyName('note', 'here', '.txt'), copyName('note', 'there', '.txt')];
const bothCopies = [copyHere, copyThere];
const large = (who: string): string => `${'all the same to begin with. '.repeat(20_000)}${who}`;

export const editScenarios: readonly Scenario[] = [
  meeting('of other content: the first keeps the name, the second becomes a copy beside it', {
    base: { 'note.txt': 'v1' },
    here: [edit('note.txt', 'mine')],
    there: [edit('note.txt', 'theirs')],
    thereFirst: { 'note.txt': 'theirs', [copyHere]: 'mine' },
    hereFirst: { 'note.txt': 'mine', [copyThere]: 'theirs' },
    open: bothCopies,
    isCore: true,
  }),
  meeting('to the same content are no conflict', {
    base: { 'note.txt': 'v1' },
    here: [edit('note.txt', 'v2')],
    there: [edit('note.txt', 'v2')],
    either: { 'note.txt': 'v2' },
    open: [],
  }),
  meeting('to the same content are no conflict, whatever the times say', {
    base: { 'note.txt': 'v1' },
    here: [edit('note.txt', 'v2'), touch('note.txt')],
    there: [edit('note.txt', 'v2')],
    either: { 'note.txt': 'v2' },
    open: [],
  }),
  meeting('saved by renaming a new file over the old one: as any edit', {
    base: { 'note.txt': 'v1' },
    here: [save('note.txt', 'mine')],
    there: [save('note.txt', 'theirs')],
    thereFirst: { 'note.txt': 'theirs', [copyHere]: 'mine' },
    hereFirst: { 'note.txt': 'mine', [copyThere]: 'theirs' },
    open: bothCopies,
  }),
  meeting('saved so here, written in place there', {
    base: { 'note.txt': 'v1' },
    here: [save('note.txt', 'mine')],
    there: [edit('note.txt', 'theirs')],
    thereFirst: { 'note.txt': 'theirs', [copyHere]: 'mine' },
    hereFirst: { 'note.txt': 'mine', [copyThere]: 'theirs' },
    open: bothCopies,
  }),
  meeting('when the name of the copy is taken: the copy gets a number', {
    base: { 'note.txt': 'v1', 'note (conflict here 2026-01-02).txt': 'older' },
    here: [edit('note.txt', 'mine')],
    there: [edit('note.txt', 'theirs')],
    thereFirst: { 'note.txt': 'theirs', [copyHere]: 'older', [copyName('note', 'here', '.txt', 2)]: 'mine' },
    only: { world: 'simulator', because: 'the copy bears the date of the day' },
  }),
  meeting('of a conflict copy: its copy has no longer name', {
    base: { 'note (conflict late 2020-01-02).txt': 'v1' },
    here: [edit('note (conflict late DATE).txt', 'mine')],
    there: [edit('note (conflict late DATE).txt', 'theirs')],
    thereFirst: { 'note (conflict late DATE).txt': 'theirs', [copyHere]: 'mine' },
    hereFirst: { 'note (conflict late DATE).txt': 'mine', [copyThere]: 'theirs' },
    open: bothCopies,
  }),
  meeting('of a file without extension', {
    base: { Makefile: 'v1' },
    here: [edit('Makefile', 'mine')],
    there: [edit('Makefile', 'theirs')],
    thereFirst: { Makefile: 'theirs', [copyName('Makefile', 'here')]: 'mine' },
    hereFirst: { Makefile: 'mine', [copyName('Makefile', 'there')]: 'theirs' },
  }),
  meeting('of a packed file: both parts of its extension stay at the end', {
    base: { 'all.tar.gz': 'v1' },
    here: [edit('all.tar.gz', 'mine')],
    there: [edit('all.tar.gz', 'theirs')],
    thereFirst: { 'all.tar.gz': 'theirs', [copyName('all', 'here', '.tar.gz')]: 'mine' },
    hereFirst: { 'all.tar.gz': 'mine', [copyName('all', 'there', '.tar.gz')]: 'theirs' },
  }),
  meeting('of a hidden file: its name is no extension', {
    base: { '.profile': 'v1' },
    here: [edit('.profile', 'mine')],
    there: [edit('.profile', 'theirs')],
    thereFirst: { '.profile': 'theirs', [copyName('.profile', 'here')]: 'mine' },
    hereFirst: { '.profile': 'mine', [copyName('.profile', 'there')]: 'theirs' },
  }),
  meeting('deep in folders: the copy is beside the file', {
    base: { 'a/b/c/note.txt': 'v1' },
    here: [edit('a/b/c/note.txt', 'mine')],
    there: [edit('a/b/c/note.txt', 'theirs')],
    thereFirst: { 'a/b/c/note.txt': 'theirs', [`a/b/c/${copyHere}`]: 'mine' },
    hereFirst: { 'a/b/c/note.txt': 'mine', [`a/b/c/${copyThere}`]: 'theirs' },
  }),
  meeting('emptied here, written there', {
    base: { 'note.txt': 'v1' },
    here: [edit('note.txt', '')],
    there: [edit('note.txt', 'theirs')],
    thereFirst: { 'note.txt': 'theirs', [copyHere]: '' },
    hereFirst: { 'note.txt': '', [copyThere]: 'theirs' },
  }),
  meeting('emptied on both', {
    base: { 'note.txt': 'v1' },
    here: [edit('note.txt', '')],
    there: [edit('note.txt', '')],
    either: { 'note.txt': '' },
  }),
  meeting('a line added on each: both versions are there', {
    base: { 'log.txt': 'one\n' },
    here: [append('log.txt', 'two here\n')],
    there: [append('log.txt', 'two there\n')],
    thereFirst: { 'log.txt': 'one\ntwo there\n', [copyName('log', 'here', '.txt')]: 'one\ntwo here\n' },
    hereFirst: { 'log.txt': 'one\ntwo here\n', [copyName('log', 'there', '.txt')]: 'one\ntwo there\n' },
  }),
  meeting('edited here, only touched there: the edit, and no copy', {
    base: { 'note.txt': 'v1' },
    here: [edit('note.txt', 'mine')],
    there: [touch('note.txt')],
    either: { 'note.txt': 'mine' },
    open: [],
  }),
  meeting('edited here, made a program there: both', {
    base: { 'tool.sh': 'v1' },
    here: [edit('tool.sh', 'mine')],
    there: [chmod('tool.sh')],
    either: { 'tool.sh': 'mine*' },
    open: [],
  }),
  meeting('edited in two files on both: a copy for each', {
    base: { a: 'a', b: 'b', c: 'c' },
    here: [edit('a', 'a mine'), edit('b', 'b mine')],
    there: [edit('a', 'a theirs'), edit('b', 'b theirs'), edit('c', 'c theirs')],
    thereFirst: { a: 'a theirs', b: 'b theirs', c: 'c theirs', [copyName('a', 'here')]: 'a mine', [copyName('b', 'here')]: 'b mine' },
    hereFirst: { a: 'a mine', b: 'b mine', c: 'c theirs', [copyName('a', 'there')]: 'a theirs', [copyName('b', 'there')]: 'b theirs' },
  }),
  meeting('of different files do not meet', {
    base: { a: 'a', b: 'b' },
    here: [edit('a', 'a mine')],
    there: [edit('b', 'b theirs')],
    either: { a: 'a mine', b: 'b theirs' },
    open: [],
  }),
  meeting('of large files that differ in a few bytes', {
    base: { 'large.txt': large('base') },
    here: [edit('large.txt', large('here'))],
    there: [edit('large.txt', large('there'))],
    thereFirst: { 'large.txt': large('there'), [copyName('large', 'here', '.txt')]: large('here') },
    hereFirst: { 'large.txt': large('here'), [copyName('large', 'there', '.txt')]: large('there') },
  }),
  meeting('edited twice here without syncing in between: one copy, of the last', {
    base: { 'note.txt': 'v1' },
    here: [edit('note.txt', 'mine 1'), edit('note.txt', 'mine 2')],
    there: [edit('note.txt', 'theirs')],
    thereFirst: { 'note.txt': 'theirs', [copyHere]: 'mine 2' },
    hereFirst: { 'note.txt': 'mine 2', [copyThere]: 'theirs' },
  }),
  meeting('edited here and put back: only the edit there is left', {
    base: { 'note.txt': 'v1' },
    here: [edit('note.txt', 'mine'), edit('note.txt', 'v1')],
    there: [edit('note.txt', 'theirs')],
    either: { 'note.txt': 'theirs' },
    open: [],
  }),
  scenario('going back to what it once was is an edit like any other', { base: { 'note.txt': 'v1' } }, async (world) => {
    world.device('here').person.write('note.txt', 'v2');
    await world.settle();
    world.device('here').person.write('note.txt', 'v1');
    world.device('there').person.write('note.txt', 'v3');
    await world.settle('there');
    world.expectTree({ 'note.txt': 'v3', [copyHere]: 'v1' });
  }),
  scenario('one after the other are no conflict', { base: { 'note.txt': 'v1' } }, async (world) => {
    for (let round = 2; round < 6; round += 1) {
      world.device(round % 2 === 0 ? 'here' : 'there').person.write('note.txt', `v${round}`);
      await world.settle();
    }
    world.expectTree({ 'note.txt': 'v5' });
    world.expect('conflicts', await world.device('here').conflicts(), []);
  }),
  scenario('the copy is an ordinary file: edited, renamed and deleted like any', { base: { 'note.txt': 'v1' } }, async (world) => {
    const [here, there] = [world.device('here').person, world.device('there').person];
    here.write('note.txt', 'mine');
    there.write('note.txt', 'theirs');
    await world.settle('there');
    there.write(copyHere, 'mine, looked through');
    await world.settle();
    world.expectTree({ 'note.txt': 'theirs', [copyHere]: 'mine, looked through' });
    here.move(copyHere, 'other.txt');
    await world.settle();
    world.expectTree({ 'note.txt': 'theirs', 'other.txt': 'mine, looked through' });
    there.remove('other.txt');
    await world.settle();
    world.expectTree({ 'note.txt': 'theirs' });
  }),
  scenario('of the file again while its conflict is open: another copy', { base: { 'note.txt': 'v1' } }, async (world) => {
    const [here, there] = [world.device('here').person, world.device('there').person];
    for (const round of ['first', 'second']) {
      here.write('note.txt', `mine ${round}`);
      there.write('note.txt', `theirs ${round}`);
      await world.settle('there');
    }
    world.expectTree({ 'note.txt': 'theirs second', [copyHere]: 'mine first', [copyName('note', 'here', '.txt', 2)]: 'mine second' });
  }),
  scenario(
    'edited here by copying it over with the other version: the conflict ends by itself',
    { base: { 'note.txt': 'v1' } },
    async (world) => {
      const [here, there] = [world.device('here').person, world.device('there').person];
      here.write('note.txt', 'mine');
      there.write('note.txt', 'theirs');
      await world.settle('there');
      there.move(copyHere, 'note.txt');
      await world.settle();
      world.expectTree({ 'note.txt': 'mine' });
      world.expect('conflicts', await world.device('here').conflicts(), []);
    },
  ),
];
