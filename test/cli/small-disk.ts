/** A disk that is soon full, in memory: where this machine lets us mount one. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const mib = 1024 * 1024;

export class SmallDisk {
  readonly dir: string;

  /** Mounts it at the folder, which is made. Throws what the system says. */
  constructor(dir: string, sizeMib: number) {
    this.dir = dir;
    fs.mkdirSync(dir, { recursive: true });
    run('mount', '-t', 'tmpfs', '-o', `size=${sizeMib}m,mode=0700`, 'tmpfs', dir);
  }

  /** To the last byte. */
  fill(): void {
    const block = Buffer.alloc(mib);
    const handle = fs.openSync(this.#filler, 'a', 0o600);
    try {
      for (let size = block.length; size >= 1;)
        try {
          fs.writeSync(handle, block, 0, size);
        } catch {
          size = Math.floor(size / 2);
        }
    } finally {
      fs.closeSync(handle);
    }
  }

  /** Somebody made room. */
  empty(): void {
    fs.rmSync(this.#filler);
  }

  grow(sizeMib: number): void {
    run('mount', '-o', `remount,size=${sizeMib}m`, this.dir);
  }

  unmount(): void {
    run('umount', '-l', this.dir);
  }

  get #filler(): string {
    return path.join(this.dir, 'index.sqlite.filler');
  }
}

function run(command: string, ...args: readonly string[]): void {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
  const { status, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', timeout: 20_000 });
  if (status !== 0) throw new Error(`${command}: ${stderr?.trim() ?? error?.message ?? String(status)}`);
}

/** What this machine lacks for one; undefined where it can mount one. */
export function whatSmallDisksLack(): string | undefined {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-small-disk-'));
  try {
    new SmallDisk(dir, 1).unmount();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}
