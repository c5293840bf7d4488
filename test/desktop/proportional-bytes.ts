import fs from 'node:fs';

/** Memory of a process and all that it started: what several of them share is counted once (PSS). Linux only. */
export function proportionalBytes(pid: number): number {
  const children = new Map<number, number[]>();
  for (const name of fs.readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(name) : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const sum = (process: number): number => pssOf(process) + (children.get(process) ?? []).reduce((bytes, child) => bytes + sum(child), 0);
  return sum(pid);
}

/** Undefined for one that has just ended. */
function parentOf(pid: string): number | undefined {
  const status = readOr(`/proc/${pid}/status`);
  const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

function pssOf(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(readOr(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

function readOr(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
