/** What `status` says where something is left: what it is, and what a person can do about it. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { SyncIndex } from '../../src/index/sync-index.ts';
import { DeviceRig } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));

test('a synced folder that is not there any more is named as the reason, until it is back', async () => {
  const rig = await DeviceRig.withDevices('ann');
  fs.renameSync(rig.at('ann'), rig.at('elsewhere'));
  expect((await rig.on('ann', ['sync'])).exitCode).toBe(1);
  expect(await rig.json('ann', ['status'])).toMatchObject({ state: 'pending', why: { code: 'E_FOLDER_MISSING' } });
  expect((await rig.must('ann', ['status'])).stdout).toMatch(/^pending: the last sync stopped with E_FOLDER_MISSING: .*relink/);
  fs.renameSync(rig.at('elsewhere'), rig.at('ann'));
  await rig.sync('ann');
  const status = await rig.json('ann', ['status']);
  expect(status).toMatchObject({ state: 'synced' });
  expect(status).not.toHaveProperty('why');
});

test('where only problems are left, it is those that are pointed to', async () => {
  const rig = await DeviceRig.withDevices('ann');
  const index = SyncIndex.open(path.join(rig.profile('ann'), 'index.sqlite'));
  index.problems.replace({ path: 'b.txt', code: 'E_UNREADABLE', message: 'it can not be read', action: 'do', node: undefined, sinceMs: 1 });
  index.close();
  expect(await rig.json('ann', ['status'])).toMatchObject({ state: 'pending', problems: 1 });
  expect((await rig.must('ann', ['status'])).stdout).toMatch(/^pending: .*`cachette problems`/);
});
