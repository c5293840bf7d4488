import fs from 'node:fs';
import path from 'node:path';

const projectRoot = path.resolve(import.meta.dirname, '../..');

/**
 * Copies real files into the folder until there are at least `count`: our own sources first, then installed packages, as
 * they are (modes, times and links included). Gives the number of files.
 */
export function gatherFiles(folder: string, count: number): number {
  let files = 0;
  const take = (from: string, to: string): void => {
    fs.cpSync(from, path.join(folder, to), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    files += countFiles(path.join(folder, to));
  };
  for (const name of ['src', 'test', 'README.md', 'package.json'])
    if (fs.existsSync(path.join(projectRoot, name))) take(path.join(projectRoot, name), `cachette/${name}`);
  const packages = path.join(projectRoot, 'node_modules');
  for (const name of ['typescript', ...fs.readdirSync(packages).toSorted()]) {
    if (files >= count) return files;
    const to = `packages/${name}`;
    // Node's own binary would only make the demo slow.
    if (name.startsWith('.') || name.startsWith('node-') || fs.existsSync(path.join(folder, to))) continue;
    take(path.join(packages, name), to);
  }
  for (let copy = 2; copy < 100; copy += 1) {
    if (files >= count) break;
    take(path.join(folder, 'packages'), `more packages ${copy}`);
  }
  return files;
}

/** Regular files and links below the folder; 1 for a file. */
export function countFiles(at: string): number {
  if (!fs.lstatSync(at).isDirectory()) return 1;
  return fs
    .readdirSync(at, { withFileTypes: true })
    .reduce((sum, entry) => sum + (entry.isDirectory() ? countFiles(path.join(at, entry.name)) : 1), 0);
}
