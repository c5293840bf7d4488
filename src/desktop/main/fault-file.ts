/**
 * Faults of the app itself that nobody caught. Electron would show a box for each, and stand still until somebody closes it: no timer of
 * ours runs meanwhile, so an app that quits would never end. They are noted in place of that, and the app goes on, as it does after the box.
 */
import fs from 'node:fs';
import path from 'node:path';
import { plainFrame } from '../../base/plain-frame.ts';

const maxBytes = 64 * 1024;
const framesMax = 30;
/** Of what a person may send: the last ones. */
const toldLinesMax = 200;

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

  /** The last of them, with nothing that a line of ours would not hold. */
  told(): string[] {
    try {
      return fs.readFileSync(this.#file, 'utf8').split('\n').filter(isOurs).slice(-toldLinesMax);
    } catch {
      return [];
    }
  }
}

export function plainFault(error: unknown): { readonly name: string; readonly code: string; readonly frames: string } {
  if (!(error instanceof Error)) return { name: typeof error, code: '', frames: '' };
  const code = 'code' in error && typeof error.code === 'string' && /^[A-Z_0-9]{1,40}$/.test(error.code) ? error.code : '';
  const name = /^\w{1,40}$/.test(error.name) ? error.name : 'Error';
  const lines = stackOf(error).flatMap((line) => (/^ {4}at /.test(line) ? [`    ${plainFrame(line.trim())}`] : []));
  return { name, code, frames: lines.slice(0, framesMax).join('\n') };
}

/** Without the message, each of whose lines could look like a frame. */
function stackOf({ stack = '', message }: Error): string[] {
  const at = message === '' ? 0 : stack.indexOf(message);
  return at === -1 ? [] : stack.slice(at + message.length).split('\n');
}

function isOurs(line: string): boolean {
  return /^ {4}at [\w.#$<>]*\([\w.:-]*\)$/.test(line) || /^[\d-]{10}T[\d:.]{8,12}Z \w{1,40} [A-Z_0-9]{0,40}$/.test(line);
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
