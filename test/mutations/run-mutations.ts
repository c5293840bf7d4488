/**
 * Plants each bug of the list in a copy of the source, and sees whether what is to find it does. Exit code 1 where one
 * escaped. Takes parts of names of bugs: then only these.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Found } from './found.ts';
import { plantedBugs, type Finder, type PlantedBug } from './planted-bugs.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(os.availableParallelism()) },
  },
});
const root = path.resolve(import.meta.dirname, '../..');
/** What tests need beside the source. */
const copied = ['src', 'test', 'package.json', 'tsconfig.json', '.scripts'];
/** An endless loop is a way of being caught. */
const timeoutMs = 30 * 60_000;

/** How it was caught; undefined: it was not. */
type Outcome = string | undefined;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function errorIn(output: string): string {
  const lines = output.trim().split('\n');
  return lines.findLast((line) => line.includes('Error'))?.trim() ?? 'it ended';
}

/** A copy of the project for one bug after the other. */
class Plot {
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-planted-'));

  constructor() {
    for (const name of copied) fs.cpSync(path.join(root, name), path.join(this.#folder, name), { recursive: true });
    fs.symlinkSync(fs.realpathSync(path.join(root, 'node_modules')), path.join(this.#folder, 'node_modules'));
  }

  async plant({ file, find, replacement, finders }: PlantedBug): Promise<Outcome> {
    const at = path.join(this.#folder, 'src', file);
    const source = fs.readFileSync(at, 'utf8');
    fs.writeFileSync(
      at,
      source.replace(find, () => replacement),
    );
    try {
      for (const finder of finders) {
        const outcome = await this.#ask(finder);
        if (outcome !== undefined) return outcome;
      }
      return undefined;
    } finally {
      fs.writeFileSync(at, source);
    }
  }

  remove(): void {
    fs.rmSync(this.#folder, { recursive: true });
  }

  #ask(finder: Finder): Promise<Outcome> {
    switch (finder.by) {
      case 'scenarios':
        return this.#search('scenario', ['scenarios']);
      case 'histories':
        return this.#search('random history', ['histories', JSON.stringify(finder.kinds), String(finder.atMost), options.seed]);
      case 'tests':
        return this.#test(finder.tests);
    }
  }

  async #search(what: string, args: readonly string[]): Promise<Outcome> {
    const { code, output } = await this.#run(['test/mutations/find-planted.ts', ...args]);
    if (code !== 0) return `${what} 1: ${errorIn(output)}`;
    const found = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Found;
    return found.what === undefined ? undefined : `${what} ${found.count}: ${found.what}`;
  }

  async #test(paths: readonly string[]): Promise<Outcome> {
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--bail', '1', '--reporter', 'dot'];
    const { code, output } = await this.#run([...vitest, ...paths]);
    if (code === 0) return undefined;
    return `test: ${/FAIL\S* +(.+)/.exec(output)?.[1] ?? errorIn(output)}`;
  }

  #run(args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, {
        cwd: this.#folder,
        env: { ...process.env, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: timeoutMs,
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes.toString('utf8')));
      child.on('error', reject);
      child.on('exit', (code) => resolve({ code, output }));
    });
  }
}

const wanted = plantedBugs.filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)));
const queue = wanted.values();
const escaped: string[] = [];

async function work(): Promise<void> {
  const plot = new Plot();
  for (const bug of queue) {
    const startMs = performance.now();
    const outcome = await plot.plant(bug);
    const seconds = Math.round((performance.now() - startMs) / 1000);
    say(`| ${bug.name} | ${outcome ?? 'ESCAPED'} | ${seconds} s |`);
    if (outcome === undefined) escaped.push(bug.name);
  }
  plot.remove();
}

await Promise.all(Array.from({ length: Number(options.workers) }, work));
say(`${wanted.length - escaped.length} of ${wanted.length} planted bugs caught`);
process.exitCode = escaped.length > 0 ? 1 : 0;
