import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nodeCalls } from '../../src/disk/calls/node-calls.ts';
import { observeEntry } from '../../src/disk/observe.ts';

const [fat, exfat, ext4] = [0x4d44, 0x2011bab0, 0xef53];

/** Birth times as the calls tell them, of what stands in a folder that holds a file, a folder and a link. */
function birthTimes(typeOf: () => number): bigint[] {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-inodes-'));
  onTestFinished(() => fs.rmSync(root, { recursive: true }));
  fs.writeFileSync(path.join(root, 'file'), 'text');
  fs.mkdirSync(path.join(root, 'folder'));
  fs.symlinkSync('nowhere', path.join(root, 'link'));
  const calls = nodeCalls(root, { typeOf });
  const top = calls.openTop();
  const file = calls.openFile({ folder: top, name: 'file' }, 'read');
  const stats = [
    calls.statFolder(top),
    calls.statFile(file),
    ...['link', 'file', 'folder'].map((name) => calls.lstat({ folder: top, name })),
  ];
  expect(observeEntry(calls, { folder: top, name: 'file' })?.identity === '').toBe(stats[1]?.birthNs === 0n);
  calls.closeFile(file);
  calls.closeFolder(top);
  return stats.map((stat) => stat?.birthNs ?? -1n);
}

describe.skipIf(process.platform !== 'linux')('where inode numbers are made up anew', () => {
  test.each([fat, exfat])('items have no identity (file system %i)', (type) => {
    expect(birthTimes(() => type)).toEqual([0n, 0n, 0n, 0n, 0n]);
  });

  test('they have one elsewhere; the system is asked once, and again where it could not tell', () => {
    const answers = [new Error('gone'), ext4, fat];
    let asked = 0;
    const times = birthTimes(() => {
      const answer = answers[asked] ?? fat;
      asked += 1;
      if (typeof answer === 'number') return answer;
      throw answer;
    });
    expect(asked).toBe(2);
    expect(times[0]).toBe(0n);
    expect(times.slice(1).every((time) => time > 0n)).toBe(true);
  });
});
