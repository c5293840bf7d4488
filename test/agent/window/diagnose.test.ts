/** What a person may send to a stranger: nothing of theirs is in it, wherever it was planted. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { DeviceRig } from '../device-rig.ts';
import { WindowRig } from './window-rig.ts';

vi.mock('../../../src/agent/threads/threaded-workshop.ts', () => import('../../attack/inline-workshop.ts'));
vi.mock('../../../src/agent/keys/key-tools.ts', () => import('../quick-key-tools.ts'));

/** Each stands where it would do most harm, and can be looked for. */
const canary = {
  device: 'canarydevice',
  file: 'canaryfile.txt',
  folder: 'canaryfolder',
  rule: 'canaryrule',
  proxy: 'canaryproxy.example',
  authority: 'canaryauthority',
  event: 'canaryevent',
  frame: 'canaryframe',
  key: 'canarykey',
  code: 'CANARYCODE',
  cause: 'canarycause',
};

async function planted(): Promise<{ readonly rig: DeviceRig; readonly window: WindowRig }> {
  const rig = await DeviceRig.withDevices(canary.device);
  rig.write(canary.device, canary.file, 'canarytext');
  fs.mkdirSync(rig.at(canary.device, canary.folder));
  await rig.must(canary.device, ['config', 'set', 'ignore', canary.rule]);
  await rig.must(canary.device, ['config', 'set', 'proxy', `http://${canary.proxy}:8080`]);
  const log = path.join(rig.profile(canary.device), 'log', 'cachette.log');
  const lines: readonly unknown[] = [
    { level: 30, time: '2026-01-02T03:04:05.678Z', event: canary.event, left: 1 },
    {
      level: 50,
      time: canary.event,
      event: 'pass failed',
      code: canary.code,
      frames: [`at ${canary.frame} (/home/${canary.folder}/x.js:1:2)`],
    },
    {
      level: 50,
      event: 'bug',
      code: 'E_DISK',
      frames: [`at open (/home/${canary.folder}/${canary.frame} x.js:1:2)`],
      message: canary.file,
    },
    {
      event: 'bug',
      [canary.key]: canary.key,
      codes: [canary.code],
      cause: { code: canary.code, message: canary.cause, frames: [canary.cause] },
    },
    canary.event,
    [canary.event],
  ];
  const cause = `{"event":"bug","cause":{"code":"ENOENT","path":"/${canary.cause}"}}`;
  fs.appendFileSync(log, `${lines.map((line) => JSON.stringify(line)).join('\n')}\nat ${canary.frame}\n${cause}\n`);
  const window = await WindowRig.start(rig, canary.device);
  await window.settle();
  return { rig, window };
}

describe('a diagnosis', () => {
  test('says how things are, and has nothing of the person in it', async () => {
    const { rig, window } = await planted();
    const { text } = await window.ask('diagnose', {});
    expect(text).toMatch(/^cachette \d/);
    for (const told of [
      'state synced',
      'vault 2 files',
      'bandwidth.up not set',
      'ignore set',
      'proxy set',
      '"synced"',
      '"pass failed"',
      'E_DISK',
      'ENOENT',
    ]) {
      expect(text).toContain(told);
    }
    const secrets = [
      ...Object.values(canary).filter((word) => word !== canary.frame),
      'canarytext',
      'canaryfile',
      rig.place,
      rig.recoveryKey,
      'file://',
      '/home',
      process.cwd(),
    ];
    expect(secrets.filter((word) => text.toLowerCase().includes(word.toLowerCase()))).toEqual([]);
    // Of a frame, the function's name and the file's stay; both are the program's.
    expect(text).toContain(`at ${canary.frame}(x.js:1:2)`);
  });

  test('is there also where there is nothing to tell, or nothing that can be read', async () => {
    const rig = await DeviceRig.open();
    const window = await WindowRig.start(rig, 'ann');
    expect((await window.ask('diagnose', {})).text).toContain('profile unlinked');
    expect((await window.ask('diagnose', {})).text).toContain('not readable: E_NO_PROFILE');
  });

  test('neither events nor the log repeat what was asked', async () => {
    const { rig, window } = await planted();
    const secret = 'canary battery staple horse';
    const log = path.join(rig.profile(canary.device), 'log', 'cachette.log');
    const before = fs.readFileSync(log, 'utf8').length;
    const outcomes = await Promise.allSettled([
      window.ask('unlock', { passphrase: secret }),
      window.ask('change-passphrase', { passphrase: 'canary' }),
      window.ask('recovery-sheet', { recoveryKey: secret }),
      window.ask('probe-store', { store: { url: `https://${canary.key}@127.0.0.1:1/canary` } }),
      window.ask('join', { store: { url: rig.store }, folder: rig.at('x'), passphrase: secret }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(4);
    await window.settle();
    const logged = fs.readFileSync(log, 'utf8').slice(before);
    expect(logged).toContain('synced');
    const heard = JSON.stringify(window.heard);
    expect([logged.includes('canary'), heard.includes('canary')]).toEqual([false, false]);
    expect(new Set(window.heard.flatMap((news) => Object.keys(news)))).toEqual(new Set(['event']));
  });
});
