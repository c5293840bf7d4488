import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerProcess } from '../servers/server-process.ts';
import type { Command } from './measured-run.ts';

const patienceMs = 30 * 60_000;
const lookEveryMs = 20;

/** A process that runs beside what is measured: a server, an agent. */
export class Background {
  readonly #process: ServerProcess;
  readonly #logFile: string;

  /** `port`: it is up when it takes connections there; left out: at once. What it printed before goes. */
  static async start({ program, args, env = {} }: Command, logFile: string, port?: number): Promise<Background> {
    fs.rmSync(logFile, { force: true });
    const background = new Background(new ServerProcess({ command: program, args, env, logFile, port }), logFile);
    await background.#process.start();
    return background;
  }

  private constructor(process: ServerProcess, logFile: string) {
    this.#process = process;
    this.#logFile = logFile;
  }

  /** Waits for a line with these words; the line. */
  async said(words: string): Promise<string> {
    for (const untilMs = performance.now() + patienceMs; performance.now() < untilMs; await sleep(lookEveryMs)) {
      const line = fs
        .readFileSync(this.#logFile, 'utf8')
        .split('\n')
        .slice(0, -1)
        .find((each) => each.includes(words));
      if (line !== undefined) return line;
      if (this.#process.pid === undefined) break;
    }
    throw new Error(`it never said ${words}: ${fs.readFileSync(this.#logFile, 'utf8').slice(-2000)}`);
  }

  /** What all its threads took so far, and the memory that it has now. */
  usage(): { readonly cpuSeconds: number; readonly residentBytes: number } {
    const of = (file: string): string => fs.readFileSync(`/proc/${this.#process.pid}/${file}`, 'utf8');
    // After the name, which may hold anything: user and system time are the 12th and 13th.
    const ticks = of('stat').split(') ').at(-1)?.split(' ').slice(11, 13).map(Number) ?? [];
    const kib = Number(/^VmRSS:\s+(?<kib>\d+) kB$/m.exec(of('status'))?.groups?.['kib']);
    return { cpuSeconds: ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond, residentBytes: kib * 1024 };
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}

/** Linux tells times to programs in hundredths, whatever it counts in itself. */
const ticksPerSecond = 100;
