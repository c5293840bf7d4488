/**
 * Plants each bug of the list in a copy of the source, and sees whether what is to find it does. Exit code 1 where one
 * escaped. Takes parts of names of bugs: then only these.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { plantedBugs, type PlantedBug } from './planted-bugs.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    histories: { type: 'string', default: '3000' },
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
      return 'kinds' in finders ? await this.#search(finders.kinds) : await this.#test(finders.tests);
    } finally {
      fs.writeFileSync(at, source);
    }
  }

  remove(): void {
    fs.rmSync(this.#folder, { recursive: true });
  }

  async #search(kinds: 'all' | readonly string[]): Promise<Outcome> {
    const wanted = kinds === 'all' ? kinds : JSON.stringify(kinds);
    const { code, output } = await this.#run(['test/mutations/find-planted.ts', wanted, options.histories, options.seed]);
    if (code !== 0)
      return `at once: ${
        output
          .trim()
          .split('\n')
          .findLast((line) => line.includes('Error')) ?? 'it ended'
      }`;
    const { count, finding } = JSON.parse(output) as { count: number; finding?: { kind: string; seed: number; sign: string } };
    return finding && `after ${count} histories (${finding.kind}, seed ${finding.seed}: ${finding.sign})`;
  }

  async #test(tests: readonly string[]): Promise<Outcome> {
    const vitest = [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config',
      'test/vitest.config.ts',
      '--bail',
      '1',
      '--reporter',
      'dot',
      ...tests,
    ];
    const { code, output } = await this.#run(vitest);
    if (code === 0) return undefined;
    return `by a test: ${/FAIL\S* +(.+)/.exec(output)?.[1] ?? 'it ended'}`;
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
    const outcome = await plot.plant(bug);
    say(outcome === undefined ? `ESCAPED ${bug.name}` : `caught  ${bug.name} ${outcome}`);
    if (outcome === undefined) escaped.push(bug.name);
  }
  plot.remove();
}

await Promise.all(Array.from({ length: Number(options.workers) }, work));
say(`${wanted.length - escaped.length} of ${wanted.length} planted bugs caught`);
process.exitCode = escaped.length > 0 ? 1 : 0;
