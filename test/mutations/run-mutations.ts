/**
 * Plants each bug of the list in a copy of the source, and sees whether what is to find it does. Exit code 1 where one
 * escaped. Takes parts of names of bugs: then only these.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { plantedBugs } from './planted-bugs.ts';
import { Plot } from './plot.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(os.availableParallelism()) },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const wanted = plantedBugs.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
const queue = wanted.values();
const escaped: string[] = [];

async function work(): Promise<void> {
  const plot = new Plot(options.seed);
  for (const bug of queue) {
    const startMs = performance.now();
    const { isCaught, what } = await plot.plant(bug);
    const seconds = Math.round((performance.now() - startMs) / 1000);
    say(`| ${bug.name} | ${isCaught ? what : `ESCAPED ${what}`} | ${seconds} s |`);
    if (!isCaught) escaped.push(bug.name);
  }
  plot.remove();
}

await Promise.all(Array.from({ length: Number(options.workers) }, work));
say(`${wanted.length - escaped.length} of ${wanted.length} planted bugs caught`);
process.exitCode = escaped.length > 0 ? 1 : 0;
