import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Found } from './found.ts';
import type { Finder, PlantedBug } from './planted-bugs.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** What tests need beside the source. */
const copied = ['src', 'test', 'package.json', 'tsconfig.json', '.scripts'];
/** An endless loop is a way of being caught. */
const timeoutMs = 30 * 60_000;

/** How it was caught; undefined: it was not. */
export type Outcome = string | undefined;

function errorIn(output: string): string {
  const lines = output.trim().split('\n');
  return lines.findLast((line) => line.includes('Error'))?.trim() ?? 'it ended';
}

/** A copy of the project for one bug after the other. */
export class Plot {
  readonly #seed: string;
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-planted-'));

  constructor(seed: string) {
    this.#seed = seed;
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
        return this.#search('scenario', ['scenarios', JSON.stringify(finder.topics ?? [])]);
      case 'histories':
        return this.#search('random history', ['histories', JSON.stringify(finder.kinds), String(finder.atMost), this.#seed]);
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
