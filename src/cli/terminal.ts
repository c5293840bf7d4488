/** The process's standard streams, as the commands use them: results on stdout, everything else on stderr. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Failure } from '../base/failure.ts';

export interface Terminal {
  /** Whether a person can be asked. */
  readonly canAsk: boolean;
  /** Whether progress is looked at by a person. */
  readonly isWatched: boolean;
  /** One line of a result. */
  result(line: string): void;
  /** A piece of a line of a result, where it may be larger than memory. */
  part(text: string): void;
  /** One line for people. */
  message(line: string): void;
  /** What is typed, without showing it. Throws E_LOCKED where typing was broken off. */
  askHidden(question: string): Promise<string>;
  /** For who ends with the process that started it: aborted once standard input ends. `stop`: nobody listens any more. */
  watchInput(): { readonly ended: AbortSignal; stop(): void };
}

/**
 * Standard streams. A reader of stdout that went away (`| head`) is no error: what is written then goes nowhere. Nor is one of
 * stderr: nobody could be told, and the exit code still says how it went.
 */
export function openTerminal({ stdin, stdout, stderr }: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'>): Terminal {
  let isTold = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Once: whoever says it writes there, too.
    if (error.code === 'EPIPE' || isTold) return;
    isTold = true;
    throw new Failure('E_DISK', `what is to be said can't be written: ${error.message}`, { cause: error });
  });
  stderr.on('error', () => {});
  return {
    canAsk: stdin.isTTY,
    isWatched: stderr.isTTY,
    result: (line) => {
      stdout.write(`${line}\n`);
    },
    part: (text) => {
      stdout.write(text);
    },
    message: (line) => {
      stderr.write(`${line}\n`);
    },
    watchInput: () => {
      const ending = new AbortController();
      const end = (): void => ending.abort(new Error('standard input ended'));
      for (const event of ['end', 'close', 'error']) stdin.once(event, end);
      stdin.resume();
      return { ended: ending.signal, stop: () => void stdin.destroy() };
    },
    askHidden: async (question) => {
      stderr.write(question);
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      lines.once('line', resolve);
      lines.once('close', () => {
        reject(new Failure('E_LOCKED', 'no passphrase was typed'));
      });
      try {
        return await promise;
      } finally {
        lines.close();
        stderr.write('\n');
      }
    },
  };
}
