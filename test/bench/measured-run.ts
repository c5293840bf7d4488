import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** A command, and what it needs to be told. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a whole process and all its children took, as the operating system counted it. */
export interface Cost {
  readonly seconds: number;
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  /** Of the largest of its processes. */
  readonly peakBytes: number;
}

/** Runs it to its end, which must be a good one. What was written to the disk before is on the disk by then. */
export function measure({ program, args, env = {} }: Command, reportFile: string): Cost {
  spawnSync('sync');
  const format = ['-o', reportFile, '-f', '%e %U %S %M'];
  const { status, stderr, stdout } = spawnSync('/usr/bin/time', [...format, program, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  // Where a command prints something of its own to it, the figures stand last.
  const [seconds = 0, user = 0, system = 0, kib = 0] = (fs.readFileSync(reportFile, 'utf8').trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { seconds, cpuSeconds: user + system, peakBytes: kib * 1024 };
}

/** Runs it and waits, unmeasured; what it printed. */
export function prepare({ program, args, env = {} }: Command): string {
  const { status, stdout, stderr } = spawnSync(program, [...args], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  return stdout;
}
