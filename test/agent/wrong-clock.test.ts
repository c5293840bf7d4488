/** A computer whose clock is wrong for a while. */
import fs from 'node:fs';
import { expect, test, vi } from 'vitest';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { lookAtClock } from '../../src/agent/folder/trash-age.ts';
import { DeviceRig } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));

const dayMs = 24 * 60 * 60 * 1000;

function ahead(days: number): Clock {
  return {
    nowMs: () => systemClock.nowMs() + days * dayMs,
    monotonicMs: () => systemClock.monotonicMs(),
    sleep: (delayMs, signal) => systemClock.sleep(delayMs, signal),
  };
}

function trashOf(rig: DeviceRig, device: string): string[] {
  const trash = rig.at(device, '.cachette', 'trash');
  return fs.existsSync(trash) ? fs.readdirSync(trash, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('a.txt')) : [];
}

async function withTrash(): Promise<DeviceRig> {
  const rig = await DeviceRig.withDevices('alice', 'bob');
  rig.write('alice', 'a.txt', 'another');
  await rig.sync('alice', 'bob');
  expect(trashOf(rig, 'bob')).toHaveLength(1);
  return rig;
}

test('what lies in the trash goes after thirty days', async () => {
  const rig = await withTrash();
  for (const days of [6, 12, 18, 24, 29]) await rig.must('bob', ['sync'], { clock: ahead(days) });
  expect(trashOf(rig, 'bob')).toHaveLength(1);
  await rig.must('bob', ['sync'], { clock: ahead(31) });
  expect(trashOf(rig, 'bob')).toEqual([]);
});

test('but not because the clock is far ahead, or far behind and then right again', async () => {
  const rig = await withTrash();
  for (const days of [20_000, 20_001, 0, -20_000, 0, 1]) {
    await rig.must('bob', ['sync'], { clock: ahead(days) });
    expect(trashOf(rig, 'bob')).toHaveLength(1);
  }
});

test('ages count from when the clock last went on evenly', () => {
  const first = lookAtClock(undefined, 1000 * dayMs);
  expect(first).toEqual({ lastMs: 1000 * dayMs, sinceMs: 1000 * dayMs });
  expect(lookAtClock(first, 1005 * dayMs)).toEqual({ lastMs: 1005 * dayMs, sinceMs: 1000 * dayMs });
  // Set right by some minutes.
  expect(lookAtClock(first, 1000 * dayMs - 60_000)).toEqual({ lastMs: 1000 * dayMs - 60_000, sinceMs: 1000 * dayMs - 60_000 });
  for (const nowMs of [0, 900 * dayMs, 1008 * dayMs, 9000 * dayMs])
    expect(lookAtClock(first, nowMs)).toEqual({ lastMs: nowMs, sinceMs: nowMs });
});

test('a device that spoke while its clock was ahead tells that it is there as soon as the clock is right', async () => {
  const rig = await DeviceRig.withDevices('alice', 'bob');
  rig.write('bob', 'b.txt', 'from the future');
  await rig.must('bob', ['sync'], { clock: ahead(400) });
  const before = rig.objects('journal').length;
  await rig.must('bob', ['sync'], { clock: ahead(2) });
  expect(rig.objects('journal')).toHaveLength(before + 1);
  await rig.must('bob', ['sync'], { clock: ahead(2) });
  expect(rig.objects('journal')).toHaveLength(before + 1);
});
