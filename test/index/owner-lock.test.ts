import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { acquireOwnerLock } from '../../src/index/file/owner-lock.ts';
import { failureCode } from '../crypto/failure-code.ts';
import { useIndexFolder } from './with-index-folder.ts';

const { pathOf } = useIndexFolder();
const holderScript = fileURLToPath(new URL('lock-holder.ts', import.meta.url));

describe('an owner lock', () => {
  test('is had by one at a time, within a process', () => {
    const file = pathOf('owner');
    const lock = acquireOwnerLock(file);
    // To wait for one that stays would be to wait for ever.
    expect(() => acquireOwnerLock(file)).toThrow(
      expect.objectContaining({ code: 'E_BUSY', action: expect.stringContaining('or end it') as string }),
    );
    expect(failureCode(() => acquireOwnerLock(file))).toBe('E_BUSY');
    const other = acquireOwnerLock(pathOf('other'));
    lock.release();
    lock.release();
    acquireOwnerLock(file).release();
    other.release();
  });

  test('is had by one process at a time, and goes with it when it is killed', async () => {
    const file = pathOf('owner');
    const holder = spawn(process.execPath, [holderScript, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(holder, 'exit');
    try {
      await once(holder.stdout, 'data');
      expect(failureCode(() => acquireOwnerLock(file))).toBe('E_BUSY');
    } finally {
      holder.kill('SIGKILL');
      await exited;
    }
    acquireOwnerLock(file).release();
  });

  test('keeps its file to its owner alone, and needs a folder for it', () => {
    acquireOwnerLock(pathOf('owner')).release();
    expect(fs.statSync(pathOf('owner')).mode & 0o777).toBe(0o600);
    expect(failureCode(() => acquireOwnerLock(pathOf('none/owner')))).toBe('E_DISK');
  });

  test('does not judge a file that is not its own', () => {
    fs.writeFileSync(pathOf('owner'), 'something else entirely\n'.repeat(300));
    expect(failureCode(() => acquireOwnerLock(pathOf('owner')))).toBe('E_INDEX_DAMAGED');
    expect(fs.readFileSync(pathOf('owner'), 'utf8')).toMatch(/^something else/);
  });
});
