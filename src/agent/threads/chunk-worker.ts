/** A worker thread: reads, cuts, names, seals and opens with the code that runs in line elsewhere (engine/content/chunk-reader.ts). */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { systemClock } from '../../base/clock.ts';
import { Failure, unreachable } from '../../base/failure.ts';
import { systemRandom } from '../../base/random.ts';
import { EpochKeys } from '../../crypto/epoch-keys.ts';
import { loadPrimitives } from '../../crypto/load-primitives.ts';
import { Seals } from '../../crypto/seal.ts';
import { openNodeDisk } from '../../disk/node-disk.ts';
import { ChunkReader, type ChunkHost, type GivenChunk } from '../../engine/content/chunk-reader.ts';
import type { ChunkFault, OpenJob } from '../../engine/content/workshop.ts';
import { shipBytes } from './ship-bytes.ts';
import { toPlainFailure } from './worker-messages.ts';
import type { FromWorker, HostAnswer, HostQuestion, ToWorker, WorkerSettings, WorkOrder, WorkResult } from './worker-messages.ts';

class ChunkWorker {
  readonly #port: MessagePort;
  readonly #reader: ChunkReader;
  readonly #keys = new Map<number, EpochKeys>();
  readonly #asked = new Map<number, (answer: HostAnswer | undefined) => void>();
  #lastQuestion = 0;

  constructor(port: MessagePort, { rootDir, mark, vaultId, primitives: provider }: WorkerSettings) {
    const primitives = loadPrimitives(provider);
    this.#port = port;
    this.#reader = new ChunkReader({
      disk: openNodeDisk({ rootDir, mark, clock: systemClock, random: systemRandom }),
      sealing: { primitives, seals: new Seals(primitives, systemRandom), vaultId },
      epochKeys: (epoch) => this.#epochKeys(epoch),
    });
    port.on('message', (message: ToWorker) => {
      switch (message.do) {
        case 'learn':
          this.#keys.set(message.epoch, new EpochKeys(primitives, message.epoch, message.secret));
          return;
        case 'answer':
          this.#asked.get(message.question)?.(message.answer);
          this.#asked.delete(message.question);
          return;
        case 'work':
          void this.#work(message.work, message.order);
          return;
        default:
          unreachable(message);
      }
    });
  }

  async #work(work: number, order: WorkOrder): Promise<void> {
    try {
      const { result, transfer } = await this.#run(work, order);
      this.#say({ say: 'done', work, result }, transfer);
    } catch (error) {
      this.#say({ say: 'failed', work, failure: toPlainFailure(error) });
    }
  }

  async #run(work: number, order: WorkOrder): Promise<{ result: WorkResult; transfer: ArrayBuffer[] }> {
    switch (order.do) {
      case 'read':
        return { result: { readings: await this.#reader.read(order.read, this.#host(work)) }, transfer: [] };
      case 'open':
        return this.#open(order.open);
      default:
        return unreachable(order);
    }
  }

  #open(job: OpenJob): { result: WorkResult; transfer: ArrayBuffer[] } {
    const opened = this.#reader.open(job, true);
    const { arrays, transfer } = shipBytes(opened.filter((chunk) => chunk instanceof Uint8Array));
    const gone = new Set<ArrayBufferLike>(transfer);
    // Given back at once, unless they go along: waiting for the collector would keep several packs in memory.
    for (const buffer of new Set(job.chunks.map(({ sealed }) => sealed.buffer)))
      if (buffer instanceof ArrayBuffer && !gone.has(buffer)) buffer.transfer(0);
    const rest = arrays.values();
    const shipped = opened.map((chunk): Uint8Array | ChunkFault => (chunk instanceof Uint8Array ? (rest.next().value ?? chunk) : chunk));
    return { result: { opened: shipped }, transfer };
  }

  /** The pool of packs, at the other end of the port. */
  #host(work: number): ChunkHost {
    return {
      claim: async (epoch, chunks) => {
        const answer = await this.#ask(work, { claim: chunks, epoch });
        return 'spots' in answer ? answer.spots : [];
      },
      give: async (chunks: readonly GivenChunk[]) => {
        const { arrays, transfer } = shipBytes(chunks.map(({ sealed }) => sealed));
        await this.#ask(work, { give: chunks.map((chunk, at) => ({ ...chunk, sealed: arrays[at] ?? chunk.sealed })) }, transfer);
      },
    };
  }

  async #ask(work: number, ask: HostQuestion, transfer: ArrayBuffer[] = []): Promise<HostAnswer> {
    this.#lastQuestion += 1;
    const question = this.#lastQuestion;
    const { promise, resolve } = Promise.withResolvers<HostAnswer | undefined>();
    this.#asked.set(question, resolve);
    this.#say({ say: 'ask', work, question, ask }, transfer);
    const answer = await promise;
    // The main thread knows why, and says so to whoever gave the work.
    if (answer === undefined) throw new Failure('E_FAILED', 'the engine gave this work up');
    return answer;
  }

  #epochKeys(epoch: number): EpochKeys {
    const keys = this.#keys.get(epoch);
    if (keys === undefined) throw new Failure('E_EPOCH', `a worker was not told the keys of epoch ${epoch}`);
    return keys;
  }

  #say(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

if (parentPort === null) throw new Failure('E_FAILED', 'this file is run as a worker thread');
// eslint-disable-next-line no-new -- it lives by its port
new ChunkWorker(parentPort, workerData as WorkerSettings);
