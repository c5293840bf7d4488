import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Program } from './program.ts';

test('what is no file, folder or link stays out: told with --all, not counted', async () => {
  const program = await Program.open();
  await program.init('laptop', program.storeUrl());
  fs.mkdirSync(program.at('laptop', 'folder'));
  const server = net.createServer().listen(program.at('laptop', 'folder', 'socket'));
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  await program.sync('laptop');
  expect(await program.json('laptop', ['problems'])).toEqual([]);
  expect(await program.json('laptop', ['problems', '--all'])).toMatchObject([
    { code: 'E_UNSUPPORTED', path: 'folder/socket', message: 'sockets, pipes and devices are not synced' },
  ]);
  expect(await program.json('laptop', ['status'])).toMatchObject({ problems: 0, state: 'synced' });
});

test('a trash that can not be emptied is noted, and keeps nothing from being synced', async () => {
  const program = await Program.open();
  await program.init('laptop', program.storeUrl());
  await program.sync('laptop');
  const trash = program.at('laptop', '.cachette', 'trash');
  fs.rmSync(trash, { recursive: true, force: true });
  fs.writeFileSync(trash, 'in the way');
  fs.writeFileSync(program.at('laptop', 'file'), 'text');
  await program.sync('laptop');
  expect(await program.json('laptop', ['status'])).toMatchObject({ problems: 0, state: 'synced', files: 1 });
  const log = path.join(program.profile('laptop'), 'log');
  const logs = fs.readdirSync(log).map((name) => fs.readFileSync(path.join(log, name), 'utf8'));
  expect(logs.join('')).toContain('trash not emptied');
});
