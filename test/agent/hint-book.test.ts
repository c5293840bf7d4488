import { describe, expect, test } from 'vitest';
import { HintBook } from '../../src/agent/hint-book.ts';
import type { DiskPath } from '../../src/disk/disk.ts';

const a = 'a' as DiskPath;
const b = 'folder/b' as DiskPath;

describe('hints where to look', () => {
  test('are given out once, when their path has rested', () => {
    const hints = new HintBook(2000, 30_000);
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
    const hints = new HintBook(2000, 30_000);
    const given: number[] = [];
    for (let nowMs = 0; nowMs <= 100_000; nowMs += 500) {
      hints.add(a, nowMs);
      const due = hints.takeDue(nowMs);
      if (due.length > 0) given.push(nowMs);
    }
    expect(given).toEqual([30_000, 60_500, 91_000]);
  });

  test('that are too many mean "anywhere", and take no room', () => {
    const hints = new HintBook(0, 30_000);
    for (let at = 0; at < 30_000; at += 1) hints.add(`f${at}` as DiskPath, at / 1000);
    expect(hints.takeDue(1000)).toBe('anywhere');
    expect(hints.isEmpty).toBe(true);
  });

  test('of nowhere in particular rest, too', () => {
    const hints = new HintBook(2000, 30_000);
    hints.add(a, 0);
    hints.add(undefined, 500);
    expect(hints.takeDue(2499)).toEqual([]);
    expect(hints.takeDue(2500)).toBe('anywhere');
    expect(hints.takeDue(100_000)).toEqual([]);
  });
});
