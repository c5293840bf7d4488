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

export interface Outcome {
  readonly isCaught: boolean;
  /** What caught it; or what failed and has nothing to do with it. */
  readonly what: string;
}

/** What a finder found. */
interface Catch {
  readonly what: string;
  /** A random history that failed. */
  readonly history?: Found['history'];
}

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
    let found: Catch | undefined;
    try {
      for (const finder of finders) found ??= await this.#ask(finder);
    } finally {
      fs.writeFileSync(at, source);
    }
    if (found === undefined) return { isCaught: false, what: '' };
    return (await this.#failsAnyway(found))
      ? { isCaught: false, what: `${found.what} fails without it, too` }
      : { isCaught: true, what: found.what };
  }

  remove(): void {
    fs.rmSync(this.#folder, { recursive: true });
  }

  /** Scenarios and tests pass by themselves, or nothing would be landed; that a random history does so nobody has seen. */
  async #failsAnyway({ history }: Catch): Promise<boolean> {
    if (history === undefined) return false;
    const again = ['histories', JSON.stringify([history.kind]), '1', String(history.seed)];
    return (await this.#search('random history', again)) !== undefined;
  }

  #ask(finder: Finder): Promise<Catch | undefined> {
    switch (finder.by) {
      case 'scenarios':
        return this.#search('scenario', ['scenarios', JSON.stringify(finder.topics ?? [])]);
      case 'histories':
        return this.#search('random history', ['histories', JSON.stringify(finder.kinds), String(finder.atMost), this.#seed]);
      case 'tests':
        return this.#test(finder.tests);
    }
  }

  async #search(what: string, args: readonly string[]): Promise<Catch | undefined> {
    const { code, output } = await this.#run(['test/mutations/find-planted.ts', ...args]);
    if (code !== 0) return { what: `${what} 1: ${errorIn(output)}` };
    const found = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Found;
    return found.what === undefined ? undefined : { what: `${what} ${found.count}: ${found.what}`, history: found.history };
  }

  async #test(paths: readonly string[]): Promise<Catch | undefined> {
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', '--bail', '1', '--reporter', 'dot'];
    const { code, output } = await this.#run([...vitest, ...paths]);
    if (code === 0) return undefined;
    return { what: `test: ${/FAIL\S* +(.+)/.exec(output)?.[1] ?? errorIn(output)}` };
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
      // Not at its exit: what it said last may still be on its way then.
      child.on('close', (code) => resolve({ code, output }));
    });
  }
}
