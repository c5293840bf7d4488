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

/** The real time, but whoever waits for a store to come right makes it leap: that costs a test nothing. */
export class LeapingRealClock implements Clock {
  #leaptMs = 0;

  nowMs(): number {
    return Date.now() + this.#leaptMs;
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
  const [stdout, stderr] = [new Collector(), new Collector()];
  const proc = Object.assign(new EventEmitter(), { stdin: new PassThrough(), stdout, stderr, env, platform: process.platform });
  const exitCode = await runCli(args, proc as unknown as CliProcess, new LeapingRealClock());
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

class Collector extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
