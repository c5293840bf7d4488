/** Installs what the chosen servers need and this machine lacks, where that can be done: as root of a Debian. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { chosenServers, isInstalled } from './chosen-servers.ts';

/** Debian asks it whether a package may start its services; 101 is no. These would open ports to everyone. */
const startPolicy = '/usr/sbin/policy-rc.d';

const missing = chosenServers().filter((kind) => !isInstalled(kind));
const packages = [...new Set(missing.flatMap((kind) => kind.packages))];
if (packages.length > 0) {
  const isRoot = process.getuid?.() === 0;
  if (isRoot && fs.existsSync('/usr/bin/apt-get')) withoutServices(() => install(packages));
  else console.log(`not root of a Debian: ${packages.join(' ')} can't be installed here`);
}
const lacking = missing.filter((kind) => !isInstalled(kind)).map(({ name }) => name);
for (const name of lacking) console.log(`${name} can't be had here`);
if (lacking.length > 0 && !process.argv.includes('--if-possible')) process.exitCode = 1;

function install(names: readonly string[]): void {
  console.log(`installing ${names.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...names];
  const run = (list: readonly string[]): number | null =>
    spawnSync('apt-get', list, { env, stdio: ['ignore', 'ignore', 'inherit'] }).status;
  // Lists of packages may be old, or not there at all.
  if (run(args) !== 0 && run(['update', '-qq']) === 0) run(args);
}

function withoutServices(act: () => void): void {
  const isOurs = !fs.existsSync(startPolicy);
  if (isOurs) fs.writeFileSync(startPolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    act();
  } finally {
    if (isOurs) fs.rmSync(startPolicy, { force: true });
  }
}
