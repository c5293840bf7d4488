import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { requireNewStorePlace, requireOutsideSynced } from '../../src/agent/begin/new-store-place.ts';
import type { CliOutcome } from '../attack/in-process-cli.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { DeviceRig } from './device-rig.ts';

vi.mock('../../src/agent/threads/threaded-workshop.ts', () => import('../attack/inline-workshop.ts'));

async function folderWith(...files: readonly string[]): Promise<string> {
  const dir = await temporaryFolder();
  for (const file of files) {
    fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    fs.writeFileSync(path.join(dir, file), 'x');
  }
  return dir;
}

describe('a new store is made among nobody’s files', () => {
  test.each([
    ['a file', 'doc.txt'],
    ['a file far below', 'some/where/deep/doc.txt'],
    ['a hidden file', '.profile'],
    ['what is called as our own', 'keys/House keys.kdbx'],
    ['what is called as a probe', 'probe/report.txt'],
    ['a synced folder below', 'fA/.cachette/mark'],
  ])('%s', async (_what, file) => {
    const dir = await folderWith(file);
    await expect(requireNewStorePlace(dir)).rejects.toMatchObject({ code: 'E_STORE_NOT_EMPTY', exitCode: 1 });
  });

  test.each([
    ['nothing', []],
    ['empty folders', ['lost+found/x', 'some/x']],
    ['what systems leave', ['.DS_Store', 'lost+found/#12', '.Trash-1000/info/x', 'System Volume Information/tracking.log']],
    ['what a broken-off try leaves', ['hint', `probe/${'0a'.repeat(16)}`, '.tmp/1-2']],
  ])('but %s', async (_what, files) => {
    const dir = await folderWith(...files);
    fs.rmSync(path.join(dir, 'some/x'), { force: true });
    await expect(requireNewStorePlace(dir)).resolves.toBeUndefined();
    await expect(requireNewStorePlace(path.join(dir, 'new'))).resolves.toBeUndefined();
  });

  test('and in no folder that is kept in sync, nor in one that lies in it, whatever way leads there', async () => {
    const dir = await folderWith('fA/.cachette/mark');
    fs.mkdirSync(path.join(dir, 'fA/below'));
    fs.symlinkSync(path.join(dir, 'fA/below'), path.join(dir, 'link'));
    for (const place of ['fA', 'fA/below', 'fA/new/er', 'link', 'link/new'])
      await expect(requireOutsideSynced(path.join(dir, place))).rejects.toMatchObject({ code: 'E_FOLDER_OWNED', exitCode: 1 });
    await expect(requireOutsideSynced(path.join(dir, 'fB'))).resolves.toBeUndefined();
  });
});

test('init and serve leave such a place as it was', async () => {
  const rig = await DeviceRig.withDevices('alice');
  fs.mkdirSync(rig.at('full'));
  fs.writeFileSync(rig.at('full', 'doc.txt'), 'somebody’s');
  const init = (at: string): Promise<CliOutcome> => rig.on('bob', ['init', ...rig.link('bob', `file://${rig.at(at)}`), '--no-passphrase']);
  const oneLine = (code: string): object => ({
    exitCode: 1,
    stderr: expect.stringMatching(new RegExp(`^cachette: ${code}: [^\\n]+\\n$`)) as string,
  });
  expect(await init('full')).toMatchObject(oneLine('E_STORE_NOT_EMPTY'));
  expect(fs.readdirSync(rig.at('full'))).toEqual(['doc.txt']);
  expect(await init('alice')).toMatchObject(oneLine('E_FOLDER_OWNED'));
  expect(await init('alice/below')).toMatchObject(oneLine('E_FOLDER_OWNED'));
  expect(await rig.on('bob', ['serve', '--root', rig.at('alice'), '--listen', '127.0.0.1:0'])).toMatchObject(oneLine('E_FOLDER_OWNED'));
  expect(fs.readdirSync(rig.at('alice')).toSorted()).toEqual(['.cachette', 'a.txt']);
  expect(fs.existsSync(rig.profile('bob'))).toBe(false);
});
