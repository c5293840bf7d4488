import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const ownFolder = '.cachette';

/**
 * One line for everything below the folder: kind, permission bits, mtime to the nanosecond, content, path. Of Cachette's own
 * folder in it the files' names count, as nothing may be left lying there or put into its trash either.
 */
export function folderState(folder: string): string[] {
  const lines: string[] = [];
  const walk = (at: string): void => {
    for (const name of fs.readdirSync(path.join(folder, at), { encoding: 'latin1' }).toSorted()) {
      const item = at === '' ? name : `${at}/${name}`;
      const full = Buffer.from(path.join(folder, item), 'latin1');
      const stat = fs.lstatSync(full, { bigint: true });
      const isOwn = item === ownFolder || item.startsWith(`${ownFolder}/`);
      const facts = isOwn ? 'own' : `${(stat.mode & 0o7777n).toString(8)} ${stat.mtimeNs}`;
      if (stat.isDirectory()) {
        if (!isOwn) lines.push(`folder ${facts} ${item}`);
        walk(item);
      } else if (stat.isSymbolicLink()) lines.push(`link ${facts} ${fs.readlinkSync(full)} ${item}`);
      else if (stat.isFile()) lines.push(`file ${facts} ${isOwn ? '' : hashOf(full)} ${item}`);
      else lines.push(`other ${facts} ${item}`);
    }
  };
  walk('');
  return lines;
}

function hashOf(file: fs.PathLike): string {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}
