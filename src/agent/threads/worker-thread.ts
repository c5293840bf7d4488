import { Worker } from 'node:worker_threads';
import { Failure } from '../../base/failure.ts';
import { native } from '../../base/native.ts';
import type { ChunkHost } from '../../engine/content/chunk-reader.ts';
import { fromPlainFailure } from './worker-messages.ts';
import type { FromWorker, HostAnswer, HostQuestion, ToWorker, WorkerSettings, WorkOrder, WorkResult } from './worker-messages.ts';

/** In the bundle both stand beside each other; in the sources, the worker is run as it is. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './chunk-worker.ts' : './chunk-worker.js', import.meta.url);

/** Heap of a worker. Blocks, chunks and packs are outside it; what is inside is the rows of one job. */
const heapMaxMb = 64;

interface Work {
  readonly host: ChunkHost | undefined;
  readonly resolve: (result: WorkResult) => void;
  readonly reject: (error: unknown) => void;
  /** What the host threw: it comes back to the giver of the work as it was thrown. */
  hostError?: { readonly error: unknown };
}

/** One worker thread, and the work that it has been given. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #secretOf: (epoch: number) => Uint8Array;
  readonly #known = new Set<number>();
  readonly #works = new Map<number, Work>();
  #lastWork = 0;
  /** Why it can take no more work. */
  #death: Failure | undefined;

  constructor(settings: WorkerSettings, secretOf: (epoch: number) => Uint8Array) {
    this.#secretOf = secretOf;
    // Nothing of the environment: the passphrase may stand in it. Native code is left out in all threads or in none.
    this.#worker = new Worker(workerUrl, {
      workerData: settings,
      env: native === undefined ? { CACHETTE_NO_NATIVE: '1' } : {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMaxMb, maxYoungGenerationSizeMb: 4 },
    });
    this.#worker.on('message', (message: FromWorker) => {
      this.#hear(message);
    });
    this.#worker.on('error', (error: unknown) => {
      this.#die(
        new Failure('E_FAILED', `a worker thread failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error }),
      );
    });
    this.#worker.on('exit', (code) => {
      this.#die(new Failure('E_FAILED', `a worker thread ended (${code})`));
    });
  }

  get death(): Failure | undefined {
    return this.#death;
  }

  /** Pieces of work that are not done yet. */
  get load(): number {
    return this.#works.size;
  }

  /** Throws what the worker or the host threw, E_FAILED where the worker dies over it. */
  run(
    order: WorkOrder,
    { host, transfer = [] }: { readonly host?: ChunkHost; readonly transfer?: ArrayBuffer[] } = {},
  ): Promise<WorkResult> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    this.#lastWork += 1;
    const work = this.#lastWork;
    const { promise, resolve, reject } = Promise.withResolvers<WorkResult>();
    this.#works.set(work, { host, resolve, reject });
    try {
      this.#teach(order);
      this.#post({ do: 'work', work, order }, transfer);
    } catch (error) {
      this.#works.delete(work);
      reject(error);
    }
    return promise;
  }

  async end(): Promise<void> {
    this.#die(new Failure('E_FAILED', 'the workshop was closed'));
    await this.#worker.terminate();
  }

  /** The secrets that this work needs and the worker does not have yet. */
  #teach(order: WorkOrder): void {
    const { epoch } = order.do === 'read' ? order.read : order.open;
    if (this.#known.has(epoch)) return;
    this.#post({ do: 'learn', epoch, secret: this.#secretOf(epoch) });
    this.#known.add(epoch);
  }

  #hear(message: FromWorker): void {
    const work = this.#works.get(message.work);
    if (work === undefined) return;
    if (message.say === 'ask') {
      void this.#answer(work, message);
      return;
    }
    this.#works.delete(message.work);
    if (message.say === 'done') work.resolve(message.result);
    else work.reject(work.hostError === undefined ? fromPlainFailure(message.failure) : work.hostError.error);
  }

  async #answer(work: Work, { question, ask }: { readonly question: number; readonly ask: HostQuestion }): Promise<void> {
    let answer: HostAnswer | undefined;
    try {
      answer = await askHost(work.host, ask);
    } catch (error) {
      work.hostError ??= { error };
    }
    if (this.#death === undefined) this.#post({ do: 'answer', question, answer });
  }

  #die(death: Failure): void {
    this.#death ??= death;
    for (const { reject } of this.#works.values()) reject(this.#death);
    this.#works.clear();
  }

  #post(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }
}

async function askHost(host: ChunkHost | undefined, ask: HostQuestion): Promise<HostAnswer> {
  if (host === undefined) throw new Failure('E_FAILED', 'a worker asked where nobody answers');
  if ('claim' in ask) return { spots: await host.claim(ask.epoch, ask.claim) };
  await host.give(ask.give);
  return { taken: true };
}
