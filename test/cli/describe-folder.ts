import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Everything in a folder that is synced: kind, content, times and execute bits, by path. */
export function describeFolder(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (prefix: string): void => {
    for (const name of fs.readdirSync(path.join(folder, prefix))) {
      if (prefix === '' && name === '.cachette') continue;
      const relative = path.join(prefix, name);
      const file = path.join(folder, relative);
      const stats = fs.lstatSync(file, { bigint: true });
      if (stats.isDirectory()) {
        found[relative] = 'folder';
        visit(relative);
      } else if (stats.isSymbolicLink()) found[relative] = `link to ${fs.readlinkSync(file)}`;
      else {
        const hash = createHash('sha256').update(fs.readFileSync(file)).digest('hex');
        found[relative] = `file ${stats.size} ${hash} ${stats.mtimeNs / 1000n} ${(stats.mode & 0o100n) === 0n ? '' : 'x'}`;
      }
    }
  };
  visit('');
  return found;
}

/** A small tree with one of everything. */
export function fillFolder(folder: string): void {
  const write = (name: string, content: string | Uint8Array, mode = 0o644): void => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content, { mode });
  };
  write('plan.md', '# Plan\n');
  write('empty', '');
  write('docs/deep/er/notes.txt', 'notes\n'.repeat(1000));
  write('docs/naïve “name” \n.txt', 'odd');
  write('tool.sh', '#!/bin/sh\n', 0o755);
  write('large.bin', pseudoRandom(3_000_000));
  fs.mkdirSync(path.join(folder, 'nothing in here'));
  fs.symlinkSync('docs/deep', path.join(folder, 'link'));
  fs.utimesSync(path.join(folder, 'plan.md'), 1_500_000_000.123_456, 1_500_000_000.123_456);
}

/** Bytes that don't compress, the same each time. */
export function pseudoRandom(count: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(count);
  let state = seed;
  for (let at = 0; at < count; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}
