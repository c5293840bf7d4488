import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** Debian asks it whether a package may start its services; 101 is no. These would open ports to everyone. */
const startPolicy = '/usr/sbin/policy-rc.d';

/** Installs Debian's packages, where that can be done (as root of a Debian); says where it can't. Starts none of their services. */
export function installPackages(packages: readonly string[]): void {
  if (packages.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && fs.existsSync('/usr/bin/apt-get')) withoutServices(() => install(packages));
  else console.log(`not root of a Debian: ${packages.join(' ')} can't be installed here`);
}

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
