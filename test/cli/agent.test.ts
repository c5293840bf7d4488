/** `cachette agent` as the desktop app starts it: a process of its own that goes with its parent. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { mustSucceed, Program } from './program.ts';

test('an agent that lives with its parent ends when standard input does, and leaves no trace of a profile that never was', async () => {
  const program = await Program.open();
  const alone = await program.on('ann', ['agent', '--with-parent', '--json']);
  expect(mustSucceed(alone).out).toBe('{"event":"listening"}\n');
  expect(fs.existsSync(program.profile('ann'))).toBe(false);
});

test('one without a parent stays until SIGTERM, and commands work through it', async () => {
  const program = await Program.open();
  await program.init('ann', program.storeUrl());
  const agent = program.startOn('ann', ['agent', '--json']);
  await agent.line((line) => line.includes('listening'));
  fs.writeFileSync(program.at('ann', 'a.txt'), 'a');
  await program.sync('ann');
  expect(await program.json('ann', ['status'])).toMatchObject({ state: 'synced', files: 1 });
  expect(mustSucceed(await program.run(['--help'])).out).not.toMatch(/^ +agent\b/m);
  agent.child.kill('SIGTERM');
  expect(await agent.ended).toMatchObject({ code: 0, signal: null });
});

test('a profile whose agent does not start is given up without it; what is in the folder and in the store stays', async () => {
  const program = await Program.open();
  await program.init('ann', program.storeUrl());
  fs.writeFileSync(program.at('ann', 'a.txt'), 'a');
  await program.sync('ann');
  const agent = program.startOn('ann', ['agent', '--json']);
  await agent.line((line) => line.includes('listening'));
  expect(await program.on('ann', ['agent', '--unlink'])).toMatchObject({ code: 1, err: expect.stringContaining('E_BUSY') as string });
  agent.child.kill('SIGTERM');
  await agent.ended;
  const stored = fs.readdirSync(program.at('store'));
  mustSucceed(await program.on('ann', ['agent', '--unlink', '--with-parent', '--json']));
  expect(fs.readdirSync(program.profile('ann'))).toEqual([]);
  expect(fs.readFileSync(program.at('ann', 'a.txt'), 'utf8')).toBe('a');
  expect(fs.readdirSync(program.at('store'))).toEqual(stored);
  mustSucceed(await program.on('ann', ['agent', '--unlink']));
});
