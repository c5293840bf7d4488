import { describe, expect, test } from 'vitest';
import { HintBook } from '../../src/agent/folder/hint-book.ts';
import type { DiskPath } from '../../src/disk/disk.ts';

const a = 'a' as DiskPath;
const b = 'folder/b' as DiskPath;

describe('hints where to look', () => {
  test('are given out once, when their path has rested', () => {
    const hints = new HintBook({ restMs: 2000, patienceMs: 30_000 });
    hints.add(a, 0);
    hints.add(b, 1000);
    expect(hints.nextDueMs()).toBe(2000);
    expect(hints.takeDue(1999)).toEqual([]);
    expect(hints.takeDue(2000)).toEqual([a]);
    expect(hints.takeDue(2999)).toEqual([]);
    expect(hints.takeDue(3000)).toEqual([b]);
    expect([hints.isEmpty, hints.nextDueMs()]).toEqual([true, undefined]);
  });

  test('of a file that never rests come at a bounded rate', () => {
    const hints = new HintBook({ restMs: 2000, patienceMs: 30_000 });
    const given: number[] = [];
    for (let nowMs = 0; nowMs <= 100_000; nowMs += 500) {
      hints.add(a, nowMs);
      const due = hints.takeDue(nowMs);
      if (due.length > 0) given.push(nowMs);
    }
    expect(given).toEqual([30_000, 60_500, 91_000]);
  });

  test('that are too many mean "anywhere", and take no room', () => {
    const hints = new HintBook({ restMs: 0, patienceMs: 30_000 });
    for (let at = 0; at < 30_000; at += 1) hints.add(`f${at}` as DiskPath, at / 1000);
    expect(hints.takeDue(1000)).toBe('anywhere');
    expect(hints.isEmpty).toBe(true);
  });

  test('that are too many stay due where only paths can be looked at now', () => {
    const hints = new HintBook({ restMs: 0, patienceMs: 30_000 });
    for (let at = 0; at < 20_001; at += 1) hints.add(`f${at}` as DiskPath, 0);
    hints.add(a, 500);
    expect(hints.takeDuePaths(1000)).toEqual([a]);
    expect(hints.takeDue(1000)).toBe('anywhere');
  });

  test('of nowhere in particular rest, too', () => {
    const hints = new HintBook({ restMs: 2000, patienceMs: 30_000 });
    hints.add(a, 0);
    hints.add(undefined, 500);
    expect(hints.takeDue(2499)).toEqual([]);
    expect(hints.takeDue(2500)).toBe('anywhere');
    expect(hints.takeDue(100_000)).toEqual([]);
  });
});

describe('a short rest', () => {
  const shortly = (): HintBook => new HintBook({ restMs: 2000, patienceMs: 30_000, short: { restMs: 150, wholeMs: 20 } });

  test('does for a file that is saved once', () => {
    const hints = shortly();
    hints.add(a, 0);
    hints.add(a, 20);
    expect([hints.restedShortly(169), hints.restedShortly(170)]).toEqual([[], [a]]);
    hints.judge(a, 'enough', 170);
    expect(hints.takeDue(170)).toEqual([a]);
  });

  test('does not for what was judged to need more, nor for what was taken just now', () => {
    const hints = shortly();
    hints.add(a, 0);
    hints.judge(a, 'more', 150);
    expect([hints.restedShortly(1999), hints.takeDue(1999), hints.takeDue(2000)]).toEqual([[], [], [a]]);
    hints.add(a, 3000);
    expect([hints.restedShortly(4999), hints.takeDue(4999), hints.takeDue(5000)]).toEqual([[], [], [a]]);
    hints.add(a, 7000);
    expect(hints.restedShortly(7150)).toEqual([a]);
  });

  test('is not over where the file was changed while it was judged', () => {
    const hints = shortly();
    hints.add(a, 0);
    hints.add(a, 160);
    hints.judge(a, 'enough', 170);
    expect([hints.takeDue(170), hints.restedShortly(309), hints.restedShortly(310)]).toEqual([[], [], [a]]);
  });

  test('is shorter where the writer is done, unless somebody goes on writing', () => {
    const hints = shortly();
    hints.add(a, 0);
    expect([hints.add(a, 5, 'closed'), hints.restedShortly(24), hints.restedShortly(25)]).toEqual([true, [], [a]]);
    hints.judge(a, 'enough', 25);
    expect(hints.takeDue(25)).toEqual([a]);
    hints.add(b, 100, 'arrived');
    hints.add(b, 110);
    expect([hints.restedShortly(259), hints.restedShortly(260)]).toEqual([[], [b]]);
  });

  test('of what the writer is done with is asked for twice: an empty file may be filled in a moment', () => {
    const hints = shortly();
    hints.add(a, 0, 'arrived');
    hints.judge(a, 'more', 20);
    expect([hints.takeDue(20), hints.restedShortly(149), hints.restedShortly(150)]).toEqual([[], [], [a]]);
    hints.judge(a, 'more', 150);
    expect([hints.takeDue(1999), hints.takeDue(2000)]).toEqual([[], [a]]);
  });

  test('that nobody judges ends nothing sooner, and nothing later', () => {
    const hints = shortly();
    for (let nowMs = 0; nowMs < 30_000; nowMs += 100) {
      hints.add(a, nowMs);
      expect(hints.takeDue(nowMs)).toEqual([]);
    }
    expect(hints.takeDue(30_000)).toEqual([a]);
  });

  test('is for a few files at a time', () => {
    const hints = shortly();
    for (let at = 0; at < 40; at += 1) hints.add(`f${at}` as DiskPath, 0);
    for (const path of hints.restedShortly(150)) hints.judge(path, 'enough', 150);
    hints.takeDue(150);
    hints.add(a, 200);
    expect(hints.restedShortly(350)).toEqual([]);
  });

  test('makes a later hint the next one that is due, which is told once', () => {
    const hints = shortly();
    expect(hints.add(a, 0)).toBe(true);
    hints.judge(a, 'more', 150);
    expect(hints.nextDueMs()).toBe(2000);
    expect([hints.add(b, 300), hints.add(b, 310), hints.add('c' as DiskPath, 320)]).toEqual([true, false, false]);
  });
});

test('all that is kept is told, due or not, what was hinted at last for the first time first', () => {
  const hints = new HintBook({ restMs: 2000, patienceMs: 30_000 });
  hints.add(a, 0);
  hints.add(b, 1000);
  hints.add(a, 1500);
  expect(hints.paths()).toEqual([b, a]);
  expect(hints.takeDue(3000)).toEqual([b]);
  expect(hints.paths()).toEqual([a]);
});

describe('what was removed, and not moved away', () => {
  test('is a path of which nothing else was told since it was given out', () => {
    const hints = new HintBook({ restMs: 2000, patienceMs: 30_000 });
    const c = 'c' as DiskPath;
    hints.add(a, 0, 'removed');
    hints.add(b, 0);
    hints.add(b, 0, 'removed');
    hints.add(c, 0, 'removed');
    hints.add(c, 0);
    expect([...hints.removals()]).toEqual([a]);
    expect(hints.takeDue(2000)).toEqual([a, b, c]);
    expect(hints.removals().size).toBe(0);
    hints.add(b, 3000, 'removed');
    expect([...hints.removals()]).toEqual([b]);
  });

  test('is nothing where something was not told', () => {
    const hints = new HintBook({ restMs: 2000, patienceMs: 30_000 });
    hints.add(undefined, 0);
    hints.add(a, 0, 'removed');
    expect(hints.removals().size).toBe(0);
  });
});

describe('what waits', () => {
  test('is counted once, until it is taken, and only where it concerns somebody', () => {
    const hints = new HintBook({ restMs: 2000, patienceMs: 30_000 }, (path) => path !== b);
    hints.add(b, 0);
    expect([hints.waiting, hints.isEmpty]).toEqual([0, false]);
    hints.add(a, 1000);
    hints.add(a, 1500);
    expect(hints.waiting).toBe(1);
    expect(hints.takeDue(2000)).toEqual([b]);
    expect(hints.waiting).toBe(1);
    expect(hints.takeDue(3500)).toEqual([a]);
    expect(hints.waiting).toBe(0);
    hints.add(a, 4000);
    hints.add(undefined, 4000);
    expect(hints.waiting).toBe(1);
    expect(hints.takeAll(4000)).toBe('anywhere');
    hints.add(a, 5000);
    hints.add(b, 5000);
    expect(hints.takeAll(5000)).toEqual([a, b]);
    expect([hints.waiting, hints.isEmpty]).toEqual([0, true]);
  });
});
