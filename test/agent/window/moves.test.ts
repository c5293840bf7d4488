/** The folder and the storage elsewhere, a profile of its own, the ways in, and the vault held against its journal: as a settings window does them. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { VerifyState } from '../../../src/control/acts/verify-acts.ts';
import { DeviceRig } from '../device-rig.ts';
import { WindowRig } from './window-rig.ts';

vi.mock('../../../src/agent/threads/threaded-workshop.ts', () => import('../../attack/inline-workshop.ts'));
vi.mock('../../../src/agent/keys/key-tools.ts', () => import('../quick-key-tools.ts'));

async function start(...others: readonly string[]): Promise<{ readonly rig: DeviceRig; readonly ann: WindowRig }> {
  const rig = await DeviceRig.withDevices('ann', ...others);
  const ann = await WindowRig.start(rig, 'ann');
  await ann.settle();
  return { rig, ann };
}

describe('the folder', () => {
  test('that was moved is gone on with, while the agent runs; no other is', async () => {
    const { rig, ann } = await start('bob');
    fs.mkdirSync(rig.at('elsewhere'));
    fs.renameSync(rig.at('ann'), rig.at('elsewhere', 'ann'));
    await expect(ann.settle()).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    for (const folder of [rig.at('bob'), rig.at('elsewhere'), rig.at('nowhere')])
      await expect(ann.ask('relink-folder', { folder })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });

    expect(await ann.ask('relink-folder', { folder: rig.at('elsewhere', 'ann') })).toEqual({
      folder: fs.realpathSync(rig.at('elsewhere', 'ann')),
    });
    expect(await ann.ask('overview', {})).toMatchObject({ is: 'linked', folder: fs.realpathSync(rig.at('elsewhere', 'ann')) });
    fs.writeFileSync(rig.at('elsewhere', 'ann', 'b.txt'), 'two');
    await ann.settle();
    await rig.sync('bob');
    expect(rig.files('bob')).toEqual(['a.txt', 'b.txt']);
  });
});

describe('the storage', () => {
  test('at another address is gone on with where it is this vault, as new as was seen', async () => {
    const { rig, ann } = await start();
    const relink = (dir: string): Promise<unknown> => ann.ask('relink-store', { store: { url: `file://${rig.at(dir)}` } });
    fs.cpSync(rig.at('store'), rig.at('old-copy'), { recursive: true });
    await ann.ask('change-passphrase', { passphrase: 'gravel teapot orbit lantern mosaic fjord' });
    await ann.settle();
    fs.cpSync(rig.at('store'), rig.at('moved'), { recursive: true });
    fs.mkdirSync(rig.at('empty'));
    await expect(relink('old-copy')).rejects.toMatchObject({ code: expect.stringMatching(/^E_(?:ROLLBACK|MISSING)$/) as string });
    await expect(relink('empty')).rejects.toMatchObject({ code: 'E_STORE_EMPTY' });
    await ann.settle();
    expect(await ann.ask('overview', {})).toMatchObject({ is: 'linked', store: expect.stringContaining('store') as string });

    await relink('moved');
    fs.renameSync(rig.at('store'), rig.at('gone'));
    rig.write('ann', 'b.txt', 'two');
    await ann.settle();
    expect(await ann.ask('overview', {})).toMatchObject({ store: expect.stringContaining('moved') as string, files: 2 });
  });
});

describe('this device', () => {
  test('becomes one of its own after its profile was copied, and goes on', async () => {
    const rig = await DeviceRig.withDevices('ann');
    fs.cpSync(rig.profile('ann'), rig.at('backup'), { recursive: true });
    rig.write('ann', 'b.txt', 'two');
    await rig.sync('ann');
    fs.rmSync(rig.profile('ann'), { recursive: true });
    fs.renameSync(rig.at('backup'), rig.profile('ann'));
    const ann = await WindowRig.start(rig, 'ann');
    await expect.poll(() => ann.ask('overview', {})).toMatchObject({ is: 'stopped', why: { code: 'E_CLONED_DEVICE' } });

    const { name } = await ann.ask('renew-device', {});
    expect(name).not.toBe('ann');
    await ann.settle();
    expect(await ann.ask('overview', {})).toMatchObject({ is: 'linked', device: name, files: 2, conflicts: 0 });
    const { rows } = await ann.ask('list-devices', {});
    expect(rows.map((row) => [row.name, row.this])).toEqual([
      ['ann', false],
      [name, true],
    ]);
  });
});

describe('the ways in', () => {
  test('are told, and a passphrase that is taken away is none', async () => {
    const { ann } = await start();
    expect(await ann.ask('read-ways-in', {})).toEqual({ passphrase: false, recoveryKey: true });
    await ann.ask('change-passphrase', { passphrase: 'gravel teapot orbit lantern mosaic fjord' });
    expect(await ann.ask('read-ways-in', {})).toEqual({ passphrase: true, recoveryKey: true });
    await ann.ask('change-passphrase', { passphrase: null });
    expect(await ann.ask('read-ways-in', {})).toEqual({ passphrase: false, recoveryKey: true });
  });
});

describe('the vault', () => {
  async function verified(ann: WindowRig, wish: { readsData: boolean; repairs: boolean }): Promise<VerifyState> {
    await ann.ask('begin-verify', wish);
    await expect.poll(async () => (await ann.ask('read-verify', {})).is).not.toBe('running');
    return ann.ask('read-verify', {});
  }

  test('is held against its journal; what is lost is told, and brought back from the folder', async () => {
    const { rig, ann } = await start();
    expect(await ann.ask('read-verify', {})).toEqual({ is: 'none' });
    expect(await verified(ann, { readsData: true, repairs: false })).toMatchObject({ is: 'done', packs: 1, damaged: 0, files: 0 });
    await expect.poll(() => ann.heard.map(({ event }) => event)).toContain('verify');

    const [pack = ''] = rig.objects('packs/');
    fs.rmSync(path.join(rig.at('store'), pack));
    expect(await verified(ann, { readsData: false, repairs: false })).toMatchObject({
      is: 'done',
      damaged: 1,
      files: 1,
      firstFiles: ['a.txt'],
    });
    expect(await verified(ann, { readsData: true, repairs: true })).toMatchObject({ is: 'done', repairs: true, damaged: 0, files: 0 });
    await rig.join('bob');
    await rig.sync('bob');
    expect(rig.files('bob')).toEqual(['a.txt']);
  });

  test('is verified once at a time, and no longer than is wanted', async () => {
    const { rig, ann } = await start();
    const [entry = ''] = rig.objects('journal/');
    // What is not there is asked for again for a while: time to stop.
    fs.renameSync(path.join(rig.at('store'), entry), rig.at('aside'));
    await ann.ask('begin-verify', { readsData: true, repairs: false });
    await expect(ann.ask('begin-verify', { readsData: true, repairs: false })).rejects.toMatchObject({ code: 'E_BUSY' });
    await ann.ask('stop-verify', {});
    await expect.poll(() => ann.ask('read-verify', {})).toEqual({ is: 'none' });
    fs.renameSync(rig.at('aside'), path.join(rig.at('store'), entry));
    expect(await verified(ann, { readsData: false, repairs: false })).toMatchObject({ is: 'done', damaged: 0 });
  });
});
