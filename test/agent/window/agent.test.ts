/** The agent of a profile when things go wrong: a store that is away, a failure that a person has to see, an end in the middle. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readSettings, writeSettings } from '../../../src/agent/profile/settings.ts';
import { ProfileFolder } from '../../../src/agent/profile/profile-folder.ts';
import { DeviceRig } from '../device-rig.ts';
import { WindowRig } from './window-rig.ts';

vi.mock('../../../src/agent/threads/threaded-workshop.ts', () => import('../../attack/inline-workshop.ts'));
vi.mock('../../../src/agent/keys/key-tools.ts', () => import('../quick-key-tools.ts'));

describe('a store that is away', () => {
  test('when the agent starts: windows are answered from what is known, and it goes on by itself', async () => {
    const rig = await DeviceRig.withDevices('ann');
    fs.renameSync(rig.at('store'), rig.at('elsewhere'));
    const ann = await WindowRig.start(rig, 'ann');
    await expect
      .poll(() => ann.ask('overview', {}))
      .toMatchObject({ is: 'linked', state: 'offline', why: { code: 'E_STORE_UNREACHABLE' }, files: 1 });
    expect((await ann.ask('list-folders', { path: '', limit: 10 })).rows).toEqual([]);
    await expect(ann.ask('compare-code', {})).rejects.toMatchObject({ code: 'E_STORE_UNREACHABLE' });
    expect(await rig.on('ann', ['sync'])).toMatchObject({ exitCode: 4 });
    // What a person says meanwhile holds.
    await ann.ask('pause-for', {});
    fs.renameSync(rig.at('elsewhere'), rig.at('store'));
    await expect.poll(() => ann.ask('overview', {})).toMatchObject({ state: 'paused', store: expect.stringContaining('store') as string });
    await ann.ask('resume', {});
    await expect.poll(() => ann.ask('overview', {})).toMatchObject({ state: 'synced' });
  });
});

describe('a failure that a person has to see', () => {
  test('is shown, and the agent tries again when asked', async () => {
    const rig = await DeviceRig.withDevices('ann');
    const key = path.join(rig.profile('ann'), 'device.key');
    fs.renameSync(key, `${key}.kept`);
    const ann = await WindowRig.start(rig, 'ann');
    await expect
      .poll(() => ann.ask('overview', {}))
      .toMatchObject({
        is: 'stopped',
        device: 'ann',
        folder: rig.at('ann'),
        why: { code: 'E_LOCKED', message: expect.stringContaining('device.key') as string },
      });
    expect(await rig.on('ann', ['sync'])).toMatchObject({ exitCode: 6 });
    fs.renameSync(`${key}.kept`, key);
    await ann.ask('sync-now', {});
    await expect.poll(() => ann.ask('overview', {})).toMatchObject({ is: 'linked', state: 'synced' });
  });

  test('a folder that is missing is no deletion, and no end', async () => {
    const rig = await DeviceRig.withDevices('ann');
    const ann = await WindowRig.start(rig, 'ann');
    await ann.settle();
    fs.renameSync(rig.at('ann'), rig.at('moved'));
    await expect(ann.settle()).rejects.toMatchObject({ code: 'E_FOLDER_MISSING' });
    await expect
      .poll(() => ann.ask('overview', {}))
      .toMatchObject({ is: 'linked', state: 'pending', why: { code: 'E_FOLDER_MISSING' }, files: 1 });
    fs.renameSync(rig.at('moved'), rig.at('ann'));
    await ann.settle();
    await expect.poll(() => ann.ask('overview', {})).toMatchObject({ state: 'synced', files: 1 });
  });

  test('a profile that another process changed meanwhile is read anew', async () => {
    const rig = await DeviceRig.withDevices('ann');
    const ann = await WindowRig.start(rig, 'ann');
    await ann.settle();
    const folder = new ProfileFolder(rig.profile('ann'));
    await writeSettings(folder, { ...(await readSettings(folder)), config: { ignore: '*.no' } });
    await ann.ask('change-setting', { key: 'poll.seconds', value: '60' });
    rig.write('ann', 'x.no', '');
    await ann.settle();
    expect(await ann.ask('overview', {})).toMatchObject({ files: 1 });
  });
});

describe('names from a hostile vault', () => {
  test('go through every list as they are', async () => {
    const rig = await DeviceRig.withDevices('ann');
    const names = [
      '<img src=x onerror=alert(1)>',
      '"; DROP TABLE node; --',
      '\u202Etxt.exe',
      'a\nb',
      '\u001B[31m',
      '__proto__',
      'ab\u0301',
      ' ',
      '-rf',
      '%2e%2e',
      '💥'.repeat(20),
    ];
    for (const name of names) {
      fs.mkdirSync(rig.at('ann', `folder ${name}`));
      rig.write('ann', name, name);
    }
    // Bytes that are no text.
    fs.writeFileSync(Buffer.concat([Buffer.from(`${rig.at('ann')}/`), Buffer.from([0x66, 0xff, 0xfe])]), 'x');
    const ann = await WindowRig.start(rig, 'ann');
    await ann.settle();
    const folders = (await ann.ask('list-folders', { path: '', limit: 100 })).rows.map(({ name }) => name);
    expect(folders.toSorted()).toEqual(names.map((name) => `folder ${name}`).toSorted());
    const items = (await ann.ask('list-items', { path: '', limit: 100 })).rows.flatMap(({ kind, name }) => (kind === 'file' ? [name] : []));
    expect(items.toSorted()).toEqual([...names, 'a.txt', 'f\udcff\udcfe'].toSorted());
    for (const name of [...names, 'f\udcff\udcfe']) {
      const { rows } = await ann.ask('list-versions', { path: name, skip: 0, limit: 10 });
      expect(rows.map(({ path: at }) => at)).toEqual([name]);
      fs.rmSync(
        Buffer.concat([Buffer.from(`${rig.at('ann')}/`), name.startsWith('f\udcff') ? Buffer.from([0x66, 0xff, 0xfe]) : Buffer.from(name)]),
      );
    }
    await ann.settle();
    const deleted = (await ann.ask('list-deleted', { path: '', skip: 0, limit: 100 })).rows.map(({ path: at }) => at);
    expect(deleted.toSorted()).toEqual([...names, 'f\udcff\udcfe'].toSorted());
    expect((await ann.ask('activity', { limit: 1000 })).rows.map(({ path: at }) => at)).toEqual(expect.arrayContaining(names));
  });
});
