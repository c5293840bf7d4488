/** Copied and deleted is moved, whatever else happens: on some disks every rename looks like that. */
import { describe, test } from 'vitest';
import { carry, edit, expectOutcome, file, folder, move, remove } from './scenario.ts';

const isWhole = true;
const byHere = 'b (conflict here 2026-01-01)';
const byThere = 'b (conflict there 2026-01-01)';

describe('a file that was copied and deleted here is that file', () => {
  test('also where it finds its new name taken: it gets a conflict name, with the edit made there', () => {
    expectOutcome({
      isWhole,
      base: { a: 'a' },
      here: [carry('a', 'b')],
      there: [file('b', 'x'), edit('a', 'a2')],
      thereFirst: { b: 'x', [byHere]: 'a2' },
      hereFirst: { b: 'a2', [byThere]: 'x' },
      history: { [byHere]: 'a' },
    });
  });

  test('and where a folder has its new name there', () => {
    expectOutcome({
      isWhole,
      base: { a: 'a' },
      here: [carry('a', 'b')],
      there: [folder('b'), edit('a', 'a2')],
      thereFirst: { b: 'folder', [byHere]: 'a2' },
      hereFirst: { b: 'folder', [byThere]: 'a2' },
      history: { [byHere]: 'a', [byThere]: 'a' },
    });
  });

  test('and where the folder that it went into took its old name', () => {
    expectOutcome({
      isWhole,
      base: { a: 'a', d: 'folder' },
      here: [carry('a', 'd/a'), move('d', 'a')],
      there: [edit('a', 'a2')],
      either: { a: 'folder', 'a/a': 'a2' },
      history: { 'a/a': 'a' },
    });
  });

  test('and was moved out of a folder that is removed here, and moved there', () => {
    expectOutcome({
      isWhole,
      base: { d: 'folder', 'd/f': 'f', 'd/g': 'g' },
      here: [carry('d/f', 'f'), remove('d')],
      there: [move('d', 'e')],
      either: { e: 'folder', 'e/g': 'g', f: 'f' },
    });
  });

  test('and where it took the place of a file whose folder was removed there for it: the first move holds, as of one that is seen to be moved', () => {
    for (const act of [carry, move]) {
      expectOutcome({
        isWhole,
        base: { a: 'a', 'b/a': 'x' },
        here: [remove('b/a'), act('a', 'b/a')],
        there: [remove('b'), move('a', 'b')],
        thereFirst: { b: 'a' },
      });
    }
  });

  // Exhaustive check: 3:2 with seed 112578, 2:3 with 105519, 1:2 with 111723.
  test('and where it took the place of a file that was removed there: it is that file no more, but the moved one, with the edit made there', () => {
    for (const act of [carry, move]) {
      expectOutcome({
        isWhole,
        base: { a: 'a', b: 'x' },
        here: [remove('b'), act('a', 'b')],
        there: [remove('b')],
        thereFirst: { b: 'a' },
        history: { b: 'a' },
      });
      expectOutcome({
        isWhole,
        base: { a: 'a', b: 'x' },
        here: [remove('b'), act('a', 'b')],
        there: [remove('b'), edit('a', 'a2')],
        thereFirst: { b: 'a2' },
        history: { b: 'a' },
      });
      expectOutcome({
        isWhole,
        base: { a: 'a', b: 'x', c: 'c' },
        here: [remove('b'), act('a', 'b')],
        there: [move('c', 'b')],
        thereFirst: { b: 'c', [byHere]: 'a' },
        history: { b: 'c', [byHere]: 'a' },
      });
    }
  });
});

test('a copy under the name that somebody else moved the file to stays what it is', () => {
  expectOutcome({
    base: { a: 'a' },
    here: [file('b', 'a'), edit('a', 'a2')],
    there: [move('a', 'b')],
    thereFirst: { b: 'a2', [byHere]: 'a' },
    hereFirst: { b: 'a', [byThere]: 'a2' },
    history: { [byThere]: 'a' },
  });
});
