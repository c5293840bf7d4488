// Gets ready what the tests of the desktop app need and npm does not bring: a screen, a bus, Chromium's libraries, an Electron.
// Installs what is missing where it may. Prints what is still missing, a line each; nothing where all is there.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { findElectron } from './electron-runtime.mjs';

/** What is needed: a file that shows that it is there, and the package of Debian (and of its relatives) that brings it. */
const needs = [
  { package: 'xvfb', isThere: () => has('Xvfb') },
  { package: 'dbus-daemon', isThere: () => has('dbus-daemon') },
  { package: 'dbus-bin', isThere: () => has('dbus-send') },
  { package: 'unzip', isThere: () => has('unzip') },
  { package: 'libgtk-3-0', isThere: () => hasLibrary('libgtk-3.so.0') },
  { package: 'libnss3', isThere: () => hasLibrary('libnss3.so') },
  { package: 'libgbm1', isThere: () => hasLibrary('libgbm.so.1') },
  { package: 'libasound2', isThere: () => hasLibrary('libasound.so.2') },
  { package: 'libnotify4', isThere: () => hasLibrary('libnotify.so.4') },
];

let missing = lacking();
if (missing.length > 0 && process.getuid?.() === 0 && has('apt-get')) {
  console.error(`installing what the tests of the desktop app need: ${missing.join(' ')}`);
  install(missing);
  missing = lacking();
}
for (const name of missing) console.log(`the package ${name} (Debian's name for it)`);
if (missing.length === 0) {
  try {
    await findElectron();
  } catch (error) {
    console.log(`an Electron: ${error.message}`);
  }
}

function lacking() {
  // Elsewhere Electron brings all it needs.
  return process.platform === 'linux' ? needs.filter(({ isThere }) => !isThere()).map((need) => need.package) : [];
}

function has(program) {
  return (process.env.PATH ?? '').split(':').some((dir) => dir !== '' && fs.existsSync(`${dir}/${program}`));
}

let libraries;

function hasLibrary(name) {
  libraries ??= spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  return libraries.includes(`\t${name} `);
}

function install(names) {
  libraries = undefined;
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const get = () => spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], options).status === 0;
  // Lists of packages may be old, or not there at all.
  if (!get() && spawnSync('apt-get', ['update', '-qq'], options).status === 0) get();
}
