/** A random history of whole engines: acts, syncs, crashes, power cuts, races and a poor store; what must hold afterwards. */
import { Failure } from '../../src/base/failure.ts';
import type { SeededChoice } from '../world/seeded-choice.ts';
import { SeededChoice as Choice } from '../world/seeded-choice.ts';
import { SeededRandom, seedFor } from '../world/seeded-random.ts';
import { noFaults } from '../world/store-faults.ts';
import { SimDevice } from './sim-device.ts';
import { SimVault } from './sim-vault.ts';
import { actRandomly, Ledger } from './user-acts.ts';

/** What kinds of trouble a history has. */
export interface Trouble {
  readonly crashes: boolean;
  readonly powerCuts: boolean;
  readonly races: boolean;
  readonly poorStore: boolean;
  readonly lostIndex: boolean;
}

export const noTrouble: Trouble = { crashes: false, powerCuts: false, races: false, poorStore: false, lostIndex: false };
export const allTrouble: Trouble = { crashes: true, powerCuts: true, races: true, poorStore: true, lostIndex: false };

/** Codes that a poor store may rightly cause while it is poor. */
const passing = new Set(['E_STORE_UNREACHABLE', 'E_MISSING', 'E_TAMPER', 'E_FORMAT']);

/** Acts of people during one sync; for ever would mean that it never comes to rest. */
const racesMax = 8;

class History {
  readonly log: string[] = [];
  readonly ledger = new Ledger();
  readonly devices: readonly SimDevice[];
  readonly #choice: SeededChoice;
  readonly #trouble: Trouble;
  readonly #seed: number;
  readonly #vault: SimVault;

  constructor(seed: number, trouble: Trouble) {
    this.#seed = seed;
    this.#choice = new Choice(seedFor(seed, 'acts'));
    this.#trouble = trouble;
    this.#vault = new SimVault(seed);
    // Every other vault has checkpoints all the time.
    if (seed % 2 === 0) this.#vault.checkpointWorth = { entries: 3, bodyBytes: 1e9 };
    this.devices = ['ann', 'bob', 'eve'].slice(0, 2 + this.#choice.below(2)).map((name) => new SimDevice(this.#vault, name));
  }

  async run(): Promise<void> {
    for (let phase = 0; phase < 4; phase += 1) {
      for (const device of this.devices) {
        for (let count = this.#choice.below(5); count > 0; count -= 1) this.#act(device);
      }
      for (const device of this.devices) if (this.#choice.below(4) > 0) await this.#troubledSync(device);
    }
    await this.#settle();
    this.#check();
    await this.#checkRest();
  }

  #act(device: SimDevice, when = ''): void {
    this.log.push(`${device.name}${when}: ${actRandomly(device, this.#choice, this.ledger)}`);
    device.disk.kernel.writeBack();
  }

  async #troubledSync(device: SimDevice): Promise<void> {
    this.#prepare(device);
    try {
      const isDone = await device.sync();
      this.log.push(`${device.name} syncs${isDone ? '' : ' and is killed'}`);
    } catch (error) {
      if (!(error instanceof Failure) || !passing.has(error.code) || !this.#trouble.poorStore) throw error;
      this.log.push(`${device.name} syncs: ${error.code}`);
    } finally {
      this.#calm(device);
    }
  }

  /** Decides what goes wrong in the device's next run. */
  #prepare(device: SimDevice): void {
    const { crashes, powerCuts, races, poorStore, lostIndex } = this.#trouble;
    if (lostIndex && this.#choice.below(8) === 0) device.loseIndex();
    if (poorStore) this.#spoil(device);
    const crashAt = crashes && this.#choice.below(3) === 0 ? this.#choice.below(120) : -1;
    const isPowerCut = powerCuts && this.#choice.below(2) === 0;
    const raceRate = races && this.#choice.below(2) === 0 ? 12 : 0;
    let calls = 0;
    let isActing = false;
    let raced = 0;
    device.disk.onCall = (call) => {
      if (isActing) return undefined;
      calls += 1;
      if (calls === crashAt) {
        if (isPowerCut) device.disk.losePower(new SeededRandom(seedFor(this.#seed, `power ${this.log.length}`)));
        throw device.crash();
      }
      if (raced < racesMax && raceRate > 0 && call.mutates && this.#choice.below(raceRate) === 0) {
        isActing = true;
        raced += 1;
        this.#act(device, ' meanwhile');
        isActing = false;
      }
      return undefined;
    };
  }

  #spoil(device: SimDevice): void {
    Object.assign(device.store.faults, {
      loseRequest: this.#choice.below(3) === 0 ? 0.05 : 0,
      loseResponse: this.#choice.below(3) === 0 ? 0.05 : 0,
      lateDelivery: this.#choice.below(4) === 0 ? 0.05 : 0,
      duplicate: this.#choice.below(4) === 0 ? 0.05 : 0,
      staleListMs: this.#choice.below(4) === 0 ? 30_000 : 0,
      halfVisible: this.#choice.below(5) === 0 ? 0.1 : 0,
      listPageMax: this.#choice.below(2) === 0 ? 2 : 1000,
      onExisting: this.#choice.of(['refuse', 'keep', 'overwrite'] as const) ?? 'refuse',
    });
  }

  #calm(device: SimDevice): void {
    device.disk.onCall = () => undefined;
    Object.assign(device.store.faults, noFaults);
  }

  /** All trouble is over: everybody syncs until there is nothing to do. */
  async #settle(): Promise<void> {
    this.#vault.clock.advance(3_600_000);
    for (let round = 0; round < 4; round += 1) for (const device of this.devices) await device.sync();
  }

  #check(): void {
    const [first, ...others] = this.devices.map(describeFolder);
    others.forEach((other, at) => {
      if (other !== first) throw new Error(`${this.devices[at + 1]?.name ?? ''} differs:\n${first ?? ''}\n---\n${other}`);
    });
    const live = new Set(Object.values(this.devices[0]?.user.texts() ?? {}));
    for (const text of this.ledger.mustLive) if (!live.has(text)) throw new Error(`lost: ${text}`);
    for (const text of live) if (!this.ledger.everWritten.has(text)) throw new Error(`nobody wrote: ${text}`);
    for (const device of this.devices) {
      if (device.index.dirty.count() > 0) throw new Error(`${device.name} is not at rest`);
      const staged = [...device.user.tree('.cachette/staged').keys()];
      if (staged.length > 0) throw new Error(`${device.name} left ${staged.join(', ')}`);
    }
  }

  async #checkRest(): Promise<void> {
    for (const device of this.devices) {
      const puts = device.store.counters.requests.putNew;
      await device.sync();
      if (device.store.counters.requests.putNew !== puts) throw new Error(`${device.name} writes at rest`);
    }
  }
}

/** Everything that is synced: a folder's times are not. */
function describeFolder(device: SimDevice): string {
  return [...device.user.tree()].map(([path, seen]) => `${path} ${seen.kind === 'folder' ? 'folder' : JSON.stringify(seen)}`).join('\n');
}

/** Runs the history of this seed. Throws with its log where something did not hold. */
export async function runHistory(seed: number, trouble: Trouble): Promise<void> {
  const history = new History(seed, trouble);
  try {
    await history.run();
  } catch (error) {
    for (const device of history.devices)
      history.log.push(
        `${device.name}: ${device.index.dirty.count()} at odds (${device.index.dirty.countHeld()} held), problems ${JSON.stringify(device.index.problems.list(5))}`,
      );
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`seed ${seed}: ${message}\n  ${history.log.join('\n  ')}`, { cause: error });
  }
}
