/** `relink`: the folder, or the store, was moved to another place of the computer. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { describeFolder } from './describe-folder.ts';
import { mustSucceed, Program } from './program.ts';

test('a folder that was moved is gone on with, and only that one', async () => {
  const program = await Program.open();
  fs.mkdirSync(program.at('store'));
  const recoveryKey = await program.init('ann', program.storeUrl());
  fs.writeFileSync(`${program.at('ann')}/note.txt`, 'one');
  await program.sync('ann');
  await program.join('bob', program.storeUrl(), recoveryKey);
  await program.sync('bob');
  const relink = (dir: string): ReturnType<Program['on']> => program.on('ann', ['relink', '--folder', dir]);

  fs.mkdirSync(program.at('elsewhere'));
  fs.renameSync(program.at('ann'), `${program.at('elsewhere')}/ann`);
  const lost = await program.on('ann', ['sync']);
  expect([lost.code, lost.err]).toEqual([1, expect.stringContaining('relink --folder')]);

  for (const [dir, code] of [
    [program.at('elsewhere'), 'E_NOT_FOUND'],
    [program.at('nowhere'), 'E_NOT_FOUND'],
    [program.at('bob'), 'E_NOT_FOUND'],
  ] as const) {
    const refused = await relink(dir);
    expect([dir, refused.code, refused.err]).toEqual([dir, 1, expect.stringContaining(code)]);
  }
  expect((await program.on('ann', ['relink'])).code).toBe(2);

  mustSucceed(await relink(`${program.at('elsewhere')}/ann`));
  fs.writeFileSync(`${program.at('elsewhere')}/ann/more.txt`, 'two');
  await program.sync('ann', 'bob');
  expect(describeFolder(program.at('bob'))).toEqual(describeFolder(`${program.at('elsewhere')}/ann`));
});

test('a store that was moved into the folder, around it, or into the profile is not gone on with: it would be stored in itself, without end', async () => {
  const program = await Program.open();
  fs.mkdirSync(program.at('store'));
  await program.init('ann', program.storeUrl());
  await program.init('bob', `file://${program.at('other')}`);
  fs.symlinkSync(program.at('ann'), program.at('another way'));
  const relink = (dir: string): ReturnType<Program['on']> => program.on('ann', ['relink', '--store', `file://${dir}`]);

  for (const dir of ['ann/store', 'another way/deep/store', 'bob/store']) {
    fs.mkdirSync(path.dirname(program.at(dir)), { recursive: true });
    fs.renameSync(program.at('store'), program.at(dir));
    const refused = await relink(program.at(dir));
    expect([dir, refused.code, refused.err]).toEqual([dir, 1, expect.stringContaining('E_FOLDER_OWNED')]);
    fs.renameSync(program.at(dir), program.at('store'));
  }
  fs.renameSync(program.at('store'), `${program.profile('ann')}/store`);
  expect((await relink(`${program.profile('ann')}/store`)).err).toContain('E_FOLDER_OWNED');
  fs.renameSync(`${program.profile('ann')}/store`, program.at('moved'));
  mustSucceed(await relink(program.at('moved')));
  await program.sync('ann');
});
