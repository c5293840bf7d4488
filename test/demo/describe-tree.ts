import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** One line for each item below the folder: kind, owner's execute bit, mtime in microseconds, hash or link text, path. Cachette's own folder is left out. */
export function describeTree(folder: string): string[] {
  const lines: string[] = [];
  const walk = (at: string): void => {
    for (const name of fs.readdirSync(path.join(folder, at)).toSorted()) {
      if (at === '' && name === '.cachette') continue;
      const item = path.join(at, name);
      const full = path.join(folder, item);
      const stat = fs.lstatSync(full, { bigint: true });
      if (stat.isDirectory()) {
        lines.push(`folder ${item}`);
        walk(item);
      } else if (stat.isSymbolicLink()) lines.push(`link ${fs.readlinkSync(full)} ${item}`);
      else
        lines.push(
          `file ${(stat.mode & 0o100n) === 0n ? '-' : 'x'} ${stat.mtimeNs / 1000n} ${createHash('sha256').update(fs.readFileSync(full)).digest('hex')} ${item}`,
        );
    }
  };
  walk('');
  return lines;
}

/** What the first has and the second has not, and the other way round; empty where the trees are the same. */
export function differences(a: readonly string[], b: readonly string[]): string[] {
  const inA = new Set(a);
  const inB = new Set(b);
  return [
    ...a.filter((line) => !inB.has(line)).map((line) => `- ${line}`),
    ...b.filter((line) => !inA.has(line)).map((line) => `+ ${line}`),
  ];
}
