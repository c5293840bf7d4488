import { createHash } from 'node:crypto';

/** Hash of all that happened in a history: two runs of one seed that differ anywhere differ here. */
export class Trace {
  readonly #steps: string[] = [];

  add(text: string): void {
    this.#steps.push(text);
  }

  /** Of the steps so far. */
  get hash(): string {
    return createHash('sha256').update(this.#steps.join('\n')).digest('hex').slice(0, 16);
  }
}
