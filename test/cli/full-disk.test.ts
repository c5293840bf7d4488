/** Where there is no byte of room for Cachette's own files. Takes a small disk in memory, which only root can mount. */
import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Program } from './program.ts';
import { SmallDisk, whatSmallDisksLack } from './small-disk.ts';

const lacking = whatSmallDisksLack();

describe.skipIf(lacking !== undefined)(`a profile on a full disk${lacking === undefined ? '' : ` (lacking here: ${lacking})`}`, () => {
  test('is still asked how things stand; what has to write says why it does not, and goes on once there is room', async () => {
    const program = await Program.open();
    const disk = new SmallDisk(program.profile('laptop'), 16);
    onTestFinished(() => {
      disk.unmount();
    });
    await program.init('laptop', program.storeUrl());
    fs.writeFileSync(program.at('laptop', 'file.txt'), 'text');
    await program.sync('laptop');
    disk.fill();
    expect(await program.json('laptop', ['status'])).toMatchObject({ files: 1, state: 'synced' });
    expect(await program.json('laptop', ['ls'])).toMatchObject([{ path: 'file.txt' }]);
    for (const command of ['problems', 'conflicts', 'devices', 'selective']) expect((await program.on('laptop', [command])).code).toBe(0);
    expect(await program.json('laptop', ['history', 'file.txt'])).toMatchObject([{ size: 4 }]);
    fs.writeFileSync(program.at('laptop', 'more.txt'), 'more');
    expect((await program.on('laptop', ['sync'])).code).not.toBe(0);
    disk.empty();
    await program.sync('laptop');
    expect(await program.json('laptop', ['status'])).toMatchObject({ files: 2, state: 'synced' });
  });
});
