// Makes node_modules what package-lock.json says. Plain JavaScript that any Node >= 20 runs, with nothing installed yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';

/** Installs if what is there is not what the lock file says, or was left half-made. */
export async function installPackages(root) {
  const stampFile = path.join(root, 'node_modules', '.stamp');
  if (readText(stampFile) === wantedStamp(root)) return;
  await withLock(path.join(root, '.tmp', 'install.lock'), async (alsoHeldBy) => {
    const stamp = wantedStamp(root);
    if (readText(stampFile) === stamp) return; // another run did it while this one waited
    fs.rmSync(stampFile, { force: true }); // first: an install that dies half-way must not look finished
    const startMs = Date.now();
    await npmCi(root, alsoHeldBy);
    fs.writeFileSync(`${stampFile}.new`, stamp);
    fs.renameSync(`${stampFile}.new`, stampFile);
    console.error(`packages installed (${((Date.now() - startMs) / 1000).toFixed(1)} s)`);
  });
}

/** Only what decides the install counts: a new run-script in package.json must not cost everybody an install. */
function wantedStamp(root) {
  const { dependencies, devDependencies, optionalDependencies, allowScripts, overrides } = JSON.parse(
    fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  return createHash('sha256')
    .update(JSON.stringify([dependencies, devDependencies, optionalDependencies, allowScripts, overrides]))
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .update(readText(path.join(root, '.npmrc')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
}

async function npmCi(root, alsoHeldBy) {
  const args = ['ci', '--include=dev', '--include=optional', '--loglevel=error'];
  // stdout stays free for what the task itself prints.
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const running = process.env.npm_execpath ?? ''; // set inside `npm run`
  const npm = path.basename(running).startsWith('npm-cli')
    ? spawn(process.env.npm_node_execpath ?? process.execPath, [running, ...args], options)
    : spawn('npm', args, { ...options, shell: process.platform === 'win32' });
  const ended = once(npm, 'exit'); // rejects where npm can't be started
  if (npm.pid !== undefined) alsoHeldBy(npm.pid);
  const [code] = await ended;
  if (code !== 0) throw new Error('packages could not be installed (`npm ci` failed): is the package registry reachable?');
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
