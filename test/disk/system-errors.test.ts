import os from 'node:os';
import { getSystemErrorName } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { NativeFiles } from '../../src/base/native.ts';
import { diskFailure } from '../../src/disk/disk-failure.ts';
import { callCode, type Folder } from '../../src/disk/calls/file-calls.ts';
import { MadeUpInodes } from '../../src/disk/calls/made-up-inodes.ts';
import { nativeCalls } from '../../src/disk/calls/native-calls.ts';

const { errno } = os.constants;

/** As node:fs throws it. */
function systemError(number: number): Error {
  const code = getSystemErrorName(-number);
  return Object.assign(new Error(`${code}, write`), { code, errno: -number, syscall: 'write' });
}

describe.each(['EDQUOT', 'ESTALE', 'EBADMSG', 'ENOSPC'] as const)('%s', (name) => {
  test('is known by its number where Node has no name for it', () => {
    const error = systemError(errno[name]);
    expect(callCode(error)).toBe(name);
    expect(diskFailure(error, 'write', 'a file')).toMatchObject({ code: 'E_DISK', message: expect.stringContaining(name) as string });
  });

  test('is told of one file of many', async () => {
    const files = {
      makeFiles: () => Promise.resolve({ outcomes: Float64Array.of(errno[name]), stats: new Uint8Array(80) }),
    } as unknown as NativeFiles;
    const calls = nativeCalls(files, '/', new MadeUpInodes(() => 0));
    const [made] = await calls.makeFiles(1 as Folder, [{ name: 'a', bytes: new Uint8Array(), mtimeUs: 0, executable: false }]);
    expect(made !== undefined && 'error' in made ? callCode(made.error) : 'none').toBe(name);
  });
});

test('an error that nothing has a name for is still one of the disk', () => {
  expect(diskFailure(systemError(126), 'read', 'a file')).toMatchObject({
    code: 'E_DISK',
    message: expect.stringContaining('E126') as string,
  });
});
