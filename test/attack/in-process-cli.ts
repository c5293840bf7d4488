import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { runCli, type CliProcess } from '../../src/cli/run-cli.ts';

/** What a run of the command line came to, as a script sees it. */
export interface CliOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longer sleeps are no patience but time limits: whoever sleeps them hopes to be woken before. */
const patienceMaxMs = 5_000;

/** How far all clocks are moved on; for whoever waits for hours. */
export const clockShift = { ms: 0 };

/** The real time, but whoever waits for a store to come right makes it leap: that costs a test nothing. */
export class LeapingRealClock implements Clock {
  #leaptMs = 0;

  nowMs(): number {
    return Date.now() + clockShift.ms + this.#leaptMs;
  }

  monotonicMs(): number {
    return performance.now() + this.#leaptMs;
  }

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (delayMs > patienceMaxMs) return systemClock.sleep(delayMs, signal);
    signal?.throwIfAborted();
    this.#leaptMs += Math.ceil(delayMs);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
}

/** The whole command line, in this process: the same code and the same output as a process of its own, without its start. */
export async function runInProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliOutcome> {
  return startInProcess(args, { env }).ended;
}

/** A command that is under way. */
export interface StartedCli {
  readonly ended: Promise<CliOutcome>;
  /** The first line on stdout; rejects where it ends without one. */
  readonly firstLine: Promise<string>;
  /** As Ctrl-C. */
  interrupt(): void;
}

/** The same, not waited for. Time leaps unless a clock is given. */
export function startInProcess(
  args: readonly string[],
  { env = {}, clock = new LeapingRealClock() }: { readonly env?: NodeJS.ProcessEnv; readonly clock?: Clock } = {},
): StartedCli {
  const { promise: firstLine, resolve, reject } = Promise.withResolvers<string>();
  const stdout = new Collector((text) => {
    if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
  });
  const stderr = new Collector(() => {});
  const proc = Object.assign(new EventEmitter(), { stdin: new PassThrough(), stdout, stderr, env: { ...env }, platform: process.platform });
  const ended = runCli(args, proc as unknown as CliProcess, clock).then((exitCode) => {
    reject(new Error(`it ended with ${exitCode}: ${stderr.text}`));
    return { exitCode, stdout: stdout.text, stderr: stderr.text };
  });
  firstLine.catch(() => {});
  return { ended, firstLine, interrupt: () => proc.emit('SIGINT', 'SIGINT') };
}

class Collector extends Writable {
  text = '';
  readonly #onText: (text: string) => void;

  constructor(onText: (text: string) => void) {
    super();
    this.#onText = onText;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    this.#onText(this.text);
    done();
  }
}
