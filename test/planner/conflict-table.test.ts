/** Every row of the table that says what sync means, and the details that a planner can show: in both orders, on all devices. */
import { describe, expect, test } from 'vitest';
import { chmod, edit, expectOutcome, file, folder, link, move, remove, save, ScenarioRun, swap, touch } from './scenario.ts';

/** The name of a conflict copy made on a device. */
function copy(stem: string, device: string, extension = ''): string {
  return `${stem} (conflict ${device} 2026-01-01)${extension}`;
}

describe('two edits of one file', () => {
  test('other content: theirs keeps the name, ours becomes one copy, and the vault tells its story', () => {
    expectOutcome({
      base: { 'note.txt': 'v1' },
      here: [edit('note.txt', 'mine')],
      there: [edit('note.txt', 'theirs')],
      thereFirst: { 'note.txt': 'theirs', [copy('note', 'here', '.txt')]: 'mine' },
      hereFirst: { 'note.txt': 'mine', [copy('note', 'there', '.txt')]: 'theirs' },
      history: { 'note.txt': 'note.txt' },
    });
  });

  test('the story names the file, and the content that both came from', () => {
    const run = new ScenarioRun(1);
    run.begin({ base: { 'note.txt': 'v1' }, here: [edit('note.txt', 'mine')], there: [edit('note.txt', 'theirs')] });
    run.meet(['there', 'here']);
    const [story] = run.vault.conflicts.values();
    expect(story).toEqual({ of: run.device('here').nodeAt('note.txt'), ancestor: { epoch: 1, id: '1:v1', sizeBytes: 2 } });
  });

  test('the same content is no conflict, whatever the times say', () => {
    expectOutcome({
      base: { 'note.txt': 'v1' },
      here: [edit('note.txt', 'v2'), touch('note.txt')],
      there: [edit('note.txt', 'v2')],
      either: { 'note.txt': 'v2' },
      history: { 'note.txt': 'note.txt' },
    });
  });

  test('a program that saves by renaming over the old file edits it', () => {
    expectOutcome({
      base: { 'note.txt': 'v1' },
      here: [save('note.txt', 'mine')],
      there: [save('note.txt', 'theirs')],
      thereFirst: { 'note.txt': 'theirs', [copy('note', 'here', '.txt')]: 'mine' },
      hereFirst: { 'note.txt': 'mine', [copy('note', 'there', '.txt')]: 'theirs' },
      history: { 'note.txt': 'note.txt' },
    });
  });

  test('going back to what it once was is an edit like any other', () => {
    const run = new ScenarioRun(1);
    run.begin({ base: { 'note.txt': 'v1' }, here: [edit('note.txt', 'v2')], there: [] });
    run.meet(['here', 'there']);
    run.act('here', [edit('note.txt', 'v1')]);
    run.act('there', [edit('note.txt', 'v3')]);
    run.meet(['there', 'here']);
    expect(run.shown()).toEqual({ 'note.txt': 'v3', [copy('note', 'here', '.txt')]: 'v1' });
  });

  test('a copy is numbered where its name is taken', () => {
    expectOutcome({
      base: { 'note.txt': 'v1', [copy('note', 'here', '.txt')]: 'older' },
      here: [edit('note.txt', 'mine')],
      there: [edit('note.txt', 'theirs')],
      thereFirst: {
        'note.txt': 'theirs',
        [copy('note', 'here', '.txt')]: 'older',
        'note (conflict here 2026-01-01 2).txt': 'mine',
      },
    });
  });

  test('two edits of a copy do not make its name longer', () => {
    expectOutcome({
      base: { [copy('note', 'late', '.txt')]: 'v1' },
      here: [edit(copy('note', 'late', '.txt'), 'mine')],
      there: [edit(copy('note', 'late', '.txt'), 'theirs')],
      thereFirst: { [copy('note', 'late', '.txt')]: 'theirs', [copy('note', 'here', '.txt')]: 'mine' },
    });
  });

  test('on three devices at once there is one copy for each that lost', () => {
    const run = new ScenarioRun(1);
    run.begin({ base: { 'note.txt': 'v1' }, here: [], there: [] });
    run.meet(['here', 'there']);
    for (const name of ['here', 'there', 'late'] as const) run.act(name, [edit('note.txt', name)]);
    run.device('late').sync();
    run.meet(['there', 'here']);
    expect(run.shown()).toEqual({ 'note.txt': 'late', [copy('note', 'here', '.txt')]: 'here', [copy('note', 'there', '.txt')]: 'there' });
  });
});

describe('an edit here and a delete there', () => {
  test('the edit stays, at its place', () => {
    expectOutcome({
      base: { 'docs/note.txt': 'v1', 'docs/other.txt': 'o' },
      here: [edit('docs/note.txt', 'v2')],
      there: [remove('docs/note.txt')],
      either: { 'docs/note.txt': 'v2', 'docs/other.txt': 'o' },
      history: { 'docs/note.txt': 'docs/note.txt' },
    });
  });

  test('deleted on both, it is gone', () => {
    expectOutcome({ base: { 'a.txt': 'a', 'b.txt': 'b' }, here: [remove('a.txt')], there: [remove('a.txt')], either: { 'b.txt': 'b' } });
  });

  test('only touched or made a program, it is gone: metadata alone never beats a delete', () => {
    for (const act of [touch('a.txt'), chmod('a.txt')]) {
      expectOutcome({ base: { 'a.txt': 'a', 'b.txt': 'b' }, here: [act], there: [remove('a.txt')], either: { 'b.txt': 'b' } });
    }
  });

  test('a link that points elsewhere now stays; one that was only made again goes', () => {
    expectOutcome({ base: { l: '-> x' }, here: [edit('l', 'y')], there: [remove('l')], either: { l: '-> y' }, history: { l: 'l' } });
    expectOutcome({ base: { l: '-> x', b: 'b' }, here: [touch('l')], there: [remove('l')], either: { b: 'b' } });
  });

  test('deleted and made anew there: what was edited here goes beside it, unless both hold the same', () => {
    const base = { 'a.txt': 'v1', 'b.txt': 'b' };
    expectOutcome({
      base,
      here: [edit('a.txt', 'mine')],
      there: [remove('a.txt'), move('b.txt', 'a.txt')],
      thereFirst: { 'a.txt': 'b', [copy('a', 'here', '.txt')]: 'mine' },
      hereFirst: { 'a.txt': 'mine', [copy('a', 'there', '.txt')]: 'b' },
    });
    expectOutcome({
      base,
      here: [edit('a.txt', 'same')],
      there: [remove('a.txt'), move('b.txt', 'a.txt'), edit('a.txt', 'same')],
      either: { 'a.txt': 'same' },
    });
  });
});

describe('the same name made on both', () => {
  test('files of the same content are one file', () => {
    expectOutcome({ base: {}, here: [file('n.txt', 'n')], there: [file('n.txt', 'n')], either: { 'n.txt': 'n' } });
  });

  test('empty files are one file', () => {
    expectOutcome({ base: {}, here: [file('n', '')], there: [file('n', '')], either: { n: '' } });
  });

  test('files of other content: the second becomes a copy of the first', () => {
    expectOutcome({
      base: {},
      here: [file('n.tar.gz', 'mine')],
      there: [file('n.tar.gz', 'theirs')],
      thereFirst: { 'n.tar.gz': 'theirs', [copy('n', 'here', '.tar.gz')]: 'mine' },
      hereFirst: { 'n.tar.gz': 'mine', [copy('n', 'there', '.tar.gz')]: 'theirs' },
    });
  });

  test('folders are one folder, and what is in them is merged by the same rules, all the way down', () => {
    expectOutcome({
      base: {},
      here: [folder('d'), folder('d/e'), file('d/e/x', 'x'), file('d/both', 'same'), file('d/n', 'mine')],
      there: [folder('d'), folder('d/e'), file('d/e/y', 'y'), file('d/both', 'same'), file('d/n', 'theirs')],
      thereFirst: { 'd/e/x': 'x', 'd/e/y': 'y', 'd/both': 'same', 'd/n': 'theirs', [copy('d/n', 'here')]: 'mine' },
      hereFirst: { 'd/e/x': 'x', 'd/e/y': 'y', 'd/both': 'same', 'd/n': 'mine', [copy('d/n', 'there')]: 'theirs' },
    });
  });

  test('a file here and a folder there: the folder keeps the name', () => {
    expectOutcome({
      base: {},
      here: [file('n', 'mine')],
      there: [folder('n'), file('n/x', 'x')],
      thereFirst: { 'n/x': 'x', [copy('n', 'here')]: 'mine' },
      hereFirst: { 'n/x': 'x', [copy('n', 'there')]: 'mine' },
    });
  });

  test('a link here and a folder there: the folder keeps the name', () => {
    expectOutcome({
      base: {},
      here: [link('n', 't')],
      there: [folder('n')],
      thereFirst: { n: 'folder', [copy('n', 'here')]: '-> t' },
      hereFirst: { n: 'folder', [copy('n', 'there')]: '-> t' },
    });
  });

  test('links to the same are one link; links to different things, and a link and a file, are two', () => {
    expectOutcome({ base: {}, here: [link('n', 't')], there: [link('n', 't'), touch('n')], either: { n: '-> t' } });
    expectOutcome({
      base: {},
      here: [link('n', 'mine')],
      there: [link('n', 'theirs')],
      thereFirst: { n: '-> theirs', [copy('n', 'here')]: '-> mine' },
      hereFirst: { n: '-> mine', [copy('n', 'there')]: '-> theirs' },
    });
    expectOutcome({
      base: {},
      here: [link('n', 't')],
      there: [file('n', 'x')],
      thereFirst: { n: 'x', [copy('n', 'here')]: '-> t' },
      hereFirst: { n: '-> t', [copy('n', 'there')]: 'x' },
    });
  });

  test('a folder that joins with a file in two places below is merged place by place', () => {
    expectOutcome({
      base: { 'd/old': 'o' },
      here: [folder('d/e'), file('d/e/n', 'mine')],
      there: [folder('d/e'), file('d/e/n', 'theirs'), folder('d/e/f')],
      thereFirst: { 'd/old': 'o', 'd/e/n': 'theirs', 'd/e/f': 'folder', [copy('d/e/n', 'here')]: 'mine' },
    });
  });
});

describe('a move or rename', () => {
  test('with an edit on the other side: moved, with the edit', () => {
    expectOutcome({
      base: { 'a.txt': 'v1', d: 'folder' },
      here: [move('a.txt', 'd/b.txt')],
      there: [edit('a.txt', 'v2')],
      either: { 'd/b.txt': 'v2' },
      history: { 'd/b.txt': 'a.txt' },
    });
  });

  test('moved and edited here, edited there: the copy stands where the file is now', () => {
    expectOutcome({
      base: { 'a.txt': 'v1', d: 'folder' },
      here: [move('a.txt', 'd/b.txt'), edit('d/b.txt', 'mine')],
      there: [edit('a.txt', 'theirs')],
      thereFirst: { 'd/b.txt': 'theirs', [copy('d/b', 'here', '.txt')]: 'mine' },
      hereFirst: { 'd/b.txt': 'mine', [copy('d/b', 'there', '.txt')]: 'theirs' },
      history: { 'd/b.txt': 'a.txt' },
    });
  });

  test('moved on both and edited on both: the first move holds, and the copy stands there too', () => {
    expectOutcome({
      base: { a: 'v1', d: 'folder', e: 'folder' },
      here: [move('a', 'd/a'), edit('d/a', 'mine')],
      there: [move('a', 'e/b'), edit('e/b', 'theirs')],
      thereFirst: { d: 'folder', 'e/b': 'theirs', [copy('e/b', 'here')]: 'mine' },
      hereFirst: { e: 'folder', 'd/a': 'mine', [copy('d/a', 'there')]: 'theirs' },
      history: { 'd/a': 'a', 'e/b': 'a' },
    });
  });

  test('two files that traded places here, and all edited on both: each is where it was moved, with its copy', () => {
    expectOutcome({
      base: { a: 'a', b: 'b' },
      here: [swap('a', 'b'), edit('a', 'b mine'), edit('b', 'a mine')],
      there: [edit('a', 'a theirs'), edit('b', 'b theirs')],
      thereFirst: { a: 'b theirs', [copy('a', 'here')]: 'b mine', b: 'a theirs', [copy('b', 'here')]: 'a mine' },
      hereFirst: { a: 'b mine', [copy('a', 'there')]: 'b theirs', b: 'a mine', [copy('b', 'there')]: 'a theirs' },
      history: { a: 'b', b: 'a' },
    });
  });

  test('into a new folder of its own name here, edited on both', () => {
    expectOutcome({
      base: { a: 'v1' },
      here: [move('a', 't'), folder('a'), move('t', 'a/a'), edit('a/a', 'mine')],
      there: [edit('a', 'theirs')],
      thereFirst: { 'a/a': 'theirs', [copy('a/a', 'here')]: 'mine' },
      hereFirst: { 'a/a': 'mine', [copy('a/a', 'there')]: 'theirs' },
      history: { 'a/a': 'a' },
    });
  });

  test('moved elsewhere there: the first move holds, and there is no second copy', () => {
    expectOutcome({
      base: { a: 'v1', d: 'folder', e: 'folder' },
      here: [move('a', 'd/a')],
      there: [move('a', 'e/a')],
      thereFirst: { d: 'folder', 'e/a': 'v1' },
      hereFirst: { 'd/a': 'v1', e: 'folder' },
      history: { 'd/a': 'a', 'e/a': 'a' },
    });
  });

  test('moved to the same place on both: nothing to decide', () => {
    expectOutcome({
      base: { a: 'v1', d: 'folder' },
      here: [move('a', 'd/b')],
      there: [move('a', 'd/b')],
      either: { 'd/b': 'v1' },
      history: { 'd/b': 'a' },
    });
  });

  test('deleted there: the moved file stays', () => {
    expectOutcome({
      base: { a: 'v1', d: 'folder' },
      here: [move('a', 'd/b')],
      there: [remove('a')],
      either: { 'd/b': 'v1' },
      history: { 'd/b': 'a' },
    });
  });

  test('a folder that was moved takes along what was made, edited and moved in under its old name', () => {
    expectOutcome({
      base: { 'old/a': 'a1', 'old/b': 'b', c: 'c' },
      here: [move('old', 'new')],
      there: [edit('old/a', 'a2'), file('old/n', 'n'), move('c', 'old/c'), folder('old/s'), file('old/s/x', 'x')],
      either: { 'new/a': 'a2', 'new/b': 'b', 'new/n': 'n', 'new/c': 'c', 'new/s/x': 'x' },
      history: { new: 'old', 'new/a': 'old/a', 'new/c': 'c' },
    });
  });

  test('a folder into another here and that other into it there: the first move holds, nothing is lost', () => {
    expectOutcome({
      base: { 'A/a': 'a', 'B/b': 'b' },
      here: [move('A', 'B/A')],
      there: [move('B', 'A/B')],
      thereFirst: { 'A/a': 'a', 'A/B/b': 'b' },
      hereFirst: { 'B/b': 'b', 'B/A/a': 'a' },
      history: { A: 'A', 'A/B': 'B', B: 'B', 'B/A': 'A' },
    });
  });

  test('the same by way of folders in between', () => {
    expectOutcome({
      base: { 'A/in/a': 'a', 'B/in/b': 'b' },
      here: [move('A', 'B/in/A')],
      there: [move('B', 'A/in/B')],
      thereFirst: { 'A/in/a': 'a', 'A/in/B/in/b': 'b' },
      hereFirst: { 'B/in/b': 'b', 'B/in/A/in/a': 'a' },
    });
  });

  test('the same by way of a new folder: it comes along to where it was made', () => {
    expectOutcome({
      base: { 'A/a': 'a', 'B/b': 'b' },
      here: [folder('A/new'), move('B', 'A/new/B')],
      there: [move('A', 'B/A')],
      thereFirst: { 'B/b': 'b', 'B/A/a': 'a', 'B/A/new': 'folder' },
      hereFirst: { 'A/a': 'a', 'A/new/B/b': 'b' },
    });
  });

  test('two items to one name: the first keeps it', () => {
    expectOutcome({
      base: { x: 'x', y: 'y' },
      here: [move('x', 'z')],
      there: [move('y', 'z')],
      thereFirst: { z: 'y', [copy('z', 'here')]: 'x' },
      hereFirst: { z: 'x', [copy('z', 'there')]: 'y' },
      history: { [copy('z', 'here')]: 'x', [copy('z', 'there')]: 'y' },
    });
  });

  test('two folders to one name stay two folders', () => {
    expectOutcome({
      base: { 'X/x': 'x', 'Y/y': 'y' },
      here: [move('X', 'Z')],
      there: [move('Y', 'Z')],
      thereFirst: { 'Z/y': 'y', [`${copy('Z', 'here')}/x`]: 'x' },
      hereFirst: { 'Z/x': 'x', [`${copy('Z', 'there')}/y`]: 'y' },
    });
  });

  test('two files of equal content to one name are one file', () => {
    expectOutcome({
      base: { x: 'same', y: 'same', w: 'w' },
      here: [move('x', 'z')],
      there: [move('y', 'z')],
      either: { z: 'same', w: 'w' },
    });
  });

  test('a file to a name under which the other made the same', () => {
    expectOutcome({ base: { x: 'same', w: 'w' }, here: [move('x', 'z')], there: [file('z', 'same')], either: { z: 'same', w: 'w' } });
  });

  test('a file and a folder to one name: the folder keeps it', () => {
    expectOutcome({
      base: { x: 'x', 'Y/y': 'y' },
      here: [move('x', 'z')],
      there: [move('Y', 'z')],
      thereFirst: { 'z/y': 'y', [copy('z', 'here')]: 'x' },
      hereFirst: { 'z/y': 'y', [copy('z', 'there')]: 'x' },
    });
  });

  test('to a name that the other made new: the first keeps it', () => {
    expectOutcome({
      base: { x: 'x' },
      here: [move('x', 'z')],
      there: [file('z', 'new')],
      thereFirst: { z: 'new', [copy('z', 'here')]: 'x' },
      hereFirst: { z: 'x', [copy('z', 'there')]: 'new' },
    });
  });

  test('over another file here, which was edited there: the edit keeps its name', () => {
    expectOutcome({
      base: { x: 'x', y: 'y' },
      here: [move('x', 'y')],
      there: [edit('y', 'y2')],
      thereFirst: { y: 'y2', [copy('y', 'here')]: 'x' },
      hereFirst: { y: 'x', [copy('y', 'there')]: 'y2' },
    });
  });

  test('over another file here, which was moved away there: both are where they were wanted', () => {
    expectOutcome({
      base: { x: 'x', y: 'y' },
      here: [move('x', 'y')],
      there: [move('y', 'z')],
      either: { y: 'x', z: 'y' },
      history: { y: 'x', z: 'y' },
    });
  });
});
