import os from 'node:os';
import { Failure } from '../base/failure.ts';
import type { ChunkFault, FileReading, OpenJob, ReadJob, Workshop, WorkshopHost } from '../engine/workshop.ts';
import { shipBytes } from './ship-bytes.ts';
import type { WorkerSettings } from './worker-messages.ts';
import { WorkerThread } from './worker-thread.ts';

/** More threads would only hold memory: two seal faster than a disk or a store takes. */
const threadsMax = 2;

export interface ThreadedWorkshopSettings {
  readonly worker: WorkerSettings;
  /** Secret of an epoch. Throws E_EPOCH. */
  readonly secretOf: (epoch: number) => Uint8Array;
  readonly threads?: number;
}

/** A thread with the reads and flushes that it takes one after the other. */
interface Bench {
  thread: WorkerThread | undefined;
  turn: Promise<void>;
  waiting: number;
}

/**
 * The Workshop over worker threads, started when first needed. Chunks, packs and plaintexts change hands without being
 * copied; `open` uses up the buffers that it is given. A thread that dies fails its work, and another one takes its place.
 */
export class ThreadedWorkshop implements Workshop {
  readonly width: number;
  readonly #settings: ThreadedWorkshopSettings;
  readonly #benches: readonly Bench[];
  /** A thread that died took open packs with it: said at the next flush, so that nobody builds on them. */
  #loss: Failure | undefined;
  #isClosed = false;

  constructor(settings: ThreadedWorkshopSettings) {
    this.#settings = settings;
    this.width = Math.max(1, Math.min(settings.threads ?? threadsMax, os.availableParallelism()));
    this.#benches = Array.from({ length: this.width }, () => ({ thread: undefined, turn: Promise.resolve(), waiting: 0 }));
  }

  async read(job: ReadJob, host: WorkshopHost): Promise<readonly FileReading[]> {
    const bench = leastBusy(this.#benches, ({ waiting }) => waiting);
    const result = await this.#inTurn(bench, () => this.#threadAt(bench).run({ do: 'read', read: job }, { host }));
    return 'readings' in result ? result.readings : [];
  }

  async flush(host: WorkshopHost): Promise<void> {
    const started = this.#benches.filter(({ thread }) => thread !== undefined);
    await Promise.all(started.map((bench) => this.#inTurn(bench, () => this.#threadAt(bench).run({ do: 'flush' }, { host }))));
    const loss = this.#loss;
    this.#loss = undefined;
    if (loss !== undefined) throw loss;
  }

  async open(job: OpenJob): Promise<readonly (Uint8Array | ChunkFault)[]> {
    const bench = leastBusy(this.#benches, ({ thread }) => thread?.load ?? 0);
    const { arrays, transfer } = shipBytes(job.chunks.map(({ sealed }) => sealed));
    const chunks = job.chunks.map((chunk, at) => ({ ...chunk, sealed: arrays[at] ?? chunk.sealed }));
    const result = await this.#threadAt(bench).run({ do: 'open', open: { ...job, chunks } }, { transfer });
    return 'opened' in result ? result.opened : [];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#benches.map(async ({ thread }) => thread?.end()));
  }

  /** Reads and flushes of one thread never overlap: they share its open packs. */
  async #inTurn<Result>(bench: Bench, act: () => Promise<Result>): Promise<Result> {
    const before = bench.turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.turn = promise;
    bench.waiting += 1;
    try {
      await before;
      return await act();
    } finally {
      bench.waiting -= 1;
      resolve();
    }
  }

  #threadAt(bench: Bench): WorkerThread {
    if (this.#isClosed) throw new Failure('E_FAILED', 'the workshop was closed');
    if (bench.thread?.death !== undefined) {
      this.#loss ??= bench.thread.death;
      bench.thread = undefined;
    }
    bench.thread ??= new WorkerThread(this.#settings.worker, this.#settings.secretOf);
    return bench.thread;
  }
}

function leastBusy(benches: readonly Bench[], busyness: (bench: Bench) => number): Bench {
  let [best] = benches;
  for (const bench of benches) if (best === undefined || busyness(bench) < busyness(best)) best = bench;
  if (best === undefined) throw new Failure('E_FAILED', 'a workshop without benches');
  return best;
}
