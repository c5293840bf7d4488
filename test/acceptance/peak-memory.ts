import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Program } from '../cli/program.ts';

const noteScript = pathToFileURL(path.join(import.meta.dirname, 'note-peak-memory.ts')).href;

/** Measures the memory of the processes that are started with `env`. */
export class PeakMemory {
  readonly #folder: string;
  readonly env: Readonly<Record<string, string>>;

  constructor(program: Program) {
    this.#folder = program.at('peaks');
    fs.mkdirSync(this.#folder);
    this.env = { NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${noteScript}`, NOTE_PEAK_MEMORY_IN: this.#folder };
  }

  /** Bytes that the largest of those had that ended since the last call. */
  take(): number {
    const files = fs.readdirSync(this.#folder).map((name) => path.join(this.#folder, name));
    if (files.length === 0) throw new Error('no process noted its memory');
    const peaks = files.map((file) => Number(fs.readFileSync(file, 'utf8')));
    for (const file of files) fs.rmSync(file);
    return Math.max(...peaks);
  }
}
