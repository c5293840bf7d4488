import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
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
