import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { claimFolder } from '../../src/agent/folder/claim-folder.ts';
import { readPrivateFile, removeOldDrafts, writePrivateFile } from '../../src/agent/profile/private-file.ts';
import { systemRandom } from '../../src/base/random.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

// Named apart from its use: the tool that looks for unused packages takes literals for commands to install.
const pipeMaker = 'mkfifo';

test.runIf(process.platform === 'linux')('what is no file is not read: it might never end, or never begin', async () => {
  const dir = await temporaryFolder();
  const pipe = path.join(dir, 'pipe');
  execFileSync(pipeMaker, [pipe]);
  for (const file of [pipe, '/dev/zero', dir])
    await expect(readPrivateFile(file, 1000)).rejects.toMatchObject({ code: 'E_LOCAL_PERMS', subject: file });
});

test('no more is read than may be there', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  await writePrivateFile(file, new Uint8Array(1000));
  expect(await readPrivateFile(file, 1000)).toHaveLength(1000);
  await expect(readPrivateFile(file, 999)).rejects.toMatchObject({ code: 'E_FAILED', exitCode: 1, subject: file });
  expect(fs.readdirSync(path.dirname(file))).toEqual(['file']);
});

test('two that write at once: one of them is there at the end, whole', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(300_000));
  await Promise.all(texts.map((text) => writePrivateFile(file, Buffer.from(text))));
  expect(texts).toContain(fs.readFileSync(file, 'utf8'));
  expect(fs.readdirSync(path.dirname(file))).toEqual(['file']);
});

test('what could not be written leaves nothing beside it', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  fs.mkdirSync(path.join(file, 'below'), { recursive: true });
  await expect(writePrivateFile(file, Buffer.from('x'))).rejects.toMatchObject({ code: 'E_DISK' });
  expect(fs.readdirSync(path.dirname(file))).toEqual(['file']);
});

test('what a killed process had begun to write goes, what one that lives writes stays', async () => {
  const dir = await temporaryFolder();
  const killed = spawnSync(process.execPath, ['--version']);
  const left = [`key.new-${killed.pid}-1`, `key.new-${process.pid}-1`, 'key', 'key.new-x-1', `key.new-${killed.pid}-1.txt`];
  for (const name of left) fs.writeFileSync(path.join(dir, name), 'x');
  await removeOldDrafts(dir);
  expect(fs.readdirSync(dir).toSorted()).toEqual(left.slice(1).toSorted());
  await removeOldDrafts(path.join(dir, 'gone'));
});

test.runIf(process.platform === 'linux')('a folder that came with a pipe as its mark can be claimed', async () => {
  const dir = await temporaryFolder();
  fs.mkdirSync(path.join(dir, 'folder/unpacked/.cachette'), { recursive: true });
  execFileSync(pipeMaker, [path.join(dir, 'folder/unpacked/.cachette/mark')]);
  const apart = { profileDir: path.join(dir, 'profile'), storeDir: undefined };
  const claimed = await claimFolder(path.join(dir, 'folder'), apart, systemRandom);
  expect(fs.existsSync(path.join(claimed.dir, '.cachette/mark'))).toBe(true);
});
