/**
 * Packages the desktop app for this computer's system, by electron-builder.yml: `npm run dist [-- dir deb AppImage …]`. With an
 * Electron that only stands in, the packages are for tests: that is said.
 */
import fs from 'node:fs';
import path from 'node:path';
import { build, Platform } from 'electron-builder';
import { findElectron } from './electron-runtime.mjs';

const root = path.resolve(import.meta.dirname, '..');
const isWindows = process.platform === 'win32';
const targets = process.argv.slice(2);
const electron = await findElectron();
if (electron.isStandIn)
  console.error(`made with a stand-in for Electron (${electron.version}): for tests only, not to be given to anybody`);

const parts = path.join(import.meta.dirname, 'package-parts');
// Where the packager of Debian packages can't be fetched, Debian's own does it.
if (fs.existsSync('/usr/bin/dpkg-deb')) process.env.CUSTOM_FPM_PATH ??= path.join(import.meta.dirname, 'fpm-by-dpkg.mjs');

// Where the app looks for newer ones, as it was built; a name that is nobody's where it does not look.
const { feed } = JSON.parse(fs.readFileSync(path.join(root, 'dist', 'desktop', 'update-trust.json'), 'utf8'));
process.env.CACHETTE_UPDATE_FEED = feed ?? 'https://cachette.invalid/';

const made = await build({
  targets: Platform.current().createTarget(targets.length > 0 ? targets : null),
  projectDir: root,
  publish: 'never',
  config: {
    extends: 'electron-builder.yml',
    electronVersion: electron.version,
    ...(electron.isStandIn ? { electronDist: electron.dir } : {}),
    // Under the Node that the tests ran with.
    extraResources: [
      { from: path.relative(root, process.env.CACHETTE_NODE ?? process.execPath), to: path.join('bin', isWindows ? 'node.exe' : 'node') },
    ],
    deb: { fpm: [`${path.join(parts, 'cachette')}=/usr/bin/cachette`] },
  },
});
for (const file of made) console.log(file);
