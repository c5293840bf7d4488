import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { Program } from './program.ts';

test('what is no file, folder or link stays out: told with --all, not counted', async () => {
  const program = await Program.open();
  await program.init('laptop', program.storeUrl());
  fs.mkdirSync(program.at('laptop', 'folder'));
  execFileSync('mkfifo', [program.at('laptop', 'folder', 'pipe')]);
  await program.sync('laptop');
  expect(await program.json('laptop', ['problems'])).toEqual([]);
  expect(await program.json('laptop', ['problems', '--all'])).toMatchObject([
    { code: 'E_UNSUPPORTED', path: 'folder/pipe', message: 'sockets, pipes and devices are not synced' },
  ]);
  expect(await program.json('laptop', ['status'])).toMatchObject({ problems: 0, state: 'synced' });
});
