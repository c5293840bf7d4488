/** `relink --folder`: the folder was moved to another place of the computer. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { describeFolder } from './describe-folder.ts';
import { mustSucceed, Program } from './program.ts';

const limitMs = 120_000;

test('a folder that was moved is gone on with, and only that one', { timeout: limitMs }, async () => {
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
