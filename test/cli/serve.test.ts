import { expect, test } from 'vitest';
import { Program, type Running } from './program.ts';

interface Started {
  readonly server: Running;
  readonly url: string;
  readonly listen: string;
}

async function start(program: Program, ...options: readonly string[]): Promise<Started> {
  const server = program.start(['serve', '--root', program.at('server'), '--listen', '127.0.0.1:0', '--json', ...options]);
  const line = JSON.parse(await server.line((text) => text.startsWith('{'))) as { url: string; listen: string };
  return { server, ...line };
}

test('a root has one server at a time, and a lost token is no lost store', async () => {
  const program = await Program.open();
  const first = await start(program);
  const { host, username: token } = new URL(first.url);
  expect(token).toHaveLength(43);

  const second = await program.run(['serve', '--root', program.at('server'), '--listen', '127.0.0.1:0']);
  expect([second.code, second.err]).toEqual([1, expect.stringContaining('E_BUSY')]);
  // It was put off before it served anybody; the first one goes on.
  expect((await fetch(`http://${host}/health`)).status).toBe(200);
  first.server.child.kill('SIGKILL');
  await first.server.ended;

  const again = await start(program);
  expect(again.url).toBe(again.listen);
  again.server.child.kill('SIGTERM');
  expect((await again.server.ended).code).toBe(0);

  const renewed = await start(program, '--new-token');
  const fresh = new URL(renewed.url);
  expect([fresh.username.length, fresh.pathname, fresh.username === token]).toEqual([43, '/vault', false]);
  for (const each of [token, fresh.username]) {
    const reply = await fetch(`${renewed.listen}/vault/hint`, { headers: { authorization: `Bearer ${each}` } });
    expect(reply.status).toBe(404);
  }
});

test('an announcement is for an address that others can reach, and says so', async () => {
  const program = await Program.open();
  const refused = await program.run(['serve', '--root', program.at('server'), '--listen', '127.0.0.1:0', '--announce']);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('nothing to announce')]);
  const { server } = await start(program, '--listen', '0.0.0.0:0', '--announce');
  server.child.kill('SIGTERM');
  expect((await server.ended).code).toBe(0);
});
