import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openLog } from '../../src/agent/profile/log-file.ts';
import { Failure } from '../../src/base/failure.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

test('a failure is logged by code and stack, without what it says', async () => {
  const dir = path.join(await temporaryFolder(), 'log');
  const log = openLog(dir);
  const cause = new TypeError('cannot read diary.txt');
  log.info('synced', { left: 0 });
  log.failure('sync failed', new Failure('E_DISK', 'cannot read holiday plans.txt', { subject: 'holiday plans.txt', cause }));
  log.close();
  const text = fs.readFileSync(path.join(dir, 'cachette.log'), 'utf8');
  const [first, second] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first).toMatchObject({ event: 'synced', left: 0 });
  expect(second).toMatchObject({ event: 'sync failed', code: 'E_DISK', cause: { code: 'TypeError' } });
  expect(JSON.stringify(second)).toContain('log-file.test.ts');
  expect(text).not.toMatch(/holiday|diary/);
  expect(fs.statSync(dir).mode & 0o077).toBe(0);
  expect(fs.statSync(path.join(dir, 'cachette.log')).mode & 0o077).toBe(0);
});

test('the log does not grow without end', async () => {
  const dir = await temporaryFolder();
  fs.writeFileSync(path.join(dir, 'cachette.log'), 'x'.repeat(3_000_000));
  const log = openLog(dir);
  log.info('synced');
  log.close();
  expect(fs.readdirSync(dir).toSorted()).toEqual(['cachette.log', 'cachette.log.1']);
  expect(fs.statSync(path.join(dir, 'cachette.log')).size).toBeLessThan(1000);
});

test('nor does it in one run that goes on for months', async () => {
  const dir = await temporaryFolder();
  const log = openLog(dir);
  const codes = ['x'.repeat(2_000)];
  for (let pass = 0; pass < 4_000; pass += 1) log.info('pass failed', { codes });
  log.info('verified');
  log.close();
  expect(fs.readdirSync(dir).toSorted()).toEqual(['cachette.log', 'cachette.log.1']);
  const sizes = fs.readdirSync(dir).map((name) => fs.statSync(path.join(dir, name)).size);
  expect(Math.max(...sizes)).toBeLessThan(4 * 1024 * 1024);
  expect(fs.readFileSync(path.join(dir, 'cachette.log'), 'utf8')).toContain('"verified"');
  expect(fs.statSync(path.join(dir, 'cachette.log')).mode & 0o077).toBe(0);
});

test.runIf(process.platform === 'linux')('a disk that becomes full costs the log, not the run', async () => {
  const dir = await temporaryFolder();
  // Takes nothing, as a full disk.
  fs.symlinkSync('/dev/full', path.join(dir, 'cachette.log'));
  const log = openLog(dir);
  expect(() => {
    log.info('synced', { left: 0 });
    log.failure('pass failed', new Failure('E_DISK', 'the disk is full'));
    log.close();
  }).not.toThrow();
});

test('where nothing can be logged, a run goes on', async () => {
  const dir = await temporaryFolder();
  fs.writeFileSync(path.join(dir, 'log'), 'in the way');
  const log = openLog(path.join(dir, 'log'));
  log.info('synced');
  log.close();
  expect(fs.readFileSync(path.join(dir, 'log'), 'utf8')).toBe('in the way');
});

test.runIf(process.platform !== 'win32')('what stands where the log is to be is made private, and never waited for', async () => {
  const dir = path.join(await temporaryFolder(), 'log');
  const file = path.join(dir, 'cachette.log');
  fs.mkdirSync(dir);
  fs.writeFileSync(file, '');
  fs.chmodSync(dir, 0o755);
  fs.chmodSync(file, 0o644);
  openLog(dir).close();
  expect([fs.statSync(dir).mode & 0o777, fs.statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);

  fs.rmSync(file);
  execFileSync('mkfifo', [file]);
  // In a process of its own: what waits here would wait for ever.
  const code = `import('${path.resolve('src/agent/profile/log-file.ts')}').then(({ openLog }) => { const log = openLog('${dir}'); log.info('synced'); log.close(); })`;
  execFileSync(process.execPath, ['--experimental-strip-types', '-e', code], { timeout: 20_000, stdio: 'ignore' });
});
