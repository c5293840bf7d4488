/**
 * Faults of the app itself that nobody caught. Electron would show a box for each, and stand still until somebody closes it: no timer of
 * ours runs meanwhile, so an app that quits would never end. They are noted in place of that, and the app goes on, as it does after the box.
 */
import fs from 'node:fs';
import path from 'node:path';

const maxBytes = 64 * 1024;

export class FaultFile {
  readonly #file: string;

  constructor(stateDir: string) {
    this.#file = path.join(stateDir, 'faults.log');
  }

  /** Where it happened, and of what kind it was; not what it says, which may hold names of files. */
  note(error: unknown): void {
    const { name, code, frames } = plainFault(error);
    try {
      fs.mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      if (sizeOf(this.#file) > maxBytes) fs.renameSync(this.#file, `${this.#file}.old`);
      fs.appendFileSync(this.#file, `${new Date().toISOString()} ${name} ${code}\n${frames}\n`, { mode: 0o600 });
    } catch {
      // There is nowhere to say it.
    }
  }
}

export function plainFault(error: unknown): { readonly name: string; readonly code: string; readonly frames: string } {
  if (!(error instanceof Error)) return { name: typeof error, code: '', frames: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Lines of the message come before the first frame.
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return { name: error.name, code, frames: frames.join('\n') };
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
