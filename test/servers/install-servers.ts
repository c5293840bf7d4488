/** Installs what the chosen servers need and this machine lacks, where that can be done: as root of a Debian. */
import { chosenParts, isInstalled } from './chosen-servers.ts';
import { installPackages } from './install-packages.ts';

const missing = chosenParts().filter((kind) => !isInstalled(kind));
const packages = [...new Set(missing.flatMap((kind) => kind.packages))];
installPackages(packages);
const lacking = missing.filter((kind) => !isInstalled(kind)).map(({ name }) => name);
for (const name of lacking) console.log(`${name} can't be had here`);
if (lacking.length > 0 && !process.argv.includes('--if-possible')) process.exitCode = 1;
