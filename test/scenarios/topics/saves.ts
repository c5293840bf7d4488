/** How programs really save: files written beside, renamed over, put aside, emptied first. One device alone never makes a conflict copy. */
import { chmod, copyName, copyTo, edit, file, move, remove, save, type Act } from '../acts.ts';
import { meeting } from '../meeting.ts';
import { scenario, type Scenario } from '../scenario.ts';

/** vim with `backupcopy=no`: the old file becomes the backup, a new one is written, the backup goes. */
const vimSave = (path: string, text: string): Act[] => [move(path, `${path}~`), file(path, text), remove(`${path}~`)];
/** Word and Excel: the new file under a random name, the old one put aside, the new one renamed, the old one deleted. */
const officeSave = (path: string, text: string): Act[] => [
  file('4A8B0000', text),
  move(path, '9C2D0000.tmp'),
  move('4A8B0000', path),
  remove('9C2D0000.tmp'),
];
/** gedit and most of GNOME. */
const gnomeSave = (path: string, text: string): Act[] => [file('.goutputstream-X1Y2Z3', text), move('.goutputstream-X1Y2Z3', path)];
/** Programs that empty the file first, then write. */
const truncatingSave = (path: string, text: string): Act[] => [edit(path, ''), edit(path, text)];
/** Deletes the old file, then writes a new one. */
const deletingSave = (path: string, text: string): Act[] => [remove(path), file(path, text)];

const ways: Readonly<Record<string, (path: string, text: string) => Act[]>> = {
  'vim does': vimSave,
  'office programs do': officeSave,
  'GNOME programs do': gnomeSave,
  'programs do that empty the file first': truncatingSave,
  'programs do that delete the file first': deletingSave,
};

export const saveScenarios: readonly Scenario[] = [
  ...Object.entries(ways).flatMap(([who, way]) => [
    meeting(`a file saved as ${who}, three times`, {
      base: { 'report.doc': 'v1', o: 'o' },
      here: [...way('report.doc', 'v2'), ...way('report.doc', 'v3'), ...way('report.doc', 'v4')],
      either: { 'report.doc': 'v4', o: 'o' },
      open: [],
    }),
    meeting(`a file saved as ${who}, and edited there: the second becomes a copy`, {
      base: { 'report.doc': 'v1', o: 'o' },
      here: way('report.doc', 'mine'),
      there: [edit('report.doc', 'theirs')],
      thereFirst: { 'report.doc': 'theirs', [copyName('report', 'here', '.doc')]: 'mine', o: 'o' },
      hereFirst: { 'report.doc': 'mine', [copyName('report', 'there', '.doc')]: 'theirs', o: 'o' },
    }),
    meeting(`a file saved as ${who}, and deleted there: it stays`, {
      base: { 'report.doc': 'v1', o: 'o' },
      here: way('report.doc', 'mine'),
      there: [remove('report.doc')],
      either: { 'report.doc': 'mine', o: 'o' },
    }),
    meeting(`a file saved as ${who}, in a folder renamed there`, {
      base: { 'd/report.doc': 'v1', o: 'o' },
      here: way('d/report.doc', 'mine'),
      there: [move('d', 'e')],
      either: { 'e/report.doc': 'mine', o: 'o' },
    }),
  ]),
  meeting('Emacs keeps the old file as backup: both files are there', {
    base: { 'note.txt': 'v1' },
    here: [move('note.txt', 'note.txt~'), file('note.txt', 'v2')],
    either: { 'note.txt': 'v2', 'note.txt~': 'v1' },
    open: [],
  }),
  ...[{ 'note.txt': 'v1' }, { 'note.txt': 'v1', 'note.txt~': 'v0' }].map((base) =>
    meeting(
      `Emacs keeps the old file as backup (${Object.keys(base).length === 1 ? 'the first' : 'in place of one'}), and the file is edited there`,
      {
        base,
        here: [move('note.txt', 'note.txt~'), file('note.txt', 'mine')],
        there: [edit('note.txt', 'theirs')],
        thereFirst: { 'note.txt': 'theirs', [copyName('note', 'here', '.txt')]: 'mine', 'note.txt~': 'v1' },
        hereFirst: { 'note.txt': 'mine', [copyName('note', 'there', '.txt')]: 'theirs', 'note.txt~': 'v1' },
        open: [copyName('note', 'here', '.txt'), copyName('note', 'there', '.txt')],
      },
    ),
  ),
  ...[
    { how: 'moves', here: [move('note.txt', 'note.txt~'), file('note.txt', 'mine')], backup: 'note.txt~' },
    { how: 'copies', here: [copyTo('note.txt', 'note.bak'), edit('note.txt', 'mine')], backup: 'note.bak' },
  ].map(({ how, here, backup }) =>
    // What was moved there and is made a program here is read while the conflict is under way: its reading comes between two plans.
    meeting(`a program that ${how} the old file as backup, and the file is edited there, beside a file that needs another look`, {
      base: { 'note.txt': 'v1', tool: 't' },
      here: [...here, chmod('tool', true)],
      there: [edit('note.txt', 'theirs'), move('tool', 'moved')],
      thereFirst: { 'note.txt': 'theirs', [copyName('note', 'here', '.txt')]: 'mine', [backup]: 'v1', moved: 't*' },
      hereFirst: { 'note.txt': 'mine', [copyName('note', 'there', '.txt')]: 'theirs', [backup]: 'v1', moved: 't*' },
      open: [copyName('note', 'here', '.txt'), copyName('note', 'there', '.txt')],
    }),
  ),
  meeting('a program that copies the old file as backup before it writes', {
    base: { 'note.txt': 'v1' },
    here: [copyTo('note.txt', 'note.txt.bak'), edit('note.txt', 'v2')],
    either: { 'note.txt': 'v2', 'note.txt.bak': 'v1' },
    open: [],
  }),
  meeting('a program keeps an executable file executable when it saves in place', {
    base: { 'tool.sh': 'v1*' },
    here: [edit('tool.sh', 'v2')],
    either: { 'tool.sh': 'v2*' },
  }),
  meeting('saved with the same content: nothing to say', { base: { a: 'v1' }, here: [save('a', 'v1')], either: { a: 'v1' }, open: [] }),
  meeting('all files of a folder saved at once, as a formatter does', {
    base: { 'src/a': 'a', 'src/b': 'b', 'src/c/d': 'd' },
    here: [save('src/a', 'a2'), save('src/b', 'b2'), save('src/c/d', 'd2')],
    there: [file('src/n', 'n')],
    either: { 'src/a': 'a2', 'src/b': 'b2', 'src/c/d': 'd2', 'src/n': 'n' },
  }),
  meeting('a checkout that replaces a folder by another version of it', {
    base: { 'repo/a': 'a', 'repo/b': 'b', 'repo/old/x': 'x' },
    here: [edit('repo/a', 'a2'), remove('repo/old'), file('repo/new/y', 'y')],
    either: { 'repo/a': 'a2', 'repo/b': 'b', 'repo/new/y': 'y' },
  }),
  scenario('synced between the steps of a save: no copy, no loss', { base: { 'note.txt': 'v1' } }, async (world) => {
    const { person } = world.device('here');
    for (const act of vimSave('note.txt', 'v2')) {
      act(person);
      await world.settle();
    }
    world.expectTree({ 'note.txt': 'v2' });
    world.expect('conflicts', await world.device('there').conflicts(), []);
  }),
  scenario('synced between the steps of an office save: no copy, no loss', { base: { 'report.doc': 'v1' } }, async (world) => {
    const { person } = world.device('here');
    for (const act of officeSave('report.doc', 'v2')) {
      act(person);
      await world.settle();
    }
    world.expectTree({ 'report.doc': 'v2' });
    world.expect('conflicts', await world.device('there').conflicts(), []);
  }),
];
