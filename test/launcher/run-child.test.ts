/** What `npm start` and its like start ends with them: also where only the shell between them heard of it. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const runChild = pathToFileURL(path.resolve(import.meta.dirname, '../../.scripts/run-child.mjs')).href;

let home = '';

beforeAll(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-run-child-'));
});
afterAll(() => {
  fs.rmSync(home, { recursive: true, force: true });
});

/** A program that tidies up when it is asked to end, started by our runner from a shell, as npm does it. */
function startFromShell(file: string): { readonly shell: number; readonly said: () => string } {
  const program = `
    const say = (words) => require('node:fs').appendFileSync(${JSON.stringify(file)}, words);
    process.on('SIGTERM', () => { say(' tidied'); process.exit(0); });
    say('started');
    setTimeout(() => say(' left behind'), 60_000);
  `;
  const runner = `import(${JSON.stringify(runChild)}).then(({ runChild }) => runChild(process.execPath, ['-e', process.env.PROGRAM]))`;
  const shell = spawn('/bin/sh', ['-c', `"$NODE" -e "$RUNNER"; exit $?`], {
    env: { ...process.env, NODE: process.execPath, RUNNER: runner, PROGRAM: program, npm_lifecycle_event: 'start' },
    stdio: 'ignore',
  });
  return { shell: shell.pid ?? 0, said: () => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '') };
}

test.skipIf(process.platform === 'win32')('a stop that only the shell hears ends what was started from it', async () => {
  const { shell, said } = startFromShell(path.join(home, 'said'));
  await expect.poll(said).toBe('started');
  process.kill(shell, 'SIGTERM');
  await expect.poll(said).toBe('started tidied');
});
