/**
 * Stands in for src/agent/threads/threaded-workshop.ts where a test runs the command line in its own process: the worker threads'
 * own code (engine/content/file-reader.ts) without threads, whose start would cost more than everything else a case does. The cases of
 * program.test.ts run with threads.
 */
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import type { ThreadedWorkshopSettings } from '../../src/agent/threads/threaded-workshop.ts';
import { EpochKeys } from '../../src/crypto/epoch-keys.ts';
import { loadPrimitives } from '../../src/crypto/load-primitives.ts';
import { Seals } from '../../src/crypto/seal.ts';
import { openNodeDisk } from '../../src/disk/node-disk.ts';
import { FileReader } from '../../src/engine/content/file-reader.ts';
import type { Workshop } from '../../src/engine/content/workshop.ts';

/** Has the name of what it stands in for. */
export class ThreadedWorkshop implements Workshop {
  readonly width = 1;
  readonly #reader: FileReader;
  readonly #secretOf: ThreadedWorkshopSettings['secretOf'];
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ worker: { rootDir, mark, vaultId, primitives: provider }, secretOf }: ThreadedWorkshopSettings) {
    const primitives = loadPrimitives(provider);
    this.#secretOf = secretOf;
    this.#reader = new FileReader({
      disk: openNodeDisk({ rootDir, mark, clock: systemClock, random: systemRandom }),
      sealing: { primitives, seals: new Seals(primitives, systemRandom), vaultId },
      random: systemRandom,
      epochKeys: (epoch) => new EpochKeys(primitives, epoch, this.#secretOf(epoch)),
    });
  }

  read: Workshop['read'] = (job, host) => this.#inTurn(() => this.#reader.read(job, host));
  flush: Workshop['flush'] = (host) => this.#inTurn(() => this.#reader.flush(host));
  open: Workshop['open'] = async (job) => this.#reader.open(job);
  giveBack: Workshop['giveBack'] = (opened) => this.#reader.giveBack(opened);
  close: Workshop['close'] = () => this.#reader.close();

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
