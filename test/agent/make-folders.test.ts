import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolders } from '../../src/agent/profile/make-folders.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

describe('making folders', () => {
  test('makes all that are missing, and tells the topmost', async () => {
    const place = await temporaryFolder();
    const dir = path.join(place, 'a', 'b', 'c');
    expect(await makeFolders(dir, 0o700)).toBe(path.join(place, 'a'));
    expect(fs.statSync(dir).mode & 0o777).toBe(0o700);
  });

  test('tells nothing where all were there, also behind a link', async () => {
    const place = await temporaryFolder();
    fs.mkdirSync(path.join(place, 'a'));
    fs.symlinkSync('a', path.join(place, 'link'));
    expect(await makeFolders(path.join(place, 'a'))).toBeUndefined();
    expect(await makeFolders(path.join(place, 'link'))).toBeUndefined();
  });

  test('fails where a file stands in the way', async () => {
    const place = await temporaryFolder();
    fs.writeFileSync(path.join(place, 'file'), '');
    await expect(makeFolders(path.join(place, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolders(path.join(place, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  test.runIf(fs.existsSync('/proc/self'))('ends where a folder is there but takes nothing', async () => {
    await expect(makeFolders('/proc/cachette/below')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
