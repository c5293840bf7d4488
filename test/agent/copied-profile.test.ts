/** A profile that was copied on one computer: both copies know the folder, and only one may work in it. */
import fs from 'node:fs';
import { expect, test, vi } from 'vitest';
import { acquireOwnerLock } from '../../src/index/file/owner-lock.ts';
import { DeviceRig } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));
vi.mock('../../src/agent/keys/key-tools.ts', () => import('./quick-key-tools.ts'));

async function withCopy(): Promise<DeviceRig> {
  const rig = await DeviceRig.withDevices('alice', 'bob');
  fs.cpSync(rig.profile('alice'), rig.profile('copy'), { recursive: true });
  rig.write('alice', 'new.txt', 'since then');
  return rig;
}

const refused = { exitCode: 1, stderr: expect.stringContaining('cachette: E_FOLDER_MISSING: ') as string };

test('the copy is refused the folder, as long as the profile that linked it is there', async () => {
  const rig = await withCopy();
  const outcome = await rig.on('copy', ['sync']);
  expect(outcome).toMatchObject({ exitCode: 5, stderr: expect.stringMatching(/^E_CLONED_DEVICE: /) as string });
  expect(outcome.stderr).toContain(rig.profile('alice'));
  expect(outcome.stderr).toContain('cachette devices renew');
  fs.rmSync(rig.profile('alice'), { recursive: true });
  rig.write('alice', 'more.txt', 'by the copy');
  await rig.sync('copy', 'bob');
  expect(rig.files('bob')).toEqual(rig.files('alice'));
});

test('a copy that becomes a device of its own takes the folder from the other one', async () => {
  const rig = await withCopy();
  // What it advises is a whole command.
  expect(await rig.on('copy', ['devices', 'renew'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('`cachette devices revoke NAME`') as string,
  });
  await rig.sync('copy', 'bob');
  expect(rig.files('bob')).toContain('new.txt');
  expect(await rig.on('alice', ['sync'])).toMatchObject(refused);
  await rig.sync('copy');
});

test('but not while that one is at work', async () => {
  const rig = await withCopy();
  const lock = acquireOwnerLock(`${rig.profile('alice')}/owner.lock`);
  const devices = await rig.json<unknown[]>('bob', ['devices']);
  expect(await rig.on('copy', ['devices', 'renew'])).toMatchObject({ stderr: expect.stringContaining('E_BUSY: ') as string });
  expect(await rig.json('bob', ['devices'])).toHaveLength(devices.length);
  lock.release();
});

test('the one that linked the folder keeps it from all copies where it becomes another device', async () => {
  const rig = await withCopy();
  await rig.must('alice', ['devices', 'renew']);
  await rig.sync('alice', 'bob');
  expect(await rig.on('copy', ['sync'])).toMatchObject(refused);
  expect(await rig.on('copy', ['devices', 'renew'])).toMatchObject({ exitCode: 0 });
  // It is a device by now, without a folder.
  expect(await rig.on('copy', ['sync'])).toMatchObject(refused);
  await rig.sync('alice', 'bob');
});

test('what stopped between the folder and the profile is made good by doing it again', async () => {
  const rig = await withCopy();
  const before = fs.readFileSync(`${rig.profile('alice')}/settings.json`);
  await rig.must('alice', ['devices', 'renew']);
  const { mark } = JSON.parse(before.toString()) as { readonly mark: string };
  const settings = JSON.parse(fs.readFileSync(`${rig.profile('alice')}/settings.json`, 'utf8')) as object;
  fs.writeFileSync(`${rig.profile('alice')}/settings.json`, JSON.stringify({ ...settings, mark }));
  expect(await rig.on('alice', ['sync'])).toMatchObject(refused);
  await rig.must('alice', ['devices', 'renew']);
  await rig.sync('alice', 'bob');
  expect(rig.files('bob')).toEqual(rig.files('alice'));
});

test('a profile that is reached by another way is the same', async () => {
  const rig = await withCopy();
  fs.symlinkSync(rig.profile('alice'), rig.profile('link'));
  await rig.sync('link', 'bob');
  fs.rmSync(rig.profile('copy'), { recursive: true });
  fs.rmSync(rig.profile('link'));
  fs.renameSync(rig.profile('alice'), rig.profile('moved'));
  await rig.sync('moved');
  expect(rig.files('bob')).toEqual(rig.files('alice'));
});
