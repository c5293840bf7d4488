import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../servers/server-process.ts';
import { Background } from './background.ts';
import { benchTable, median, type Row } from './bench-table.ts';
import { latencyTable } from './live-latency.ts';
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

  test('says what its second column tells apart', () => {
    const rows = [{ task: 'up', who: '1,000 small files', costs: [cost(1)] }];
    expect([benchTable(rows), benchTable(rows, 'tree')].map((table) => table.slice(0, 15))).toEqual(['| task | who | ', '| task | tree |']);
  });

  test('takes the lower middle of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2);
  });
});

test('the table of latencies: the middle, the ends, and how many', () => {
  const table = latencyTable(
    new Map([
      ['Cachette', [200, 100, 2_600.4]],
      ['another', [900, 1_000, 1_100]],
    ]),
  );
  expect(table.split('\n').slice(2)).toEqual([
    '| Cachette | 200 ms |  | 100 ms | 2600 ms | 3 |',
    '| another | 1000 ms | 5.00 × | 900 ms | 1100 ms | 3 |',
  ]);
});

test('a slow link gives on every byte, in both directions, and the end', async () => {
  const [port, targetPort] = [await freePort(), await freePort()];
  const echo = net.createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)).listen(targetPort, '127.0.0.1');
  const args = [path.join(import.meta.dirname, 'slow-link.ts'), ...[port, targetPort, 20, 100].map(String)];
  const link = await Background.start({ program: process.execPath, args }, path.join(temporary(), 'log'), port);
  onTestFinished(async () => {
    await link.stop();
    echo.close();
  });
  const sent = Buffer.alloc(600_000, 'some text that is longer than a piece ');
  const socket = net.connect(port, '127.0.0.1');
  socket.end(sent);
  expect((await buffer(socket)).equals(sent)).toBe(true);
});

function temporary(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'cachette-test-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe.skipIf(!existsSync('/usr/bin/time'))('a measured run', () => {
  const folder = (): string => path.join(temporary(), 'time');

  test('is counted by the system, whatever the command prints', () => {
    const { seconds, cpuSeconds, peakBytes } = measure({ program: 'sh', args: ['-c', 'echo 9 9 9 9; echo 8 8 8 8 >&2'] }, folder());
    expect([seconds < 9, cpuSeconds < 9, peakBytes > 100_000]).toEqual([true, true, true]);
  });

  test('that fails is no figure', () => {
    expect(() => measure({ program: 'sh', args: ['-c', 'exit 3'] }, folder())).toThrow('ended with 3');
  });
});
