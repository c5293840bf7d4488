import { expect, test } from 'vitest';
import type { FileToFinish } from '../../src/disk/disk.ts';
import { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import { nativePersonality } from '../world/fake-disk/personality.ts';
import { SeededRandom } from '../world/seeded-random.ts';
import { VirtualClock } from '../world/virtual-clock.ts';

const meta = { mtimeUs: 1_600_000_000_000_000, executable: false, fromOutside: false };

/** More than one call takes, of each way to finish files. */
const count = 600;

test.each([
  ['makeFiles', 'syncFile', 10],
  ['finishFiles', 'syncFile', 100_000],
] as const)('one %s that fails as a whole is told when nobody works on a file any more', async (verb, last, sizeBytes) => {
  const fake = new FakeDisk({ clock: new VirtualClock(), random: new SeededRandom(1), personality: nativePersonality });
  const disk = await fake.open();
  const files: FileToFinish[] = [];
  for (let number = 0; number < count; number += 1) {
    const staged = await disk.stage(sizeBytes);
    await staged.write(new Uint8Array(sizeBytes), 0);
    files.push({ staged, meta });
  }
  let calls = 0;
  let isOver = false;
  const late: string[] = [];
  fake.onCall = (call) => {
    if (call.verb === last && isOver) late.push(call.path);
    if (call.verb !== verb) return undefined;
    calls += 1;
    return calls === 2 ? 'EAGAIN' : undefined;
  };
  // The others take their time.
  fake.pause = async ({ verb: about }) => {
    if (about !== verb) await new Promise(setImmediate);
  };
  await expect(disk.finishAll(files)).rejects.toMatchObject({ code: 'E_DISK' });
  isOver = true;
  await Promise.all(files.map(({ staged }) => staged.discard()));
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
  expect(calls).toBeGreaterThan(2);
  expect(late).toEqual([]);
  expect(fake.openCount).toBe(0);
  expect(fake.user.texts('.cachette/staged')).toEqual({});
});

test('what one of many has against it is told of that one, and leaves nothing half-made', async () => {
  const fake = new FakeDisk({ clock: new VirtualClock(), random: new SeededRandom(1), personality: nativePersonality });
  const disk = await fake.open();
  const files: FileToFinish[] = [];
  for (let number = 0; number < 5; number += 1) {
    const staged = await disk.stage(10);
    await staged.write(Buffer.from(`text ${number}`), 0);
    files.push({ staged, meta });
  }
  let flushed = 0;
  fake.onCall = ({ verb }) => {
    if (verb !== 'syncFile') return undefined;
    flushed += 1;
    return flushed === 3 ? 'EIO' : undefined;
  };
  const ends = await disk.finishAll(files);
  fake.onCall = () => undefined;
  expect(ends.map((end) => (typeof end === 'string' ? 'made' : end.code))).toEqual(['made', 'made', 'E_DISK', 'made', 'made']);
  expect(Object.values(fake.user.texts('.cachette/staged')).toSorted()).toEqual(['text 0', 'text 1', 'text 3', 'text 4']);
  for (const { staged } of files) await staged.discard();
  expect(fake.user.texts('.cachette/staged')).toEqual({});
});
