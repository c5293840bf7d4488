import fs from 'node:fs';
import { expect, test, vi } from 'vitest';
import { DeviceRig, HastyClock } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));

/** A day later, and fast. */
class TomorrowsClock extends HastyClock {
  override nowMs(): number {
    return super.nowMs() + 24 * 60 * 60 * 1000;
  }
}

test('A31: an agent that rests looks after the store, and tells what was lost', async () => {
  const rig = await DeviceRig.withDevices('alice');
  await rig.sync('alice');
  for (const name of rig.objects('packs/')) fs.rmSync(rig.at('store', name));
  const agent = rig.start('alice', ['sync', '--watch', '--json'], { clock: new TomorrowsClock(1000) });
  const missing = { code: 'E_MISSING', path: 'a.txt' };
  await expect.poll(() => rig.json('alice', ['problems'])).toMatchObject([missing]);
  await expect.poll(() => rig.json('alice', ['status'])).toMatchObject({ state: 'refused' });
  expect(rig.files('alice')).toEqual(['a.txt']);
  expect(await rig.json('alice', ['verify', '--repair'])).toMatchObject({ damaged: [] });
  expect(await rig.json('alice', ['problems'])).toEqual([]);
  agent.interrupt();
  expect(await agent.ended).toMatchObject({ exitCode: 0 });
});
