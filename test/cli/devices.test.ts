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
