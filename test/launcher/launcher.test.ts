import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Stands in for the program: does what its first argument says. */
const program = `
  const [what, ...rest] = process.argv.slice(2);
  const busy = () => { for (;;); };
  if (what === 'tidy') { process.on(rest[0], () => process.exit(7)); setInterval(() => {}, 1000); }
  console.log(JSON.stringify({ what, rest, node: process.versions.node, launcher: process.env.CACHETTE_LAUNCHER_FD ?? null }));
  if (what === 'exit') process.exitCode = Number(rest[0]);
  if (what === 'echo') process.stdin.pipe(process.stdout);
  if (what === 'busy') setImmediate(busy);
  if (what === 'wait') setInterval(() => {}, 1000);
`;

/** Makes the launcher believe that it runs under a Node that is too old. */
const pretendOld = `data:text/javascript,${encodeURIComponent(
  'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.0.0" } })',
)}`;

type Launched = ChildProcessByStdio<Writable, Readable, Readable>;

let home = '';
let dist = '';

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'cachette-launcher-'));
  dist = path.join(home, 'dist');
  await mkdir(dist);
  await copyFile(path.join(root, '.scripts/launcher.mjs'), path.join(dist, 'cli.js'));
  await writeFile(path.join(dist, 'cli-main.js'), program);
  await writeFile(path.join(home, 'package.json'), '{ "type": "module" }');
  await symlink(path.join(root, 'node_modules'), path.join(home, 'node_modules'));
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

function launch(options: readonly string[], args: readonly string[]): Launched {
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: path.join(home, 'cache') };
  return spawn(process.execPath, [...options, path.join(dist, 'cli.js'), ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
}

/** How it ended, once it and all who hold its output are gone. */
async function ending(child: Launched): Promise<{ code: number | null; signal: string | null; out: string; err: string }> {
  const [[code, signal], out, err] = await Promise.all([
    once(child, 'close') as Promise<[number | null, string | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, signal, out, err };
}

describe.each([
  ['a Node that is new enough', []],
  ['a Node that is too old', ['--import', pretendOld]],
])('under %s', (_name, options) => {
  test('the program gets its arguments, and its exit code is the result', async () => {
    const { code, out, err } = await ending(launch(options, ['exit', '5', '--flag=a b', '']));
    expect(JSON.parse(out)).toEqual({ what: 'exit', rest: ['5', '--flag=a b', ''], node: process.versions.node, launcher: null });
    expect({ code, err }).toEqual({ code: 5, err: '' });
  });

  test('what is typed reaches the program', async () => {
    const child = launch(options, ['echo']);
    child.stdin.end('a secret\n');
    const { code, out } = await ending(child);
    expect({ code, last: out.split('\n').at(-2) }).toEqual({ code: 0, last: 'a secret' });
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s lets the program tidy up', async (signal) => {
    const child = launch(options, ['tidy', signal]);
    const ended = ending(child);
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 7, signal: null });
  });

  test('a program that a signal ends is seen to end by it', async () => {
    const child = launch(options, ['wait']);
    const ended = ending(child);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  test.each(['wait', 'busy'])('when the launcher is killed outright, a program that is at "%s" dies with it', async (what) => {
    const child = launch(options, [what]);
    const ended = ending(child); // only when the program is gone too: it holds the same output
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  });
});

test('without any Node that is new enough, one line says what is needed', async () => {
  await rm(path.join(home, 'node_modules'));
  const { code, out, err } = await ending(launch(['--import', pretendOld], ['exit', '0']));
  expect({ code, out, err }).toEqual({ code: 1, out: '', err: `cachette needs Node 24 or newer; this is ${process.version}\n` });
});
