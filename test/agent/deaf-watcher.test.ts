/** A watcher that tells of nothing: the system may forget whole folders, and what it does not tell happened all the same. */
import { expect, test, vi } from 'vitest';
import { DeviceRig, HastyClock } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));
vi.mock('../../src/disk/watch/watch-folder.ts', () => ({
  watchFolder: () => ({ ready: Promise.resolve(), isPartial: false, close: () => undefined }),
}));

test('an agent whose watcher hears nothing finds what changed when it looks at everything again', async () => {
  const rig = await DeviceRig.withDevices('alice');
  await rig.must('alice', ['config', 'set', 'rescan.minutes', '1']);
  const agent = rig.start('alice', ['sync', '--watch', '--json'], { clock: new HastyClock(60) });
  await expect.poll(async () => (await agent.firstLine) && rig.json('alice', ['status'])).toMatchObject({ state: 'synced' });
  const before = rig.objects('packs').length;
  rig.write('alice', 'b.txt', 'heard of by nobody');
  await expect.poll(() => rig.objects('packs').length).toBeGreaterThan(before);
  agent.interrupt();
  expect((await agent.ended).exitCode).toBe(0);
});
