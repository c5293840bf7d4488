import { describe, expect, test } from 'vitest';
import { planCheckpoint, usualWorth, type CheckpointQuestion } from '../../../src/vault/journal/checkpoint/checkpoint-policy.ts';

/** One entry for each Lamport number up to 2000, a kilobyte each. */
function ask(changes: Partial<CheckpointQuestion>): number | undefined {
  return planCheckpoint({
    last: { reach: 0, lamport: 0 },
    heads: [2000, 1990],
    skips: [],
    worth: usualWorth,
    sizeAfter: (lamport) => ({ entries: 2000 - lamport, bodyBytes: (2000 - lamport) * 1024 }),
    ...changes,
  });
}

describe('a checkpoint', () => {
  test('reaches to the last word of the slowest device that is waited for', () => {
    expect(ask({})).toBe(1990);
    expect(ask({ heads: [2000, 600, 1990] })).toBe(600);
  });

  test('is not worth it before so many entries, or so many bytes', () => {
    expect(ask({ heads: [511] })).toBeUndefined();
    expect(ask({ heads: [512] })).toBe(512);
    const large = (lamport: number): { entries: number; bodyBytes: number } => ({
      entries: 20 - lamport,
      bodyBytes: (20 - lamport) * 4 * 1024 * 1024,
    });
    expect(ask({ heads: [7], sizeAfter: large })).toBeUndefined();
    expect(ask({ heads: [8], sizeAfter: large })).toBe(8);
  });

  test('counts from the last one', () => {
    expect(ask({ last: { reach: 1500, lamport: 1510 } })).toBeUndefined();
    expect(ask({ last: { reach: 1400, lamport: 1510 } })).toBe(1990);
  });

  test('reaches at least the entry that made the last one, so that it knows of it', () => {
    expect(ask({ last: { reach: 100, lamport: 1991 } })).toBeUndefined();
    expect(ask({ last: { reach: 100, lamport: 1990 } })).toBe(1990);
  });

  test('never stands between an entry and the one that skips it', () => {
    expect(ask({ skips: [{ by: 1995, skipped: 1800 }] })).toBe(1799);
    expect(ask({ skips: [{ by: 1985, skipped: 1800 }] })).toBe(1990);
    expect(
      ask({
        skips: [
          { by: 1995, skipped: 1800 },
          { by: 1850, skipped: 1700 },
        ],
      }),
    ).toBe(1699);
  });

  test('waits where a device is only known from below the floor, or nobody is there', () => {
    expect(ask({ heads: [2000, undefined] })).toBeUndefined();
    expect(ask({ heads: [] })).toBeUndefined();
  });
});
