// `npm start | test | attack | scenarios | sweeps | images | test:servers | exhaustive | figures | bench | fuzz | soak | mutations | check | build | dist | sign-feed | demo | fix` on a bare checkout, from any Node >= 20:
// installs what package-lock.json says when that has changed, then does the task under the Node that the project brings along.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install.mjs';
import { runChild } from './run-child.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const oldestNode = 24;

/** Each tool by its path and under the project's Node: a shim in .bin would run under whichever Node is first in PATH. */
const tools = {
  tsc: 'typescript/bin/tsc',
  oxlint: 'oxlint/bin/oxlint',
  oxfmt: 'oxfmt/bin/oxfmt',
  depcruise: 'dependency-cruiser/bin/dependency-cruiser.mjs',
  knip: 'knip/bin/knip.js',
  vitest: 'vitest/vitest.mjs',
};

const tasks = {
  start,
  test,
  attack,
  scenarios,
  sweeps,
  images,
  'test:servers': testServers,
  exhaustive,
  figures,
  bench,
  fuzz,
  soak,
  mutations,
  check,
  build,
  dist,
  'sign-feed': signFeed,
  demo,
  fix,
};

const [name = '', ...rest] = process.argv.slice(2);
try {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (task === undefined) throw new Error(`unknown task '${name}': one of ${Object.keys(tasks).join(', ')}`);
  process.chdir(root);
  await installPackages(root);
  process.exitCode = await task(projectNode(), rest);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function start(node, args) {
  return (await build(node)) || run(node, ['.scripts/start-desktop.mjs', ...args]);
}

async function demo(node, args) {
  return (await build(node)) || run(node, ['test/demo/demo.ts', ...args]);
}

/** Packages for this computer's system. */
async function dist(node, args) {
  return (await build(node)) || run(node, ['.scripts/package.mjs', ...args]);
}

/** The key of a feed of updates, and its signatures. */
async function signFeed(node, args) {
  return run(node, ['.scripts/sign-feed.mjs', ...args]);
}

async function build(node, args = []) {
  return run(node, ['.scripts/build.mjs', ...args]);
}

/** The tests of the desktop app need a screen and an Electron; without them, the others run, and the last line says so. */
async function test(node, args) {
  const failed = await build(node);
  if (failed) return failed;
  const missing = readyDesktop(node);
  if (missing.length > 0) process.env.CACHETTE_NO_DESKTOP = missing.join('; ');
  const outcome = await runTool(node, 'vitest', ['run', '--config', 'test/vitest.config.ts', ...args]);
  if (missing.length === 0) return outcome;
  console.error(`\n*** THE TESTS OF THE DESKTOP APP DID NOT RUN. Missing: ${missing.join('; ')} ***`);
  return (process.env.CI ?? '') === '' ? outcome : outcome || 1;
}

function readyDesktop(node) {
  const { stdout } = spawnSync(node, ['.scripts/ready-desktop.mjs'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return stdout.split('\n').filter((line) => line !== '');
}

/**
 * Every attack of the catalogue in full, of which `test` does a part; says of each case and of each entry whether it held.
 * CACHETTE_ATTACK=part does what `test` does.
 */
async function attack(node, args) {
  process.env.CACHETTE_ATTACK ??= 'full';
  const catalogue = fs.readFileSync('test/attack/CATALOGUE.md', 'utf8');
  const files = new Set(['test/attack', ...[...catalogue.matchAll(/`(test\/[^`]+?\.test\.ts): /g)].map(([, file]) => file)]);
  return report(node, [...files], 'test/attack/held-or-fell-reporter.ts', args);
}

/** Mutated inputs for every parser, for as long as asked. */
async function fuzz(node, args) {
  return run(node, ['test/fuzz/run-fuzz.ts', ...args]);
}

/** What large trees and files cost, and the app at rest, in full size: a table of what was measured and what it may be. */
async function figures(node, args) {
  process.env.CACHETTE_FIGURES ??= 'full';
  return report(node, ['test/acceptance', 'test/desktop/app-figures'], 'test/acceptance/figures-reporter.ts', args);
}

/** Cachette beside other programs on the same data: a table of medians and ratios. */
async function bench(node, args) {
  return (await build(node)) || run(node, ['test/bench/run-bench.ts', ...args]);
}

/** Random histories of whole engines for as long as asked. */
async function soak(node, args) {
  return run(node, ['test/simulation/soak.ts', ...args]);
}

/** Plants one bug after the other in a copy, and sees whether it is found. */
async function mutations(node, args) {
  return (await build(node)) || run(node, ['test/mutations/run-mutations.ts', ...args]);
}

/** Tests, those of `paths` where none are named, that are told of by a reporter of their own. */
async function report(node, paths, reporter, args) {
  return test(node, ['--reporter', `./${reporter}`, ...(args.length > 0 ? args : paths)]);
}

/** Every pair of acts on every small tree, and many longer histories, of which `test` does a part. */
async function exhaustive(node, args) {
  process.env.CACHETTE_PLANNER_PAIRS ??= 'all';
  process.env.CACHETTE_PLANNER_DRAWS ??= '100000';
  process.env.CACHETTE_PLANNER_HISTORIES ??= '50000';
  return runTool(node, 'vitest', ['run', '--config', 'test/vitest.config.ts', ...(args.length > 0 ? args : ['test/planner'])]);
}

/** Every named scenario in every way it can go, on simulated devices and on real folders. */
async function scenarios(node, args) {
  process.env.CACHETTE_SCENARIOS = 'all';
  return test(node, ['--reporter', 'verbose', ...(args.length > 0 ? args : ['test/scenarios/simulated', 'test/scenarios/real'])]);
}

/** Every named scenario again with one thing going wrong, at every call of every engine (or CACHETTE_SWEEP of each kind). */
async function sweeps(node, args) {
  process.env.CACHETTE_SWEEP ??= 'all';
  return runTool(node, 'vitest', ['run', '--config', 'test/vitest.config.ts', '--reporter', 'verbose', 'test/scenarios/sweeps', ...args]);
}

/** Folders on file systems of other computers, as far as this machine can mount images of them. */
async function images(node, args) {
  process.env.CACHETTE_IMAGES ??= 'all';
  const tests = ['run', '--config', 'test/vitest.config.ts', '--reporter', 'verbose', 'test/cli/real-images', ...args];
  return (await build(node)) || runTool(node, 'vitest', tests);
}

/**
 * Store servers of others, those named or all, installed where they are missing; `--if-possible` leaves out what can't be installed here, other
 * options go to the test runner.
 */
async function testServers(node, args) {
  const options = args.filter((arg) => arg.startsWith('-') && arg !== '--if-possible');
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (names.length > 0) process.env.CACHETTE_SERVERS = names.join(',');
  const mayLack = names.length === 0 || args.includes('--if-possible');
  return (
    (await build(node)) ||
    (await run(node, ['test/servers/install-servers.ts', ...(mayLack ? ['--if-possible'] : [])])) ||
    runTool(node, 'vitest', ['run', '--config', 'test/servers/vitest.config.ts', ...options])
  );
}

/** Every step runs, so that one run shows all there is to mend. */
async function check(node) {
  const code = formattedFolders();
  const steps = [
    ['types', 'tsc', ['-p', 'tsconfig.json']],
    ['types of the desktop tests', 'tsc', ['-p', 'test/desktop']],
    ['types of the older Electron', 'tsc', ['-p', 'tsconfig.electron-33.json']],
    ['types of the windows', 'tsc', ['-p', 'renderer']],
    ['lint', 'oxlint', code],
    ['format', 'oxfmt', ['--check', ...code]],
    ['layers', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src', 'renderer']],
    ['unused', 'knip', []],
  ];
  const failed = [];
  for (const [title, tool, args] of steps) {
    console.log(`--- ${title}`);
    if ((await runTool(node, tool, args)) !== 0) failed.push(title);
  }
  console.log(
    `--- ${steps.length - failed.length} of ${steps.length} checks passed${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`,
  );
  return failed.length > 0 ? 1 : 0;
}

async function fix(node, args) {
  const paths = args.length > 0 ? args : formattedFolders();
  const linted = await runTool(node, 'oxlint', ['--fix', ...paths]);
  const formatted = await runTool(node, 'oxfmt', ['--write', ...paths]);
  return linted || formatted;
}

function formattedFolders() {
  return ['src', 'test', 'renderer', 'native', '.scripts'].filter((folder) => fs.existsSync(path.join(root, folder)));
}

function projectNode() {
  const windows = process.platform === 'win32';
  const folder = `node-${windows ? 'win' : process.platform}-${process.arch}`;
  const pinned = path.join(root, 'node_modules', folder, 'bin', windows ? 'node.exe' : 'node');
  if (fs.existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) return process.execPath;
  throw new Error(`Node ${oldestNode} or newer is needed on ${process.platform}-${process.arch}; this is ${process.version}`);
}

function runTool(node, tool, args) {
  return run(node, [path.join('node_modules', tools[tool]), ...args]);
}

/** The exit code. */
async function run(node, args) {
  const searchPath = [path.dirname(node), path.join(root, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter);
  const { code, signal } = await runChild(node, args, { cwd: root, env: { ...process.env, PATH: searchPath, CACHETTE_NODE: node } });
  if (signal !== null) console.error(`${path.basename(args[0])} was stopped by ${signal}`);
  return code ?? 1;
}
