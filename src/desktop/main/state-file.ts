/** Small things kept between runs, as JSON; what can't be read counts as not there. */
import fs from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';

const maxBytes = 64 * 1024;

export class StateFile<Content> {
  readonly #file: string;
  readonly #schema: z.ZodType<Content>;

  constructor(file: string, schema: z.ZodType<Content>) {
    this.#file = file;
    this.#schema = schema;
  }

  read(): Content | undefined {
    try {
      if (fs.statSync(this.#file).size > maxBytes) return undefined;
      return this.#schema.parse(JSON.parse(fs.readFileSync(this.#file, 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Whole or not at all. Says nothing where it could not be written: there is the old one, or none. */
  write(content: Content): void {
    const fresh = `${this.#file}.new`;
    try {
      fs.mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      fs.writeFileSync(fresh, `${JSON.stringify(content)}\n`, { mode: 0o600 });
      fs.renameSync(fresh, this.#file);
    } catch {
      fs.rmSync(fresh, { force: true });
    }
  }
}
