import os from 'node:os';
import { Failure } from '../../base/failure.ts';
import { native } from '../../base/native.ts';
import { systemRandom } from '../../base/random.ts';
import { EpochKeys } from '../../crypto/epoch-keys.ts';
import { loadPrimitives } from '../../crypto/load-primitives.ts';
import { Seals } from '../../crypto/seal.ts';
import type { ChunkHost } from '../../engine/content/chunk-reader.ts';
import { PackPool, type PackLease } from '../../engine/content/pack-pool.ts';
import { PackSlabs } from '../../engine/content/pack-slabs.ts';
import type { ChunkFault, FileReading, OpenJob, ReadJob, Workshop, WorkshopHost } from '../../engine/content/workshop.ts';
import { collectYoung } from './collect-garbage.ts';
import { giveYoungRoom } from './give-young-room.ts';
import { growHeap } from './keep-heap-tight.ts';
import { shipBytes } from './ship-bytes.ts';
import type { WorkerSettings } from './worker-messages.ts';
import { WorkerThread } from './worker-thread.ts';

/** More threads would only hold memory: two seal faster than a disk or a store takes. */
const threadsMax = 2;

/**
 * Jobs of small files in one thread. While the main thread publishes it answers nobody, for a tenth of a second: so many jobs go on to
 * where they need its answer, and then all get it at once (a fifth of the time of a first upload of 20,000 files of 10 KB).
 */
const smallAtOnce = 6;

/**
 * Of files and chunks that are smaller one thread reads, seals and opens more than the main thread records: a second one costs its start,
 * the compiling of the same code, and 20 MB (a tenth of the processor time of a first upload of 20,000 files of 10 KB).
 */
const smallBytes = 32 * 1024;

export interface ThreadedWorkshopSettings {
  readonly worker: WorkerSettings;
  /** Secret of an epoch. Throws E_EPOCH. */
  readonly secretOf: (epoch: number) => Uint8Array;
  readonly threads?: number;
}

/**
 * As many reads beside each other as there are lanes (each holds a window of chunks in memory), in the threads of these places. One that
 * waits takes the first lane that is free: bound to one before, it would wait behind a large file while another thread has nothing to do.
 */
class Lanes {
  readonly #free: number[];
  readonly #load: (thread: number) => number;
  readonly #waiting: ((thread: number) => void)[] = [];
  readonly #running = new Set<Promise<unknown>>();

  constructor(threads: readonly number[], load: (thread: number) => number) {
    this.#free = [...threads];
    this.#load = load;
  }

  run<Result>(act: (thread: number) => Promise<Result>): Promise<Result> {
    const run = this.#inLane(act);
    this.#running.add(run);
    void Promise.allSettled([run]).then(() => this.#running.delete(run));
    return run;
  }

  /** Resolves when all that was begun so far is done. */
  async end(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #inLane<Result>(act: (thread: number) => Promise<Result>): Promise<Result> {
    const thread = await this.#take();
    try {
      return await act(thread);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(thread);
      else next(thread);
    }
  }

  #take(): number | Promise<number> {
    if (this.#free.length === 0) return new Promise((resolve) => this.#waiting.push(resolve));
    const thread = leastOf(this.#free, this.#load);
    this.#free.splice(this.#free.indexOf(thread), 1);
    return thread;
  }
}

/**
 * The Workshop over worker threads, started when first needed. They read, cut, seal and open; what they seal is gathered here
 * in packs. `open` uses up the buffers that it is given. A thread that dies fails its work, and another one takes its place.
 */
export class ThreadedWorkshop implements Workshop {
  readonly width: number;
  readonly #settings: ThreadedWorkshopSettings;
  /** All of the first thread. */
  readonly #smallLanes: Lanes;
  /** Large files: one at a time in each thread. */
  readonly #largeLanes: Lanes;
  readonly #threads: (WorkerThread | undefined)[];
  readonly #pool: PackPool;
  #isClosed = false;

  constructor(settings: ThreadedWorkshopSettings) {
    this.#settings = settings;
    const threads = Math.max(1, Math.min(settings.threads ?? threadsMax, os.availableParallelism()));
    this.width = Math.max(threads, smallAtOnce);
    this.#threads = Array.from({ length: threads }, () => undefined);
    const load = (thread: number): number => this.#loadOf(thread);
    this.#smallLanes = new Lanes(
      Array.from({ length: smallAtOnce }, () => 0),
      load,
    );
    this.#largeLanes = new Lanes([...this.#threads.keys()], load);
    const { vaultId, primitives: provider } = settings.worker;
    const primitives = loadPrimitives(provider);
    this.#pool = new PackPool({
      sealing: { primitives, seals: new Seals(primitives, systemRandom), vaultId },
      random: systemRandom,
      epochKeys: (epoch) => new EpochKeys(primitives, epoch, settings.secretOf(epoch)),
      slabs: new PackSlabs(),
    });
  }

  async read(job: ReadJob, host: WorkshopHost): Promise<readonly FileReading[]> {
    const bytes = job.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    growHeap('tight');
    const lanes = isSmall(bytes, job.files.length) ? this.#smallLanes : this.#largeLanes;
    const lease = this.#pool.lease(host);
    try {
      const result = await lanes.run((thread) => {
        // What waited for a lane is not begun after all: to the end of a large file it can take minutes.
        host.signal?.throwIfAborted();
        return this.#threadAt(thread).run({ do: 'read', read: job }, { host: receiving(lease) });
      });
      return 'readings' in result ? result.readings : [];
    } finally {
      lease.end();
    }
  }

  async flush(host: WorkshopHost): Promise<void> {
    await Promise.all([this.#smallLanes.end(), this.#largeLanes.end()]);
    await this.#pool.flush(host);
    // What comes next is the main thread's: what the workers' buffers leave behind would be kept beside it.
    native?.giveBackMemory?.();
    giveYoungRoom();
  }

  async open(job: OpenJob): Promise<readonly (Uint8Array | ChunkFault)[]> {
    const bytes = job.chunks.reduce((sum, { place }) => sum + place.plainBytes, 0);
    const small = isSmall(bytes, job.chunks.length);
    growHeap(small ? 'tight' : 'loose');
    if (!small) collectYoung();
    const places = small ? [0] : this.#threads.keys();
    const at = leastOf([...places], (place) => this.#loadOf(place));
    const { arrays, transfer } = shipBytes(job.chunks.map(({ sealed }) => sealed));
    const chunks = job.chunks.map((chunk, at) => ({ ...chunk, sealed: arrays[at] ?? chunk.sealed }));
    const result = await this.#threadAt(at).run({ do: 'open', open: { ...job, chunks } }, { transfer });
    return 'opened' in result ? result.opened : [];
  }

  giveBack(opened: readonly (Uint8Array | ChunkFault)[]): void {
    letGo(opened.filter((chunk) => chunk instanceof Uint8Array));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#pool.clear();
    await Promise.all(this.#threads.map(async (thread) => thread?.end()));
  }

  #loadOf(at: number): number {
    return this.#threads[at]?.load ?? 0;
  }

  #threadAt(at: number): WorkerThread {
    if (this.#isClosed) throw new Failure('E_FAILED', 'the workshop was closed');
    const known = this.#threads[at];
    if (known !== undefined && known.death === undefined) return known;
    return (this.#threads[at] = new WorkerThread(this.#settings.worker, this.#settings.secretOf));
  }
}

/** Small things all go to one thread: the other one, which would wait for the main thread too, is started for nothing but them. */
function isSmall(bytes: number, count: number): boolean {
  return bytes < smallBytes * count;
}

/** The lease, for chunks that come in buffers of their own: these are let go as soon as the pool has what is in them. */
function receiving(lease: PackLease): ChunkHost {
  return {
    claim: (epoch, chunks) => lease.claim(epoch, chunks),
    give: (chunks) => {
      const taken = lease.give(chunks);
      letGo(chunks.map(({ sealed }) => sealed));
      return taken;
    },
  };
}

/** Waiting for the collector would keep many megabytes. */
function letGo(arrays: readonly Uint8Array[]): void {
  for (const buffer of new Set(arrays.map((array) => array.buffer))) if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

function leastOf<Place>(places: readonly Place[], busyness: (place: Place) => number): Place {
  let [best] = places;
  for (const place of places) if (best === undefined || busyness(place) < busyness(best)) best = place;
  if (best === undefined) throw new Failure('E_FAILED', 'a workshop without threads');
  return best;
}
