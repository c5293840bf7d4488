/** Folders, trades of places, swaps of kinds, metadata: what the table of conflicts means in less common cases. */
import { describe, expect, test } from 'vitest';
import {
  carry,
  chmod,
  edit,
  expectOutcome,
  file,
  flip,
  folder,
  furnish,
  link,
  move,
  remove,
  save,
  ScenarioRun,
  swap,
  toFile,
  toFolder,
  touch,
} from './scenario.ts';

/** The name of a conflict copy made on a device. */
function copy(stem: string, device: string, extension = ''): string {
  return `${stem} (conflict ${device} 2026-01-01)${extension}`;
}

describe('a folder deleted here', () => {
  const base = { 'd/a': 'a', 'd/b': 'b', 'd/s/c': 'c', 'd/s/e': 'e', z: 'z' };

  test('and left alone there, it is gone with all that was in it', () => {
    expectOutcome({ base, here: [remove('d')], there: [], either: { z: 'z' } });
    expectOutcome({ base, here: [remove('d')], there: [remove('d')], either: { z: 'z' } });
  });

  test('with a new file there: that one stays, in the re-made folder; the rest goes', () => {
    expectOutcome({ base, here: [remove('d')], there: [file('d/n', 'n')], either: { 'd/n': 'n', z: 'z' }, history: { d: 'd' } });
  });

  test('with a new folder deep inside there: the folders above it are made again', () => {
    expectOutcome({
      base,
      here: [remove('d')],
      there: [folder('d/s/t')],
      either: { 'd/s/t': 'folder', z: 'z' },
      history: { 'd/s': 'd/s' },
    });
  });

  test('with an edit there: that file stays; the rest goes', () => {
    expectOutcome({
      base,
      here: [remove('d')],
      there: [edit('d/s/c', 'c2')],
      either: { 'd/s/c': 'c2', z: 'z' },
      history: { 'd/s/c': 'd/s/c' },
    });
  });

  test('with something moved into it there: that stays; the rest goes', () => {
    expectOutcome({ base, here: [remove('d')], there: [move('z', 'd/s/z')], either: { 'd/s/z': 'z' }, history: { 'd/s/z': 'z' } });
  });

  test('with something moved out of it there: that is where it was moved; the rest goes', () => {
    expectOutcome({
      base,
      here: [remove('d')],
      there: [move('d/s', 's')],
      either: { 's/c': 'c', 's/e': 'e', z: 'z' },
      history: { s: 'd/s' },
    });
  });

  test('with something renamed in it there: that stays; the rest goes', () => {
    expectOutcome({ base, here: [remove('d')], there: [move('d/a', 'd/a2')], either: { 'd/a2': 'a', z: 'z' }, history: { 'd/a2': 'd/a' } });
  });

  test('with a folder renamed in it there: that one is kept with all that was in it; the rest goes', () => {
    expectOutcome({
      base,
      here: [remove('d')],
      there: [move('d/s', 'd/t')],
      either: { 'd/t/c': 'c', 'd/t/e': 'e', z: 'z' },
      history: { 'd/t': 'd/s' },
    });
  });

  test('only touched or made programs there, its files go', () => {
    expectOutcome({ base, here: [remove('d')], there: [touch('d/a'), chmod('d/s/c')], either: { z: 'z' } });
  });

  test('and renamed there: it is kept, with all that was in it', () => {
    expectOutcome({
      base,
      here: [remove('d')],
      there: [move('d', 'D')],
      either: { 'D/a': 'a', 'D/b': 'b', 'D/s/c': 'c', 'D/s/e': 'e', z: 'z' },
      history: { D: 'd', 'D/a': 'd/a', 'D/s': 'd/s', 'D/s/e': 'd/s/e' },
    });
  });

  test('and renamed there while it is empty: it is kept', () => {
    expectOutcome({ base: { d: 'folder', z: 'z' }, here: [remove('d')], there: [move('d', 'D')], either: { D: 'folder', z: 'z' } });
  });

  test('but first something was taken out of it here: that stays where it was put, also where the folder is renamed there', () => {
    expectOutcome({ base, here: [move('d/a', 'a'), remove('d')], there: [], either: { a: 'a', z: 'z' }, history: { a: 'd/a' } });
    expectOutcome({
      base: { 'd/a': 'a', 'd/b': 'b' },
      here: [move('d/a', 'a'), remove('d')],
      there: [move('d', 'D')],
      either: { a: 'a', 'D/b': 'b' },
    });
  });

  test('and made again here: what is made in it there is in it too', () => {
    expectOutcome({
      base: { 'd/a': 'a' },
      here: [remove('d'), folder('d'), file('d/n', 'n')],
      there: [file('d/m', 'm'), edit('d/a', 'a2')],
      either: { 'd/a': 'a2', 'd/m': 'm', 'd/n': 'n' },
    });
  });

  test('and another folder given its name: what stays of the old one is in it', () => {
    expectOutcome({
      base: { 'd/a': 'a', 'd/b': 'b' },
      here: [remove('d'), folder('t'), file('t/n', 'n'), move('t', 'd')],
      there: [edit('d/a', 'a2')],
      either: { 'd/a': 'a2', 'd/n': 'n' },
    });
  });

  test('with the folder above it renamed there: it is gone from that', () => {
    expectOutcome({
      base: { 'p/d/a': 'a', 'p/b': 'b' },
      here: [remove('p/d')],
      there: [move('p', 'q')],
      either: { 'q/b': 'b' },
      history: { q: 'p' },
    });
  });
});

describe('trades of places', () => {
  test('two files swapped are swapped, whatever the other edited', () => {
    expectOutcome({ base: { a: 'a', b: 'b' }, here: [swap('a', 'b')], there: [], either: { a: 'b', b: 'a' }, history: { a: 'b', b: 'a' } });
    expectOutcome({
      base: { a: 'a', b: 'b' },
      here: [swap('a', 'b')],
      there: [edit('a', 'a2')],
      either: { a: 'b', b: 'a2' },
      history: { a: 'b', b: 'a' },
    });
  });

  test('swapped on both: nothing to decide', () => {
    expectOutcome({
      base: { a: 'a', b: 'b' },
      here: [swap('a', 'b')],
      there: [swap('a', 'b')],
      either: { a: 'b', b: 'a' },
      history: { a: 'b', b: 'a' },
    });
  });

  test('swapped here, one of them renamed there: the first move of each holds', () => {
    expectOutcome({
      base: { a: 'a', b: 'b' },
      here: [swap('a', 'b')],
      there: [move('a', 'c')],
      thereFirst: { a: 'b', c: 'a' },
      hereFirst: { a: 'b', b: 'a' },
    });
  });

  test('swapped here, one of them deleted there: both stay, as both were moved', () => {
    expectOutcome({
      base: { a: 'a', b: 'b' },
      here: [swap('a', 'b')],
      there: [remove('a')],
      either: { a: 'b', b: 'a' },
      history: { a: 'b', b: 'a' },
    });
  });

  test('three files that go round are gone round', () => {
    expectOutcome({
      base: { a: 'a', b: 'b', c: 'c' },
      here: [swap('a', 'b'), swap('a', 'c')],
      there: [],
      either: { a: 'c', b: 'a', c: 'b' },
      history: { a: 'c', b: 'a', c: 'b' },
    });
  });

  test('three go round here and the other way there: the first to sync holds', () => {
    expectOutcome({
      base: { a: 'a', b: 'b', c: 'c' },
      here: [swap('a', 'b'), swap('a', 'c')],
      there: [swap('a', 'b'), swap('b', 'c')],
      thereFirst: { a: 'b', b: 'c', c: 'a' },
      hereFirst: { a: 'c', b: 'a', c: 'b' },
      history: {},
    });
  });

  test("a chain of renames, each to the next one's name", () => {
    expectOutcome({
      base: { 1: 'one', 2: 'two', 3: 'three' },
      here: [move('3', '4'), move('2', '3'), move('1', '2')],
      there: [edit('2', 'two more')],
      either: { 2: 'one', 3: 'two more', 4: 'three' },
      history: { 2: '1', 3: '2', 4: '3' },
    });
  });

  test('two folders swapped, with what is in them and what the other made in them', () => {
    expectOutcome({
      base: { 'a/1': 'in a', 'b/2': 'in b' },
      here: [swap('a', 'b')],
      there: [file('a/n', 'n'), edit('b/2', 'in b too')],
      either: { 'a/2': 'in b too', 'b/1': 'in a', 'b/n': 'n' },
      history: { a: 'b', b: 'a', 'a/2': 'b/2' },
    });
  });

  test('a folder and a file swapped', () => {
    expectOutcome({
      base: { 'a/1': '1', b: 'b' },
      here: [swap('a', 'b')],
      there: [],
      either: { a: 'b', 'b/1': '1' },
      history: { a: 'b', b: 'a' },
    });
    expectOutcome({
      base: { 'a/1': '1', b: 'b' },
      here: [swap('a', 'b')],
      there: [edit('b', 'b2'), file('a/n', 'n')],
      either: { a: 'b2', 'b/1': '1', 'b/n': 'n' },
    });
  });

  test('a folder and what is in it trade levels', () => {
    expectOutcome({
      base: { 'a/b/x': 'x', 'a/y': 'y' },
      here: [move('a/b', 'b'), move('a', 'b/a')],
      there: [file('a/b/n', 'n'), file('a/m', 'm')],
      either: { 'b/x': 'x', 'b/n': 'n', 'b/a/y': 'y', 'b/a/m': 'm' },
      history: { b: 'a/b', 'b/a': 'a' },
    });
  });

  test('a folder and what is in it trade levels and names', () => {
    expectOutcome({
      base: { 'a/b/x': 'x', 'a/y': 'y' },
      here: [flip('a/b')],
      there: [file('a/b/n', 'n'), file('a/m', 'm')],
      either: { 'a/x': 'x', 'a/n': 'n', 'a/b/y': 'y', 'a/b/m': 'm' },
      history: { a: 'a/b', 'a/b': 'a' },
    });
  });

  test('three levels turned upside down under the same names', () => {
    expectOutcome({
      base: { 'a/b/c/x': 'x', 'a/b/y': 'y', 'a/z': 'z' },
      here: [move('a/b/c', 't'), move('a/b', 't/b'), move('a', 't/b/c'), move('t', 'a')],
      there: [],
      either: { 'a/x': 'x', 'a/b/y': 'y', 'a/b/c/z': 'z' },
      history: { a: 'a/b/c', 'a/b': 'a/b', 'a/b/c': 'a' },
    });
  });
});

describe('what takes the name of its own folder', () => {
  test('a file', () => {
    expectOutcome({
      base: { 'd/x': 'x' },
      here: [move('d/x', 't'), remove('d'), move('t', 'd')],
      there: [],
      either: { d: 'x' },
      history: { d: 'd/x' },
    });
  });

  test('a file, from below several folders that go with it', () => {
    expectOutcome({
      base: { 'd/e/x': 'x', 'd/e/y': 'y', 'd/z': 'z' },
      here: [move('d/e/x', 't'), remove('d'), move('t', 'd')],
      there: [],
      either: { d: 'x' },
      history: { d: 'd/e/x' },
    });
  });

  test('a folder', () => {
    expectOutcome({
      base: { 'd/e/x': 'x', 'd/y': 'y' },
      here: [move('d/e', 't'), remove('d'), move('t', 'd')],
      there: [],
      either: { 'd/x': 'x' },
      history: { d: 'd/e', 'd/x': 'd/e/x' },
    });
  });

  test('a file, while something new is made in the folder there: the folder keeps its name', () => {
    expectOutcome({
      base: { 'd/x': 'x' },
      here: [move('d/x', 't'), remove('d'), move('t', 'd')],
      there: [file('d/n', 'n')],
      thereFirst: { 'd/n': 'n', [copy('d', 'here')]: 'x' },
      hereFirst: { 'd/n': 'n', [copy('d', 'there')]: 'x' },
      history: { [copy('d', 'here')]: 'd/x', [copy('d', 'there')]: 'd/x' },
    });
  });

  test('a file that a new folder takes the name of, and that goes into it', () => {
    expectOutcome({
      base: { x: 'x' },
      here: [move('x', 't'), folder('x'), move('t', 'x/x')],
      there: [],
      either: { 'x/x': 'x' },
      history: { 'x/x': 'x' },
    });
  });
});

describe("files, folders and links that take each other's name", () => {
  test('a file becomes a folder: with an edit there, the folder keeps the name and the edited file gets the conflict name', () => {
    expectOutcome({ base: { n: 'v1' }, here: [toFolder('n'), file('n/x', 'x')], there: [], either: { 'n/x': 'x' } });
    expectOutcome({
      base: { n: 'v1' },
      here: [toFolder('n'), file('n/x', 'x')],
      there: [edit('n', 'v2')],
      thereFirst: { 'n/x': 'x', [copy('n', 'here')]: 'v2' },
      hereFirst: { 'n/x': 'x', [copy('n', 'there')]: 'v2' },
      history: { [copy('n', 'here')]: 'n', [copy('n', 'there')]: 'n' },
    });
  });

  test('a folder becomes a file: with an edit in it there, the folder is re-made and keeps the name', () => {
    expectOutcome({ base: { 'n/a': 'a', 'n/b': 'b' }, here: [toFile('n', 'mine')], there: [], either: { n: 'mine' } });
    expectOutcome({
      base: { 'n/a': 'a', 'n/b': 'b' },
      here: [toFile('n', 'mine')],
      there: [edit('n/a', 'a2')],
      thereFirst: { 'n/a': 'a2', [copy('n', 'here')]: 'mine' },
      hereFirst: { 'n/a': 'a2', [copy('n', 'there')]: 'mine' },
      history: { 'n/a': 'n/a' },
    });
  });

  test('to a folder here and deleted there; to a folder on both', () => {
    expectOutcome({ base: { n: 'v1' }, here: [toFolder('n')], there: [remove('n')], either: { n: 'folder' } });
    expectOutcome({
      base: { n: 'v1' },
      here: [toFolder('n'), file('n/x', 'x')],
      there: [toFolder('n'), file('n/y', 'y')],
      either: { 'n/x': 'x', 'n/y': 'y' },
    });
  });

  test('a link becomes the file it pointed to', () => {
    expectOutcome({ base: { l: '-> f', f: 'f' }, here: [remove('l'), move('f', 'l')], there: [], either: { l: 'f' }, history: { l: 'f' } });
  });

  test('replaced by renaming another over it: one is gone, the other has its name and keeps its history', () => {
    expectOutcome({
      base: { old: 'old', new: 'new' },
      here: [move('new', 'old')],
      there: [],
      either: { old: 'new' },
      history: { old: 'new' },
    });
    expectOutcome({
      base: { old: 'old', new: 'new' },
      here: [move('new', 'old')],
      there: [edit('new', 'newer')],
      either: { old: 'newer' },
      history: { old: 'new' },
    });
    expectOutcome({
      base: { old: 'old', new: 'new' },
      here: [move('new', 'old')],
      there: [remove('old')],
      either: { old: 'new' },
      history: { old: 'new' },
    });
  });
});

describe('a conflict name is nobody’s wish', () => {
  test('a file removed by who still knew it under its own name is gone, though it had to give that to a folder', () => {
    const run = new ScenarioRun(1);
    run.begin({ base: {}, here: [file('n', 'x')], there: [folder('n')] });
    run.device('here').sync();
    run.device('there').sync();
    expect(run.device('there').disk.tree()).toEqual({ n: 'folder', 'n (conflict there 2026-01-01)': 'x' });
    run.act('here', [remove('n')]);
    run.meet(['here', 'there']);
    expect(run.shown()).toEqual({ n: 'folder' });
  });

  test('also where its own name holds that of an earlier conflict: only the last mark is not a part of it', () => {
    const name = 'n (conflict eve 2026-01-01) moved';
    const run = new ScenarioRun(1);
    run.begin({ base: {}, here: [file(name, 'x')], there: [folder(name)] });
    run.device('here').sync();
    run.device('there').sync();
    expect(run.device('there').disk.tree()).toEqual({ [name]: 'folder', [`${name} (conflict there 2026-01-01)`]: 'x' });
    run.act('here', [remove(name)]);
    run.meet(['here', 'there']);
    expect(run.shown()).toEqual({ [name]: 'folder' });
  });

  test('edited meanwhile, it stays under the conflict name', () => {
    const run = new ScenarioRun(1);
    run.begin({ base: {}, here: [file('n', 'x')], there: [folder('n')] });
    run.device('here').sync();
    run.device('there').sync();
    run.act('there', [edit('n (conflict there 2026-01-01)', 'y')]);
    run.device('there').sync();
    run.act('here', [remove('n')]);
    run.meet(['here', 'there']);
    expect(run.shown()).toEqual({ n: 'folder', 'n (conflict there 2026-01-01)': 'y' });
  });
});

describe('moves that only the content tells', () => {
  test('copied and deleted: it is the same file, moved', () => {
    expectOutcome({
      isWhole: true,
      base: { a: 'a', d: 'folder' },
      here: [carry('a', 'd/b')],
      there: [],
      either: { 'd/b': 'a' },
      history: { 'd/b': 'a' },
    });
  });

  test('with an edit there, it is moved with the edit, whoever syncs first', () => {
    expectOutcome({
      isWhole: true,
      base: { a: 'a', d: 'folder' },
      here: [carry('a', 'd/b')],
      there: [edit('a', 'a2')],
      either: { 'd/b': 'a2' },
      history: { 'd/b': 'a' },
    });
  });

  test('moved elsewhere there, the first move holds, and there is no second copy', () => {
    expectOutcome({
      isWhole: true,
      base: { a: 'a', d: 'folder' },
      here: [carry('a', 'd/b')],
      there: [move('a', 'c')],
      thereFirst: { c: 'a', d: 'folder' },
      hereFirst: { 'd/b': 'a' },
    });
  });

  test('deleted there, the moved file stays', () => {
    expectOutcome({
      isWhole: true,
      base: { a: 'a', d: 'folder' },
      here: [carry('a', 'd/b')],
      there: [remove('a')],
      either: { 'd/b': 'a' },
    });
  });

  test('renamed on both, seen as such on one side only: no conflict', () => {
    expectOutcome({
      isWhole: true,
      base: { a: 'a', z: 'z' },
      here: [carry('a', 'b')],
      there: [move('a', 'b')],
      either: { b: 'a', z: 'z' },
    });
  });
});

describe('metadata', () => {
  /** The file's times and bit as all three devices have them, in both orders. */
  function checkMeta(acts: { here: Parameters<ScenarioRun['act']>[1]; there: Parameters<ScenarioRun['act']>[1] }, what: string): void {
    for (const order of [['here', 'there'] as const, ['there', 'here'] as const]) {
      const run = new ScenarioRun(1);
      run.begin({ base: { f: 'v1' }, ...acts });
      const times = order.map((name) => run.device(name).disk.get('f').mtimeUs);
      run.meet(order);
      expect(run.shown()).toEqual({ f: what });
      for (const name of ['here', 'there', 'late'] as const) expect(times).toContain(run.device(name).disk.get('f').mtimeUs);
      expect(new Set(['here', 'there', 'late'].map((name) => run.device(name as 'here').disk.get('f').mtimeUs)).size).toBe(1);
    }
  }

  test('touched here and edited there: the edit, with its time', () => {
    checkMeta({ here: [touch('f')], there: [edit('f', 'v2')] }, 'v2');
  });

  test('made a program here and edited there: both', () => {
    checkMeta({ here: [chmod('f')], there: [edit('f', 'v2')] }, 'v2*');
  });

  test('made a program on both', () => {
    checkMeta({ here: [chmod('f')], there: [chmod('f')] }, 'v1*');
  });

  test('touched on both, or only on one', () => {
    checkMeta({ here: [touch('f'), touch('f')], there: [touch('f')] }, 'v1');
    checkMeta({ here: [touch('f')], there: [] }, 'v1');
  });

  test('an edit keeps the time it was made at, also where the other only touched', () => {
    const run = new ScenarioRun(1);
    run.begin({ base: { f: 'v1' }, here: [edit('f', 'v2')], there: [touch('f')] });
    const { mtimeUs } = run.device('here').disk.get('f');
    run.meet(['there', 'here']);
    for (const name of ['here', 'there', 'late'] as const) expect(run.device(name).disk.get('f')).toMatchObject({ text: 'v2', mtimeUs });
  });

  test('a link that was touched is the same link, and it ends there', () => {
    expectOutcome({ base: { l: '-> t' }, here: [touch('l')], there: [], either: { l: '-> t' } });
    expectOutcome({ base: { l: '-> t' }, here: [touch('l')], there: [edit('l', 'u')], either: { l: '-> u' }, history: { l: 'l' } });
    expectOutcome({ base: { l: '-> t' }, here: [touch('l')], there: [move('l', 'm')], either: { m: '-> t' }, history: { m: 'l' } });
  });

  test('links that were pointed to different things are two, to the same one', () => {
    expectOutcome({
      base: { l: '-> t' },
      here: [edit('l', 'mine')],
      there: [edit('l', 'theirs')],
      thereFirst: { l: '-> theirs', [copy('l', 'here')]: '-> mine' },
      hereFirst: { l: '-> mine', [copy('l', 'there')]: '-> theirs' },
      history: { l: 'l' },
    });
    expectOutcome({ base: { l: '-> t' }, here: [edit('l', 'u')], there: [edit('l', 'u')], either: { l: '-> u' }, history: { l: 'l' } });
  });

  test('a link that was moved here and pointed elsewhere there is both', () => {
    expectOutcome({
      base: { l: '-> t', d: 'folder' },
      here: [move('l', 'd/l')],
      there: [edit('l', 'u')],
      either: { 'd/l': '-> u' },
      history: { 'd/l': 'l' },
    });
  });
});

describe('what joins late', () => {
  test('a filled folder with the same tree takes its identities, and nothing is published', () => {
    const tree = { 'd/a': 'a', 'd/s/b': 'b', 'd/e': 'folder', l: '-> d', empty: '' };
    const run = new ScenarioRun(1);
    run.begin({ base: tree, here: [], there: [] });
    furnish(run.device('late'), tree);
    const { groups } = run.vault;
    run.meet(['here', 'there']);
    expect(run.vault.groups).toBe(groups);
    expect(run.device('late').nodeAt('d/s/b')).toBe(run.device('here').nodeAt('d/s/b'));
  });

  test('older content that the vault had there once is brought up to date; other content is a conflict', () => {
    const late = new ScenarioRun(1);
    late.begin({ base: { 'd/a': 'v1', 'd/b': 'w1' }, here: [edit('d/a', 'v2')], there: [] });
    furnish(late.device('late'), { 'd/a': 'v1', 'd/b': 'never seen' });
    late.device('here').sync();
    late.device('late').sync();
    late.meet(['here', 'there']);
    expect(late.shown()).toEqual({ d: 'folder', 'd/a': 'v2', 'd/b': 'w1', [copy('d/b', 'late')]: 'never seen' });
  });

  test('a filled folder that joins and one that makes the same at that time become one', () => {
    expectOutcome({
      base: {},
      here: [folder('d'), file('d/a', 'a'), link('d/l', 'a')],
      there: [folder('d'), file('d/a', 'a'), link('d/l', 'a'), save('d/a', 'a')],
      either: { 'd/a': 'a', 'd/l': '-> a' },
    });
  });
});

describe('what small trees against the reference found', () => {
  test('a file made equal here to where the other is moved to, with that one edited here to the same', () => {
    expectOutcome({ base: { a: 'v1' }, here: [edit('a', 'same'), file('b', 'same')], there: [move('a', 'b')], either: { b: 'same' } });
  });

  test('a file edited there to what another file moved over it here is made of', () => {
    expectOutcome({
      base: { 'd/a': 'v1' },
      here: [move('d/a', 'd/b')],
      there: [edit('d/a', 'same'), file('d/b', 'same')],
      either: { 'd/b': 'same' },
    });
  });

  test('freeing a name moves a folder that closes a cycle', () => {
    expectOutcome({
      base: { 'a/d': 'folder', b: 'folder', 'b/c': 'x' },
      here: [swap('a/d', 'b')],
      there: [swap('a/d', 'b/c'), move('a', 'b/c/c')],
      // It met the folder before that went back.
      thereFirst: { [copy('b/c/c/d', 'here')]: 'x' },
    });
  });

  test('of a cycle only the move is undone that closes it', () => {
    expectOutcome({
      base: { 'a/a': 'x', 'b/b': 'folder' },
      here: [move('a', 'b/b/b')],
      there: [swap('a/a', 'b/b'), swap('a/a', 'b')],
      thereFirst: { 'b/b/a/b': 'x' },
    });
  });

  test('a move is not published below what the vault has below it', () => {
    expectOutcome({
      base: { 'a/c': 'folder', 'b/c': 'folder' },
      here: [swap('a/c', 'b/c'), move('a', 'b')],
      there: [move('a', 'b/c/c'), file('b/c/c/c/n', 'n')],
      thereFirst: { 'b/c/c/c/n': 'n' },
    });
  });

  test('folders that trade levels and names on both sides at once', () => {
    expectOutcome({
      base: { 'a/b': 'folder', 'b/a': 'folder' },
      here: [swap('a/b', 'b'), move('a/b/a', 'b/b')],
      there: [move('a', 'b/a/c')],
      either: { 'b/b/c/b': 'folder' },
    });
  });

  test('of folders moved into each other, the one that goes back finds its own folder removed', () => {
    expectOutcome({
      base: { 'a/a': 'folder', 'b/c': 'folder' },
      here: [move('b/c', 'a/a'), move('a', 'b')],
      there: [move('a', 'b/c/c')],
      thereFirst: { 'b/c/c': 'folder' },
      hereFirst: { 'b/a': 'folder' },
    });
  });

  test('a removed folder is not made again for what goes back where it was', () => {
    expectOutcome({
      base: { 'a/b': 'folder', 'a/x': 'x', b: 'folder' },
      here: [move('b', 'a/b/b')],
      there: [remove('a/b'), move('a', 'b/a')],
      thereFirst: { 'b/a/x': 'x' },
      hereFirst: { 'a/b/b': 'folder', 'a/x': 'x' },
    });
  });

  test('nor while the way there leads over a file that stands in the way', () => {
    expectOutcome({
      base: { 'a/b': 'folder', c: 'folder' },
      here: [file('c/c', 'mine'), move('c', 'a/b/b')],
      there: [move('a/b', 'c/c'), move('a', 'c/c')],
      thereFirst: { 'c/c': 'folder', [copy('c/c', 'here')]: 'mine' },
    });
  });

  test('what was removed alone does not come back with a removed folder that it was brought into', () => {
    expectOutcome({
      base: { 'a/x': 'x', 'a/y': 'y', c: 'folder' },
      here: [move('a', 'c/a'), move('c', 'd')],
      there: [remove('a/x'), remove('c')],
      either: { 'd/a/y': 'y' },
    });
  });

  test('a file moved and edited here to what was made there under that name, and edited there otherwise', () => {
    expectOutcome({
      base: { a: 'v1' },
      here: [move('a', 'c'), edit('c', 'same')],
      there: [file('c', 'same'), edit('a', 'theirs')],
      thereFirst: { a: 'theirs', c: 'same' },
    });
  });

  test('a file moved and edited here, that was edited there to what was made under its new name', () => {
    expectOutcome({
      base: { a: 'v1' },
      here: [edit('a', 'mine'), move('a', 'b')],
      there: [edit('a', 'same'), file('b', 'same')],
      thereFirst: { b: 'same', [copy('b', 'here')]: 'mine' },
    });
  });

  test('a folder that goes back to a name whose holder waits for a folder above it to be removed', () => {
    expectOutcome({
      base: { a: 'x', 'b/a': 'folder', c: 'folder' },
      here: [move('c', 'b/a/b'), move('a', 'c')],
      there: [move('b/a', 'c/b'), move('a', 'b')],
      thereFirst: { b: 'x', 'c/b': 'folder' },
    });
    expectOutcome({
      base: { a: 'x', 'd/b': 'folder', c: 'folder' },
      here: [move('c', 'd/b/b'), move('a', 'c')],
      there: [move('a', 'd/b'), move('d', 'c/d')],
      thereFirst: { 'c/d/b': 'x' },
    });
  });

  test('a file edited here to what was moved over it there, with that one edited on both', () => {
    expectOutcome({
      base: { a: 'a', b: 'b' },
      here: [edit('a', 'same'), edit('b', 'mine')],
      there: [move('b', 'a'), edit('a', 'same')],
      thereFirst: { a: 'same', [copy('a', 'here')]: 'mine' },
    });
  });
});
