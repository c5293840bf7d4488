import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { benchTable, median, type Row } from './bench-table.ts';
import { measure } from './measured-run.ts';

const cost = (seconds: number): Row['costs'][number] => ({ seconds, cpuSeconds: seconds / 2, peakBytes: 5_000_000 });

describe('the table of a benchmark', () => {
  test('tells medians, and the others as multiples of Cachette at the same task', () => {
    const table = benchTable([
      { task: 'up', who: 'Cachette', costs: [cost(4), cost(2), cost(90)], storedBytes: [2_200] },
      { task: 'up', who: 'another', costs: [cost(6)] },
      { task: 'down', who: 'another', costs: [cost(1)] },
    ]);
    expect(table.split('\n').slice(2)).toEqual([
      '| up | Cachette | 4.00 |  | 2.00 | 5 | 2.2 KB |',
      '| up | another | 6.00 | 1.50 × | 3.00 | 5 |  |',
      '| down | another | 1.00 |  | 0.50 | 5 |  |',
    ]);
  });

  test('takes the lower middle of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2);
  });
});

describe.skipIf(!existsSync('/usr/bin/time'))('a measured run', () => {
  const folder = (): string => {
    const made = mkdtempSync(path.join(tmpdir(), 'cachette-test-'));
    onTestFinished(() => rmSync(made, { recursive: true, force: true }));
    return path.join(made, 'time');
  };

  test('is counted by the system, whatever the command prints', () => {
    const { seconds, cpuSeconds, peakBytes } = measure({ program: 'sh', args: ['-c', 'echo 9 9 9 9; echo 8 8 8 8 >&2'] }, folder());
    expect([seconds < 9, cpuSeconds < 9, peakBytes > 100_000]).toEqual([true, true, true]);
  });

  test('that fails is no figure', () => {
    expect(() => measure({ program: 'sh', args: ['-c', 'exit 3'] }, folder())).toThrow('ended with 3');
  });
});
