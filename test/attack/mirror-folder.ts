import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes `to` what `from` is, and leaves alone what is so already: an item that was never touched stays the same item (inode and
 * birth), as it would for a device that goes on from here.
 */
export function mirrorFolder(from: string, to: string): void {
  for (const name of fs.readdirSync(to)) if (find(path.join(from, name)) === undefined) remove(path.join(to, name));
  for (const name of fs.readdirSync(from)) {
    const [source, target] = [path.join(from, name), path.join(to, name)];
    if (find(source)?.isDirectory() === true && find(target)?.isDirectory() === true) mirrorFolder(source, target);
    else if (!isSame(source, target)) {
      remove(target);
      // Keeps times to the nanosecond, which Node's own copy does not.
      execFileSync('cp', ['-a', source, target]);
    }
  }
  const { mode, atimeMs, mtimeMs } = fs.lstatSync(from);
  if (fs.lstatSync(to).mtimeMs !== mtimeMs) fs.utimesSync(to, atimeMs / 1000, mtimeMs / 1000);
  fs.chmodSync(to, mode & 0o7777);
}

function isSame(source: string, target: string): boolean {
  const [a, b] = [find(source), find(target)];
  if (a === undefined || b === undefined || a.mode !== b.mode || a.mtimeNs !== b.mtimeNs || a.size !== b.size) return false;
  if (a.isSymbolicLink()) return fs.readlinkSync(source) === fs.readlinkSync(target);
  return a.isFile() && fs.readFileSync(source).equals(fs.readFileSync(target));
}

function find(file: string): fs.BigIntStats | undefined {
  return fs.lstatSync(file, { bigint: true, throwIfNoEntry: false });
}

function remove(file: string): void {
  fs.rmSync(file, { recursive: true, force: true });
}
