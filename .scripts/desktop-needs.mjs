// What the desktop app needs and npm does not bring, on Linux: libraries of Chromium, and for its tests a screen and a bus.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** A file that shows that it is there, and the package of Debian (and of its relatives) that brings it. */
const toRun = [
  { package: 'unzip', isThere: () => has('unzip') },
  { package: 'libgtk-3-0', isThere: () => hasLibrary('libgtk-3.so.0') },
  { package: 'libnss3', isThere: () => hasLibrary('libnss3.so') },
  { package: 'libgbm1', isThere: () => hasLibrary('libgbm.so.1') },
  { package: 'libasound2', isThere: () => hasLibrary('libasound.so.2') },
  { package: 'libnotify4', isThere: () => hasLibrary('libnotify.so.4') },
];
const toTest = [
  { package: 'xvfb', isThere: () => has('Xvfb') },
  { package: 'dbus-daemon', isThere: () => has('dbus-daemon') },
  { package: 'dbus-bin', isThere: () => has('dbus-send') },
];

/**
 * Installs what is missing where it may: as root, on Debian. The packages that are still missing then.
 * @param {'run' | 'test'} purpose
 * @returns {string[]}
 */
export function provideNeeds(purpose) {
  // Elsewhere Electron brings all it needs.
  if (process.platform !== 'linux') return [];
  const needs = purpose === 'run' ? toRun : [...toTest, ...toRun];
  const lacking = () => needs.filter(({ isThere }) => !isThere()).map((need) => need.package);
  const missing = lacking();
  if (missing.length === 0 || process.getuid?.() !== 0 || !has('apt-get')) return missing;
  console.error(`installing what the desktop app needs: ${missing.join(' ')}`);
  install(missing);
  return lacking();
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
