/** Settings that several windows and commands change at once, are damaged, or go with their profile. */
import fs from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { changeSettings, withSettings } from '../../src/agent/profile/change-settings.ts';
import { setSetting } from '../../src/agent/profile/configure.ts';
import { ProfileFolder } from '../../src/agent/profile/profile-folder.ts';
import { readSettings } from '../../src/agent/profile/settings.ts';
import { setPause } from '../../src/agent/profile/set-pause.ts';
import type { Pause } from '../../src/agent/profile/paused-setting.ts';
import { systemClock } from '../../src/base/clock.ts';
import { DeviceRig } from './device-rig.ts';
import { WindowRig } from './window/window-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));

test('changes made at once all hold', async () => {
  const rig = await DeviceRig.withDevices('ann');
  const folder = new ProfileFolder(rig.profile('ann'));
  const rename = changeSettings(folder, (now) => ({ ...now, device: { ...now.device, name: 'tower' } }));
  await Promise.all([
    rename,
    setSetting({ profileDir: folder.dir }, 'poll.seconds', '60'),
    setSetting({ profileDir: folder.dir }, 'ignore', '*.no'),
  ]);
  expect(await readSettings(folder)).toMatchObject({ device: { name: 'tower' }, config: { ignore: '*.no', 'poll.seconds': 60 } });
  expect(fs.readdirSync(folder.dir).filter((name) => name.includes('.new'))).toEqual([]);
});

test('a change that waited while the profile was given up does not bring it back', async () => {
  const rig = await DeviceRig.withDevices('ann');
  const folder = new ProfileFolder(rig.profile('ann'));
  let waited: Promise<unknown> = Promise.resolve();
  await withSettings(folder, async () => {
    waited = setSetting({ profileDir: folder.dir }, 'poll.seconds', '60').catch((error: unknown) => error);
    // As far as it comes without the lock.
    await systemClock.sleep(100);
    await folder.removeSettings();
  });
  expect(await waited).toMatchObject({ code: 'E_NO_PROFILE' });
  expect(await folder.exists()).toBe(false);
});

test('a pause holds also where the agent comes to work in the moment in which it is said', async () => {
  const rig = await DeviceRig.withDevices('ann');
  const told: (Pause | undefined)[] = [];
  const loops = [undefined, { setPause: (pause: Pause | undefined) => void told.push(pause) }];
  const host = {
    profileDir: rig.profile('ann'),
    env: {},
    platform: process.platform,
    clock: systemClock,
    signal: new AbortController().signal,
    askPassphrase: () => Promise.reject(new Error('not asked')),
    warn: () => {},
  };
  await setPause(host, () => loops.shift(), { untilMs: undefined });
  expect(told).toEqual([{ untilMs: undefined }]);
  expect(await rig.json('ann', ['status'])).toMatchObject({ state: 'paused' });
});

describe('damaged settings', () => {
  test('are shown, and the profile can be given up, with its keys', async () => {
    const rig = await DeviceRig.withDevices('ann');
    const profile = new ProfileFolder(rig.profile('ann'));
    fs.writeFileSync(profile.file('settings'), '{"format":1');
    const ann = await WindowRig.start(rig, 'ann');
    await expect
      .poll(() => ann.ask('overview', {}))
      .toMatchObject({ is: 'stopped', folder: '', why: { code: 'E_FAILED', message: expect.stringContaining('settings.json') as string } });
    await ann.ask('unlink', {});
    expect(await ann.ask('overview', {})).toEqual({ is: 'unlinked' });
    expect([profile.file('key'), profile.file('bundle')].filter((file) => fs.existsSync(file))).toEqual([]);
    expect(rig.files('ann')).toEqual(['a.txt']);
  });
});
