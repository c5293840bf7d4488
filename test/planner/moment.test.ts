import { describe, expect, test } from 'vitest';
import { entryName, type DeviceId, type EntryHash } from '../../src/model/ids.ts';
import type { PastEntry, PastReader } from '../../src/model/past.ts';
import { findMoment } from '../../src/planner/moment.ts';

/** A journal of entries with these times, one after the other; the Lamport number of the last one that a time includes, 0 for none. */
function lastBy(times: readonly number[], timeMs: number): number {
  const entries = times.map((at, index): PastEntry => {
    const name = entryName(index + 1, '0'.repeat(16));
    return { name, lamport: index + 1, hash: 'a'.repeat(64) as EntryHash, device: 'd' as DeviceId, timeMs: at };
  });
  const none = (): never => {
    throw new Error('not needed');
  };
  const past: PastReader = {
    current: { find: none, childNamed: none, hasChildren: none, childrenOf: none },
    findEntry: none,
    entriesAfter: (after, limit) => entries.filter(({ lamport }) => lamport > (after?.lamport ?? 0)).slice(0, limit),
    findEnded: none,
    statesOf: none,
    statesAt: none,
    statesIn: none,
    removed: none,
  };
  return findMoment(past, timeMs)?.lamport ?? 0;
}

describe('the moment that a time is', () => {
  test('stands behind the last entry that is not later', () => {
    const times = [10, 20, 30];
    expect([9, 10, 19, 20, 30, 99].map((time) => lastBy(times, time))).toEqual([0, 1, 1, 2, 3, 3]);
    expect(lastBy([], 5)).toBe(0);
  });

  test('is not moved by a clock that is far ahead, or far behind', () => {
    expect(lastBy([10, 20, 9_000_000, 30, 31, 40], 35)).toBe(5);
    expect(lastBy([10, 20, 0, 30, 40], 5)).toBe(0);
    expect(lastBy([10, 20, 30, 0, 40], 25)).toBe(2);
  });

  test('is the earlier one where two contradict as many clocks', () => {
    expect(lastBy([10, 30, 20], 25)).toBe(1);
  });

  test('is found in a journal of many pages', () => {
    const times = Array.from({ length: 5_000 }, (_, at) => at * 10);
    expect(lastBy(times, 31_415)).toBe(3_142);
  });
});
