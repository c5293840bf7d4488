import type { Random } from '../../src/base/random.ts';
import type { EpochKeys } from '../../src/crypto/epoch-keys.ts';
import { baseListener } from '../../src/engine/publish/base-listener.ts';
import { copyPast } from '../../src/engine/past/copy-past.ts';
import type { DiskPath } from '../../src/disk/disk.ts';
import type { EngineEvent } from '../../src/engine/engine-event.ts';
import type { EngineParts } from '../../src/engine/engine-parts.ts';
import { FileReader } from '../../src/engine/content/file-reader.ts';
import { FolderRules } from '../../src/engine/scan/folder-rules.ts';
import { indexContents } from '../../src/engine/content/index-contents.ts';
import { isIntegrityFailure } from '../../src/engine/problems.ts';
import { endOldDecisions } from '../../src/engine/past/decision.ts';
import { runPasses } from '../../src/engine/run-passes.ts';
import type { Hints, Meanwhile, Moment } from '../../src/engine/meanwhile.ts';
import { runPass } from '../../src/engine/sync-pass.ts';
import { IgnoreRules, ignoreFileMaxBytes, ignoreFileName } from '../../src/disk/ignore-rules.ts';
import { openJournalBook } from '../../src/index/journal-book.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';
import type { SeenVector } from '../../src/model/change.ts';
import type { NodeName } from '../../src/model/name.ts';
import { chunksOf } from '../../src/vault/chunk/content.ts';
import type { JournalKeys } from '../../src/vault/journal/journal-keys.ts';
import type { FoldListener } from '../../src/vault/journal/fold/fold-listener.ts';
import { Journal } from '../../src/vault/journal/journal.ts';
import { patienceMs } from '../../src/vault/journal/patience.ts';
import { PackStore } from '../../src/vault/pack/pack-store.ts';
import { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import { linuxPersonality, type Personality } from '../world/fake-disk/personality.ts';
import { MemoryStore } from '../world/memory-store.ts';
import { SeededRandom, seedFor } from '../world/seeded-random.ts';
import { DeviceClock } from './device-clock.ts';
import { beginStray, forgetStray, giveBackIndex, loadIndex, saveIndex, takeIndex, type IndexImage } from './index-pool.ts';
import { SimProcess, type Disturb, type PortCall } from './sim-process.ts';
import type { SimVault } from './sim-vault.ts';
import { NoTurns, quiet, type Turns } from './turns.ts';

const passesMax = 12;

/** How a run of the engine ended: all that could be done is done; it was killed; the folder changed faster than it was brought to rest. */
export type SyncEnd = 'done' | 'killed' | 'restless';

/** What is special about a run. */
export interface RunOptions {
  /** Where somebody said that something may have changed: nothing else is looked at. */
  readonly hints?: readonly string[] | undefined;
  /** With hints: what the system says was removed, and not moved away. */
  readonly removed?: readonly string[] | undefined;
  /** With hints: where something changed that is to rest before it is looked at. */
  readonly resting?: readonly string[] | undefined;
  /** Asked between the batches of a pass: where something has changed meanwhile, and rested. */
  readonly meanwhile?: (() => readonly string[]) | undefined;
  /** Done between the batches of a pass, before that is asked; whether it used the moment. */
  readonly asked?: ((moment: Moment, parts: EngineParts) => Promise<boolean>) | undefined;
  readonly disturb?: Disturb;
  readonly turns?: Turns;
  /** Decides with the vault's seed what is left to chance in this run; without it, how many came before does. */
  readonly run?: number | undefined;
}

/** A profile as a backup holds it. */
export interface ProfileImage {
  readonly index: IndexImage;
  readonly pin: SeenVector | undefined;
}

/** What is left to chance in a run, each by a stream of its own: what one draws shifts no other. */
type Chance = 'engine' | 'disk' | 'store' | 'power';

/** A whole engine over a fake disk and a fake store, and the person who uses its folder. */
export class SimDevice {
  readonly name: string;
  readonly clock: DeviceClock;
  readonly disk: FakeDisk;
  readonly events: EngineEvent[] = [];
  /** Told of each call at a port, and when news of the vault have come in. */
  onCall: (call: PortCall) => void = () => undefined;
  onNews: (index: SyncIndex) => void = () => undefined;
  /** Told when an own change has turned void. */
  onVoid: () => void = () => undefined;
  readonly #vault: SimVault;
  #store: MemoryStore;
  #keys: JournalKeys;
  #index: SyncIndex;
  #pin: SeenVector | undefined;
  #starts = 0;
  #chance: Readonly<Record<Chance, Random>>;
  #isLinked = false;
  #process: SimProcess | undefined;

  constructor(vault: SimVault, name: string, personality: Personality = linuxPersonality) {
    this.#vault = vault;
    this.clock = new DeviceClock(vault.clock);
    this.name = name;
    this.#keys = this.#enrol(name);
    this.#index = takeIndex();
    this.#chance = this.#chanceOf('link');
    this.disk = new FakeDisk({ clock: this.clock, random: { bytes: (count) => this.#chance.disk.bytes(count) }, personality });
    this.#store = new MemoryStore({
      clock: {
        nowMs: () => vault.clock.nowMs(),
        monotonicMs: () => vault.clock.monotonicMs(),
        sleep: (ms, signal) => this.#sleepInStore(ms, signal),
      },
      random: { bytes: (count) => this.#chance.store.bytes(count) },
      medium: vault.medium,
      label: name,
    });
  }

  /** The person's hands in the folder. */
  get user(): FakeDisk['user'] {
    return this.disk.user;
  }

  get index(): SyncIndex {
    return this.#index;
  }

  /** This device's view of the store: what it asked for, and what goes wrong there. */
  get store(): MemoryStore {
    if (this.#store.medium !== this.#vault.medium) this.#store = this.#store.view({ medium: this.#vault.medium });
    return this.#store;
  }

  /** Calls at the ports in the last run. */
  get calls(): number {
    return this.#process?.calls ?? 0;
  }

  /** Runs the engine until nothing changes any more, as `cachette sync` does. Throws what the engine throws, unless it was killed. */
  sync(options: RunOptions = {}): Promise<SyncEnd> {
    const { hints, removed = [], resting = [] } = options;
    const told = { removed: new Set(removed as readonly DiskPath[]), resting: () => resting as readonly DiskPath[] };
    const where = hints === undefined ? undefined : { paths: hints as readonly DiskPath[], ...told };
    return this.#live(options, () => this.#run(where, options));
  }

  /** Has the engine do something else, as another command does. Throws what that throws, unless it was killed. */
  act<Result>(run: (parts: EngineParts) => Promise<Result>, options: RunOptions = {}): Promise<Result | 'killed'> {
    return this.#live(options, async () => run(await this.#start()));
  }

  /** One life of a process. */
  async #live<Result>({ disturb = () => undefined, turns, run }: RunOptions, act: () => Promise<Result>): Promise<Result | 'killed'> {
    this.#starts += 1;
    this.#chance = this.#chanceOf(run === undefined ? `start ${this.#starts}` : `run ${run}`);
    const process = new SimProcess({
      name: this.name,
      disturb,
      turns: turns ?? new NoTurns(this.#vault.clock),
      trace: (call) => {
        this.#vault.trace.add(`${this.name} ${call.verb} ${call.path} ${call.toPath ?? ''}`);
        this.onCall(call);
      },
      onCrash: (how) => this.#crash(how),
    });
    await this.link();
    this.#attach(process);
    try {
      const result = await act();
      if (process.isAlive) return result;
      return await this.#bury();
    } catch (error) {
      if (process.isAlive) throw error;
      return await this.#bury();
    } finally {
      this.#detach();
    }
  }

  /** Whatever a dead process's promises still give or throw is nobody's business. */
  async #bury(): Promise<'killed'> {
    await quiet();
    forgetStray(this.#index);
    return 'killed';
  }

  /** Runs the engine as a watcher does: somebody said that something may have changed at these paths, and nothing more. */
  async look(...hints: readonly string[]): Promise<void> {
    await this.sync({ hints });
  }

  /** Marks the folder as this device's, once; else the first sync does. */
  async link(): Promise<void> {
    if (!this.#isLinked) await this.disk.open();
    this.#isLinked = true;
    this.disk.kill();
  }

  /** The profile as it is now, for `restoreProfile`. */
  saveProfile(): ProfileImage {
    return { index: saveIndex(this.#index), pin: this.#pin };
  }

  /** Index and pin are those of a backup. */
  restoreProfile({ index, pin }: ProfileImage): void {
    this.#index = loadIndex(this.#index, index);
    this.#pin = pin;
  }

  /** Only the index is. */
  restoreIndex({ index }: ProfileImage): void {
    this.#index = loadIndex(this.#index, index);
  }

  /** The index is lost, as after `rm -r` of the profile's cache. */
  loseIndex(): void {
    this.#replaceIndex();
  }

  /** The device joins anew, as another one of the same name, with what is in its folder. */
  joinAfresh(): void {
    this.#keys = this.#enrol(`${this.name} again ${this.#starts}`);
    this.#pin = undefined;
    this.#replaceIndex();
  }

  /** Lists of devices are listed later still than entries: they are in another folder. */
  #enrol(name: string): JournalKeys {
    return this.#vault.enrol(name, () => 2 * this.#store.faults.staleListMs);
  }

  /** Whether the vault has removed it. */
  get isRemoved(): boolean {
    return this.#vault.isRemoved(this.#keys.device);
  }

  /** Removes the other one from the vault, as `devices revoke` does: all that this one can know of it is kept. */
  async remove(other: SimDevice): Promise<void> {
    await this.act((parts) => this.removeMeanwhile(other, parts));
  }

  /** The same, in a run that is under way. */
  async removeMeanwhile(other: SimDevice, { journal }: EngineParts): Promise<void> {
    const { signal } = new AbortController();
    if (journal.hasPending) await journal.resumePending(signal);
    await journal.catchUp(signal);
    this.#vault.remove(other.#keys.device);
    await this.#keys.refresh(signal);
    await journal.catchUp(signal);
    await journal.heartbeat(signal);
  }

  /** The machine is not used any more. */
  retire(): void {
    giveBackIndex(this.#index);
  }

  #replaceIndex(): void {
    giveBackIndex(this.#index);
    this.#index = takeIndex();
  }

  async #run(hints: Hints | undefined, options: RunOptions): Promise<SyncEnd> {
    const parts = await this.#start();
    const meanwhile = meanwhileOf(options, parts);
    const { signal } = new AbortController();
    parts.index.dirty.releaseHeld();
    if (parts.journal.hasPending) await parts.journal.resumePending(signal);
    endOldDecisions(parts.index);
    // As a run by hand.
    if (hints === undefined) {
      const { isAtRest } = await runPasses(parts, { goesOn: true, isOnly: true, signal, meanwhile });
      if (isAtRest) await parts.journal.maybeCheckpoint(signal);
      return isAtRest ? 'done' : 'restless';
    }
    // As an agent, which hears of whatever is written, and takes it when it rests.
    for (let pass = 0; pass < passesMax; pass += 1) {
      const noted = parts.index.problems.count();
      try {
        const { isChanged } = await runPass(parts, signal, pass === 0 ? hints : { paths: [] }, meanwhile);
        if (isChanged) continue;
        await parts.journal.maybeCheckpoint(signal);
        return 'done';
      } catch (error) {
        // As in a real run: the store failed some files, which are noted; the next pass goes on with all others.
        if (!isIntegrityFailure(error) || parts.index.problems.count() === noted) throw error;
      }
    }
    return 'restless';
  }

  #attach(process: SimProcess): void {
    this.#process = process;
    this.disk.onCall = process.onDiskCall;
    this.disk.pause = process.pause;
    this.store.hooks.before = process.beforeRequest;
    this.store.hooks.after = process.afterRequest;
  }

  #detach(): void {
    this.disk.kill();
    this.disk.onCall = () => undefined;
    this.disk.pause = () => Promise.resolve();
    this.store.hooks.before = undefined;
    this.store.hooks.after = undefined;
  }

  #crash(how: 'kill' | 'power'): void {
    if (how === 'power') this.disk.losePower(this.#chance.power);
    else this.disk.kill();
    beginStray(this.#index);
  }

  #chanceOf(run: string): Readonly<Record<Chance, Random>> {
    const chance = (what: Chance): Random => new SeededRandom(seedFor(this.#vault.seed, `${this.name} ${run} ${what}`));
    return { engine: chance('engine'), disk: chance('disk'), store: chance('store'), power: chance('power') };
  }

  #sleepInStore(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    return this.#process?.clock(this.clock).sleep(delayMs, signal) ?? Promise.resolve();
  }

  async #start(): Promise<EngineParts> {
    const { sealing } = this.#vault;
    // As a session does when it opens.
    await this.#keys.refresh(new AbortController().signal);
    const epochKeys = (epoch: number): EpochKeys => this.#keys.epochKeys(epoch);
    const random = this.#chance.engine;
    const disk = this.disk.reopen();
    await disk.clearStaged();
    // A new process remembers nothing.
    const index = this.#index.reopen();
    this.#index = index;
    const clock = this.#process?.clock(this.clock) ?? this.clock;
    const journal = this.#openJournal(clock, random);
    return {
      index,
      disk,
      random,
      clock,
      journal,
      packs: new PackStore(this.store, { clock, delaysMs: patienceMs }),
      portions: this.#vault.portions,
      workshop: new FileReader({ disk, sealing, random, epochKeys, chunksMax: this.#vault.fileChunksMax }),
      device: { id: this.#keys.device, name: this.name },
      currentEpoch: () => this.#keys.current().epoch,
      rules: new FolderRules(new IgnoreRules([]), { name: ignoreFileName as NodeName, maxBytes: ignoreFileMaxBytes }),
      bringPast: async (signal) => {
        const scratch = SyncIndex.open(':memory:');
        try {
          await journal.bringPast(openJournalBook(scratch), (upTo) => copyPast(scratch, index, upTo), signal);
        } finally {
          scratch.close();
        }
      },
      readChunkList: (content, listed) => chunksOf(sealing.primitives, epochKeys(content.epoch), content, listed),
      emit: (event) => this.events.push(event),
    };
  }

  #listener(index: SyncIndex): FoldListener {
    const listener = baseListener(index);
    return {
      ...listener,
      revoked: (revoked) => {
        listener.revoked(revoked);
        this.onVoid();
      },
    };
  }

  #openJournal(clock: EngineParts['clock'], random: Random): Journal {
    const index = this.#index;
    const journal = new Journal({
      store: this.store,
      sealing: this.#vault.sealing,
      keys: this.#keys,
      book: openJournalBook(index),
      pinCopy: {
        read: () => this.#pin,
        write: async (vector) => {
          await this.#process?.beforePin();
          this.#pin = vector;
        },
      },
      listener: this.#listener(index),
      snapshotContents: indexContents(index),
      checkpointWorth: this.#vault.checkpointWorth,
      clock,
      random,
    });
    const catchUp = journal.catchUp.bind(journal);
    journal.catchUp = async (...args) => {
      const report = await catchUp(...args);
      this.onNews(index);
      return report;
    };
    return journal;
  }
}

function meanwhileOf({ meanwhile, asked }: RunOptions, parts: EngineParts): Meanwhile | undefined {
  if (meanwhile === undefined && asked === undefined) return undefined;
  return async (moment) => {
    const hasActed = (await asked?.(moment, parts)) ?? false;
    return { paths: (meanwhile?.() ?? []) as readonly DiskPath[], hasActed };
  };
}
