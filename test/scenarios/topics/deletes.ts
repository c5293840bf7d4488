/** Rows of the table: a delete here or there; and what was deleted stays so. */
import { carry, chmod, copyName, edit, file, folder, link, move, remake, remove, save, touch, type Act } from '../acts.ts';
import { meeting } from '../meeting.ts';
import { scenario, type Scenario } from '../scenario.ts';

const docs = { 'docs/a.txt': 'a', 'docs/b.txt': 'b', 'docs/sub/c.txt': 'c', kept: 'kept' };

/** Deletes a folder there while this is done here. */
function deletedFolder(title: string, here: readonly Act[], either: Readonly<Record<string, string>>): Scenario {
  return meeting(title, { base: docs, here, there: [remove('docs')], either });
}

export const deleteScenarios: readonly Scenario[] = [
  meeting('a file edited here and deleted there: the edit stays, at its place', {
    base: { 'docs/note.txt': 'v1', 'docs/other.txt': 'o' },
    here: [edit('docs/note.txt', 'v2')],
    there: [remove('docs/note.txt')],
    either: { 'docs/note.txt': 'v2', 'docs/other.txt': 'o' },
  }),
  meeting('a file saved here by renaming, deleted there: the edit stays', {
    base: { 'note.txt': 'v1', o: 'o' },
    here: [save('note.txt', 'v2')],
    there: [remove('note.txt')],
    either: { 'note.txt': 'v2', o: 'o' },
  }),
  meeting('a file deleted on both is gone', {
    base: { 'a.txt': 'a', 'b.txt': 'b' },
    here: [remove('a.txt')],
    there: [remove('a.txt')],
    either: { 'b.txt': 'b' },
  }),
  meeting('a file only touched here, deleted there, is gone', {
    base: { 'a.txt': 'a', 'b.txt': 'b' },
    here: [touch('a.txt')],
    there: [remove('a.txt')],
    either: { 'b.txt': 'b' },
  }),
  meeting('a file only made a program here, deleted there, is gone', {
    base: { 'a.txt': 'a', 'b.txt': 'b' },
    here: [chmod('a.txt')],
    there: [remove('a.txt')],
    either: { 'b.txt': 'b' },
  }),
  meeting('a file written anew with its old content here, deleted there, is gone', {
    base: { 'a.txt': 'a', 'b.txt': 'b' },
    here: [save('a.txt', 'a')],
    there: [remove('a.txt')],
    either: { 'b.txt': 'b' },
  }),
  meeting('a link that points elsewhere here, deleted there, stays', {
    base: { l: '-> x', b: 'b' },
    here: [remove('l'), link('l', 'y')],
    there: [remove('l')],
    either: { l: '-> y', b: 'b' },
  }),
  meeting('a link only made again here, deleted there, is gone', {
    base: { l: '-> x', b: 'b' },
    here: [remove('l'), link('l', 'x')],
    there: [remove('l')],
    either: { b: 'b' },
  }),
  meeting('an empty folder deleted on both is gone', {
    base: { d: 'folder', b: 'b' },
    here: [remove('d')],
    there: [remove('d')],
    either: { b: 'b' },
  }),
  meeting('different files deleted on both are both gone', {
    base: { a: 'a', b: 'b', c: 'c' },
    here: [remove('a')],
    there: [remove('b')],
    either: { c: 'c' },
  }),
  meeting('all files of a folder deleted: the folder stays, empty', {
    base: { 'd/a': 'a', 'd/b': 'b' },
    here: [remove('d/a'), remove('d/b')],
    either: { d: 'folder' },
  }),
  meeting('half of the files deleted on each: the folder stays, empty', {
    base: { 'd/a': 'a', 'd/b': 'b' },
    here: [remove('d/a')],
    there: [remove('d/b')],
    either: { d: 'folder' },
  }),
  deletedFolder('a folder deleted there is deleted here, with all that is in it', [], { kept: 'kept' }),
  deletedFolder('a folder deleted there, a file in it edited here: that file stays, in the folder made again', [edit('docs/a.txt', 'a2')], {
    'docs/a.txt': 'a2',
    kept: 'kept',
  }),
  deletedFolder('a folder deleted there, a file deep in it edited here', [edit('docs/sub/c.txt', 'c2')], {
    'docs/sub/c.txt': 'c2',
    kept: 'kept',
  }),
  deletedFolder('a folder deleted there, a new file in it here: the new file stays', [file('docs/new.txt', 'n')], {
    'docs/new.txt': 'n',
    kept: 'kept',
  }),
  deletedFolder('a folder deleted there, a new file deep in new folders here', [file('docs/x/y/new.txt', 'n')], {
    'docs/x/y/new.txt': 'n',
    kept: 'kept',
  }),
  deletedFolder('a folder deleted there, an empty folder made in it here: that stays', [folder('docs/new')], {
    'docs/new': 'folder',
    kept: 'kept',
  }),
  deletedFolder('a folder deleted there, a file moved into it here: that file stays', [move('kept', 'docs/kept')], { 'docs/kept': 'kept' }),
  deletedFolder('a folder deleted there, a file moved out of it here: the file stays where it is', [move('docs/a.txt', 'a.txt')], {
    'a.txt': 'a',
    kept: 'kept',
  }),
  deletedFolder('a folder deleted there, a file renamed in it here: the renamed file stays', [move('docs/a.txt', 'docs/z.txt')], {
    'docs/z.txt': 'a',
    kept: 'kept',
  }),
  deletedFolder('a folder deleted there, a file in it only touched here: all is gone', [touch('docs/a.txt')], { kept: 'kept' }),
  deletedFolder('a folder deleted there, a file in it deleted here: all is gone', [remove('docs/a.txt')], { kept: 'kept' }),
  deletedFolder('a folder deleted there, its subfolder moved out here: that stays with all that is in it', [move('docs/sub', 'sub')], {
    'sub/c.txt': 'c',
    kept: 'kept',
  }),
  deletedFolder(
    'a folder deleted there, the same deleted here and made again with a new file',
    [remove('docs'), file('docs/new.txt', 'n')],
    {
      'docs/new.txt': 'n',
      kept: 'kept',
    },
  ),
  deletedFolder('a folder deleted on both is gone', [remove('docs')], { kept: 'kept' }),
  deletedFolder('a folder deleted there, its subfolder deleted here: all is gone', [remove('docs/sub')], { kept: 'kept' }),
  meeting('a folder deleted there, renamed here: the renamed folder stays, with all that was in it', {
    base: docs,
    here: [move('docs', 'papers')],
    there: [remove('docs')],
    either: { 'papers/a.txt': 'a', 'papers/b.txt': 'b', 'papers/sub/c.txt': 'c', kept: 'kept' },
  }),
  meeting('deleted and made anew here with other content: as an edit there', {
    base: { 'a.txt': 'v1' },
    here: [remake('a.txt', 'v2')],
    either: { 'a.txt': 'v2' },
  }),
  meeting('deleted and made anew with the same content: nothing happened', {
    base: { 'a.txt': 'v1' },
    here: [remake('a.txt', 'v1')],
    either: { 'a.txt': 'v1' },
  }),
  meeting('deleted and made anew on both with the same content', {
    base: { 'a.txt': 'v1' },
    here: [remake('a.txt', 'v2')],
    there: [remake('a.txt', 'v2')],
    either: { 'a.txt': 'v2' },
    open: [],
  }),
  meeting('deleted and made anew on both with other content: a copy', {
    base: { 'a.txt': 'v1' },
    here: [remake('a.txt', 'mine')],
    there: [remake('a.txt', 'theirs')],
    thereFirst: { 'a.txt': 'theirs', [copyName('a', 'here', '.txt')]: 'mine' },
    hereFirst: { 'a.txt': 'mine', [copyName('a', 'there', '.txt')]: 'theirs' },
  }),
  meeting('deleted and made anew here, edited there: a copy', {
    base: { 'a.txt': 'v1' },
    here: [remake('a.txt', 'mine')],
    there: [edit('a.txt', 'theirs')],
    thereFirst: { 'a.txt': 'theirs', [copyName('a', 'here', '.txt')]: 'mine' },
    hereFirst: { 'a.txt': 'mine', [copyName('a', 'there', '.txt')]: 'theirs' },
  }),
  meeting('deleted and made anew here, deleted there: the new one stays', {
    base: { 'a.txt': 'v1', b: 'b' },
    here: [remake('a.txt', 'mine')],
    there: [remove('a.txt')],
    either: { 'a.txt': 'mine', b: 'b' },
  }),
  meeting('another file takes the name of a deleted one there: what was edited here goes beside it', {
    base: { 'a.txt': 'v1', 'b.txt': 'b' },
    here: [edit('a.txt', 'mine')],
    there: [remove('a.txt'), move('b.txt', 'a.txt')],
    thereFirst: { 'a.txt': 'b', [copyName('a', 'here', '.txt')]: 'mine' },
    hereFirst: { 'a.txt': 'mine', [copyName('a', 'there', '.txt')]: 'b' },
  }),
  meeting('a folder deleted and made again here with the same files: nothing happened', {
    base: { 'd/a': 'a', 'd/b': 'b' },
    here: [remove('d'), file('d/a', 'a'), file('d/b', 'b')],
    either: { 'd/a': 'a', 'd/b': 'b' },
  }),
  meeting('a folder deleted and made again here, a file edited in it there', {
    base: { 'd/a': 'a', 'd/b': 'b' },
    here: [remove('d'), file('d/a', 'a'), file('d/new', 'n')],
    there: [edit('d/b', 'b2')],
    either: { 'd/a': 'a', 'd/b': 'b2', 'd/new': 'n' },
  }),
  meeting('deleted here, a copy of it made there under another name: the copy stays', {
    base: { a: 'precious', b: 'b' },
    here: [remove('a')],
    there: [carry('a', 'c')],
    either: { b: 'b', c: 'precious' },
  }),
  scenario(
    'what was deleted does not come back with a device that was away',
    { devices: ['here', 'there', 'late'], base: docs },
    async (world) => {
      world.device('here').person.remove('docs');
      for (const name of ['here', 'there', 'here', 'there']) await world.device(name).sync();
      world.device('late').person.write('kept', 'kept, edited late');
      await world.settle('late');
      world.expectTree({ kept: 'kept, edited late' });
    },
  ),
  scenario('deleted, and made again later on the other device: a new file', { base: { a: 'v1', b: 'b' } }, async (world) => {
    world.device('here').person.remove('a');
    await world.settle();
    world.expectTree({ b: 'b' });
    world.device('there').person.write('a', 'v2');
    await world.settle();
    world.expectTree({ a: 'v2', b: 'b' });
  }),
  scenario('deleted, made again with the very same content later: it stays', { base: { a: 'v1', b: 'b' } }, async (world) => {
    world.device('here').person.remove('a');
    await world.settle();
    world.device('there').person.write('a', 'v1');
    await world.settle();
    world.expectTree({ a: 'v1', b: 'b' });
  }),
  scenario('a file that came back by an edit can be deleted for good', { base: { a: 'v1', b: 'b' } }, async (world) => {
    world.device('here').person.remove('a');
    world.device('there').person.write('a', 'v2');
    await world.settle('here');
    world.expectTree({ a: 'v2', b: 'b' });
    world.device('here').person.remove('a');
    await world.settle();
    world.expectTree({ b: 'b' });
  }),
];
