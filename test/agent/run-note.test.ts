import { expect, test } from 'vitest';
import { isRunning, noteRunning, readRunNote } from '../../src/agent/profile/run-note.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';

test('a run counts as under way as long as its process lives, not one that has its number since', () => {
  const index = SyncIndex.open(':memory:');
  noteRunning(index, { syncedMs: 5 });
  const note = readRunNote(index);
  expect([isRunning(note), note.syncedMs]).toEqual([true, 5]);
  expect(isRunning({ ...note, runningSince: 'another time' })).toBe(false);
  // A system that does not tell, and notes of before.
  expect(isRunning({ runningPid: process.pid })).toBe(true);
  expect(isRunning({ runningPid: 2 ** 30 })).toBe(false);
});
