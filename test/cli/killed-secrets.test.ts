import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { filesWithCanary } from './find-canary.ts';
import { Program } from './program.ts';

test.runIf(process.platform !== 'win32').each(['SIGKILL', 'SIGABRT'] as const)(
  'A53: what %s leaves of a device at work holds no secret: neither in its profile nor among temporary files',
  async (signal) => {
    const program = await Program.open();
    fs.mkdirSync(program.at('temporary'));
    const store = await program.serve();
    const recoveryKey = await program.init('alice', store);
    fs.writeFileSync(program.at('alice', 'a.txt'), 'the treasure is buried under the third oak'.repeat(50));
    const env = { TMPDIR: program.at('temporary') };
    const agent = program.startOn('alice', ['sync', '--watch', '--json'], { env });
    await agent.line((line) => line.includes('"synced"'));
    agent.child.kill(signal);
    expect(await agent.ended).toMatchObject({ signal });
    for (const secret of [new URL(store).username, recoveryKey, 'the treasure is buried'])
      for (const folder of [program.profile('alice'), program.at('temporary'), path.join(program.at('alice'), '.cachette')])
        expect({ secret, folder, held: filesWithCanary(folder, secret) }).toEqual({ secret, folder, held: [] });
    await program.sync('alice');
  },
);

test.runIf(process.platform === 'linux')('A53: a device at work leaves no core dump, whatever the system would keep of one', async () => {
  const program = await Program.open();
  const store = await program.serve();
  await program.init('alice', store);
  const agent = program.startOn('alice', ['sync', '--watch', '--json']);
  await agent.line((line) => line.includes('"synced"'));
  // One byte: too little for a file, and the one limit with which the kernel does not start a collector either.
  const [, soft] = /^Max core file size +(\S+)/m.exec(fs.readFileSync(`/proc/${agent.child.pid}/limits`, 'utf8')) ?? [];
  expect(soft).toBe('1');
});
