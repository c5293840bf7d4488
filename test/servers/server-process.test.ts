import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { freePort, ServerProcess } from './server-process.ts';

const heldServer = path.join(import.meta.dirname, 'held-server.ts');

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('a server of the tests is gone with them, also where %s ends them', async (signal) => {
  const port = await freePort();
  const runner = spawn(process.execPath, [heldServer, String(port), path.join(await temporaryFolder(), 'log')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(runner.stdout, 'data');
  const asker = net.connect(port, '127.0.0.1');
  await once(asker, 'connect');
  // Cut off in either way: once() would take an error for a failure of its own.
  asker.on('error', () => undefined);
  const gone = new Promise((resolve) => {
    asker.once('close', resolve);
  });
  runner.kill(signal);
  await gone;
  expect(asker.destroyed).toBe(true);
});

test('one that is stopped and started again is another one, and stays', async () => {
  const port = await freePort();
  // Whoever only looks whether it is up is gone before it has heard anything: no reason for the server to end, and to cut off the next one.
  const answer = `(socket) => socket.on('error', () => undefined).end('here')`;
  const listen = `require('node:net').createServer(${answer}).listen(${port}, '127.0.0.1')`;
  const spec = { command: process.execPath, args: ['-e', listen], logFile: path.join(await temporaryFolder(), 'log'), port };
  const server = new ServerProcess(spec);
  for (const end of ['kill', 'stop'] as const) {
    await server.start();
    const asker = net.connect(port, '127.0.0.1');
    // Cut off in either way, when it has heard what it asked for.
    asker.on('error', () => undefined);
    const [said] = (await once(asker, 'data')) as [Buffer];
    expect(String(said)).toBe('here');
    await server[end]();
    await expect(once(net.connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  }
});
