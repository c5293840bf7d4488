#!/usr/bin/env node
// The `cachette` command. Plain JavaScript that any Node >= 20 runs: it finds a Node that is new enough and goes on there.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';

const oldestNode = 24;

if (Number(process.versions.node.split('.')[0]) >= oldestNode) await runHere();
else await runUnderBundledNode();

async function runHere() {
  if (process.env.CACHETTE_LAUNCHER_FD !== undefined) await dieWithLauncher();
  try {
    const folder = compileCacheFolder();
    if (folder !== undefined) module.enableCompileCache(folder);
  } catch {
    // Only start-up time is lost.
  }
  await import(new URL('cli-main.js', import.meta.url).href); // stands beside this file in dist
}

/**
 * When the launching process is killed outright it cannot pass that on, but its end of the pipe closes. A thread watches,
 * because this one may be busy; it dies hard, as the launcher did: a crash is what the one who killed it asked for.
 */
async function dieWithLauncher() {
  const fd = Number(process.env.CACHETTE_LAUNCHER_FD);
  delete process.env.CACHETTE_LAUNCHER_FD; // not for the processes that this one starts
  if (fd !== 3) return;
  const { Worker } = await import('node:worker_threads');
  const watch = `
    const die = () => process.kill(process.pid, 'SIGKILL');
    new (require('node:net').Socket)({ fd: 3, readable: true, writable: false }).on('end', die).on('error', die).resume();
  `;
  new Worker(watch, { eval: true, stdin: false, env: {}, execArgv: [] }).unref();
}

/** In the user's own cache folder and readable by that user alone: code from a folder that others can write would be theirs. */
function compileCacheFolder() {
  const home = os.homedir();
  const caches = {
    win32: process.env.LOCALAPPDATA,
    darwin: path.join(home, 'Library', 'Caches'),
  };
  const base = caches[process.platform] ?? process.env.XDG_CACHE_HOME ?? path.join(home, '.cache');
  if (!path.isAbsolute(base)) return undefined;
  const folder = path.join(base, 'cachette', 'compiled');
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return folder;
  const { uid, mode } = fs.statSync(folder);
  return uid === process.getuid() && (mode & 0o022) === 0 ? folder : undefined;
}

async function runUnderBundledNode() {
  const node = findBundledNode();
  if (node === undefined) {
    console.error(`cachette needs Node ${oldestNode} or newer; this is ${process.version}`);
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [import.meta.filename, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, CACHETTE_LAUNCHER_FD: '3' },
  });
  const forward = (signal) => {
    // A terminal sends Ctrl-C to the child too; twice would mean "at once, without tidying up".
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  child.stdio[3].on('error', () => {}); // the child is gone: its exit says so
  child.once('error', (error) => {
    console.error(`cachette could not start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    for (const each of signals) process.off(each, forward);
    if (signal !== null) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}

function findBundledNode() {
  const windows = process.platform === 'win32';
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`;
  try {
    const manifest = module.createRequire(import.meta.url).resolve(`${name}/package.json`);
    const node = path.join(path.dirname(manifest), 'bin', windows ? 'node.exe' : 'node');
    return fs.existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
