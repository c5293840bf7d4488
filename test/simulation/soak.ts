/**
 * Random histories for as long as asked, on all cores; what fails is made small and told with its seed. Exit code 1 where
 * anything was found.
 */
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Coverage } from './coverage.ts';
import { describeCoverage } from './describe-coverage.ts';
import { describeFailure } from './draw-history.ts';
import type { History } from './history.ts';
import { runHistory } from './run-history.ts';
import type { Finding } from './search-histories.ts';
import type { SoakOrder, SoakReport } from './soak-messages.ts';
import { kinds, type Kind } from './trouble.ts';

const usage = `Options: --minutes N   how long (1); what was found is made small for up to two minutes more
         --seed S      first seed (by the clock)
         --kind K      one kind of trouble only; may be given again: ${Object.keys(kinds).join('; ')}
         --histories N at most so many of each process; --kind K --seed S --histories 1 runs one again
         --workers N   processes (as many as cores)
         --cells       tell all that was covered, cell by cell
         --replay FILE run a history that was written down`;

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
    kind: { type: 'string', multiple: true, default: Object.keys(kinds) },
    histories: { type: 'string', default: 'Infinity' },
    workers: { type: 'string' },
    cells: { type: 'boolean', default: false },
    replay: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function numberOf(name: 'minutes' | 'seed' | 'histories' | 'workers', text: string): number {
  const number = Number(text);
  if (Number.isNaN(number) || number < 0) throw new Error(`--${name} needs a number`);
  return number;
}

function kindsOf(names: readonly string[]): Kind[] {
  const unknown = names.find((name) => !Object.hasOwn(kinds, name));
  if (unknown !== undefined) throw new Error(`no kind of trouble '${unknown}'\n${usage}`);
  return names as Kind[];
}

class Soak {
  readonly #coverage = new Coverage();
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cachette-soak-'));
  #histories = 0;
  found = 0;

  async run(order: SoakOrder, workers: number): Promise<void> {
    const startMs = performance.now();
    const all = Array.from({ length: workers }, (_, at) => this.#work({ ...order, firstSeed: order.firstSeed + at, seedStep: workers }));
    await Promise.all(all);
    const seconds = (performance.now() - startMs) / 1000;
    const each = (this.#histories / seconds).toFixed(1);
    const perCore = Math.round((this.#histories / seconds / workers) * 60);
    say(describeCoverage(this.#coverage.tables, options.cells ? 'in full' : 'in short'));
    say(
      `${this.#histories} histories in ${seconds.toFixed(0)} s on ${workers} processes: ${each} a second, ${perCore} a minute and process`,
    );
    say(this.found === 0 ? 'no promise was broken' : `${this.found} histories broke a promise; the smallest are in ${this.#folder}`);
    if (this.found === 0) fs.rmSync(this.#folder, { recursive: true });
  }

  #work(order: SoakOrder): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = fork(path.join(import.meta.dirname, 'soak-worker.ts'), { serialization: 'advanced' });
      let isDone = false;
      const stop = (): void => {
        if (worker.connected) worker.send('stop');
      };
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
      worker.on('message', (report: SoakReport) => {
        if (report.what === 'found') {
          this.#tell(report.finding);
          return;
        }
        isDone = true;
        this.#histories += report.histories;
        this.#coverage.add(report.tables);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
        if (isDone) resolve();
        else reject(new Error(`a process ended before its time (${code ?? 'by a signal'})`));
      });
      worker.send(order);
    });
  }

  #tell({ kind, seed, sign, smallest }: Finding): void {
    this.found += 1;
    say(`FOUND ${sign}\n  again: npm run soak -- --kind '${kind}' --seed ${seed} --histories 1 --workers 1`);
    if (smallest === undefined) return;
    const file = path.join(this.#folder, `${kind.replaceAll(/\W+/g, '-')}-${seed}.json`);
    fs.writeFileSync(file, JSON.stringify(smallest.history, undefined, 2));
    say(`  smallest: npm run soak -- --replay ${file}\n  ${smallest.story}`);
  }
}

/** Whether the history that is written there held. */
async function replay(file: string): Promise<boolean> {
  const history = JSON.parse(fs.readFileSync(file, 'utf8')) as History;
  const result = await runHistory(history);
  say(describeFailure({ ...result, history }));
  return result.failure === undefined;
}

async function main(): Promise<number> {
  if (options.help) {
    say(usage);
    return 0;
  }
  if (options.replay !== undefined) return (await replay(options.replay)) ? 0 : 1;
  const soak = new Soak();
  const workers = numberOf('workers', options.workers ?? String(os.availableParallelism()));
  const order = {
    kinds: kindsOf(options.kind),
    firstSeed: numberOf('seed', options.seed),
    seedStep: 1,
    durationMs: numberOf('minutes', options.minutes) * 60_000,
    historiesMax: numberOf('histories', options.histories),
  };
  await soak.run(order, workers);
  return soak.found > 0 ? 1 : 0;
}

process.exitCode = await main();
