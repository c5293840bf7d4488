import fs from 'node:fs';
import { expect, test } from 'vitest';
import { Program } from '../cli/program.ts';
import { describeServers } from './describe-servers.ts';
import { openLossyProxy } from './lossy-proxy.ts';

describeServers((_kind, server) => {
  test('a device is let in by a code, and one that was removed is out', async () => {
    const program = await Program.open();
    const url = (await openLossyProxy()).via(await server().newStoreUrl());
    await program.init('ann', url);
    fs.writeFileSync(program.at('ann', 'a.txt'), 'from ann');
    await program.sync('ann');
    fs.mkdirSync(program.at('bob'));
    const joining = program.startOn('bob', [
      'join',
      '--store',
      url,
      '--folder',
      program.at('bob'),
      '--name',
      'bob',
      '--key-storage',
      'file',
      '--code',
    ]);
    const code = await joining.line((line) => /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(line));
    expect(await program.json('ann', ['devices', 'approve', code])).toEqual({ name: 'bob' });
    expect((await joining.ended).code).toBe(0);
    await program.sync('bob');
    expect(fs.readFileSync(program.at('bob', 'a.txt'), 'utf8')).toBe('from ann');
    await program.json('ann', ['devices', 'revoke', 'bob']);
    fs.writeFileSync(program.at('ann', 'after.txt'), 'not for bob');
    await program.sync('ann');
    const ended = await program.on('bob', ['sync']);
    expect(ended).toMatchObject({ code: 5, err: expect.stringMatching(/^E_REVOKED: /) as string });
    expect(fs.existsSync(program.at('bob', 'after.txt'))).toBe(false);
    expect(fs.readFileSync(program.at('bob', 'a.txt'), 'utf8')).toBe('from ann');
  });
});
