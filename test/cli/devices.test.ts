import fs from 'node:fs';
import { expect, test } from 'vitest';
import { Program } from './program.ts';

async function twoDevices(): Promise<{ readonly program: Program; readonly store: string; readonly recoveryKey: string }> {
  const program = await Program.open();
  const store = program.storeUrl();
  const recoveryKey = await program.init('alice', store);
  fs.writeFileSync(program.at('alice', 'a.txt'), 'from alice');
  await program.sync('alice');
  await program.join('bob', store, recoveryKey);
  await program.sync('bob', 'alice', 'bob');
  return { program, store, recoveryKey };
}

test('while agents run: the one removes, the other one ends', async () => {
  const { program } = await twoDevices();
  const [alice, bob] = ['alice', 'bob'].map((device) => program.startOn(device, ['sync', '--watch', '--json'])) as [
    ReturnType<Program['startOn']>,
    ReturnType<Program['startOn']>,
  ];
  await Promise.all([alice, bob].map((agent) => agent.line((line) => line.includes('"synced"'))));
  await program.json('alice', ['devices', 'revoke', 'bob']);
  expect(await bob.ended).toMatchObject({ code: 5, err: expect.stringMatching(/^E_REVOKED: /m) as string });
  alice.child.kill('SIGTERM');
  expect((await alice.ended).code).toBe(0);
});

test('join --code, approved through an agent that runs: as processes, and nothing secret in what they were called with', async () => {
  const program = await Program.open();
  await program.init('alice', program.storeUrl());
  fs.writeFileSync(program.at('alice', 'a.txt'), 'from alice');
  const agent = program.startOn('alice', ['sync', '--watch', '--json']);
  await agent.line((line) => line.includes('"synced"'));
  fs.mkdirSync(program.at('bob'));
  const args = ['join', '--store', program.storeUrl(), '--folder', program.at('bob'), '--name', 'bob', '--key-storage', 'file', '--code'];
  const joining = program.startOn('bob', args);
  const code = await joining.line((line) => /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(line));
  const told = agent.line((line) => line.includes('"notice"') && line.includes('bob'));
  expect(await program.json('alice', ['devices', 'approve', code])).toEqual({ name: 'bob' });
  expect((await joining.ended).code).toBe(0);
  await program.sync('bob');
  await told;
  expect(fs.readFileSync(program.at('bob', 'a.txt'), 'utf8')).toBe('from alice');
  agent.child.kill('SIGTERM');
  expect((await agent.ended).code).toBe(0);
});
