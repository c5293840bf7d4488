import { ignoreFileMaxBytes, ignoreFileName, IgnoreRules } from '../../src/disk/ignore-rules.ts';
import type { NodeName } from '../../src/model/name.ts';
import { baseListener } from '../../src/engine/base-listener.ts';
import type { DiskPath } from '../../src/disk/disk.ts';
import type { EngineEvent } from '../../src/engine/engine-event.ts';
import type { EngineParts } from '../../src/engine/engine-parts.ts';
import { indexContents } from '../../src/engine/index-contents.ts';
import { FolderRules } from '../../src/engine/folder-rules.ts';
import { FileReader } from '../../src/engine/file-reader.ts';
import { runPass } from '../../src/engine/sync-pass.ts';
import { openJournalBook } from '../../src/index/journal-book.ts';
import { SyncIndex } from '../../src/index/sync-index.ts';
import type { SeenVector } from '../../src/model/change.ts';
import { chunksOf } from '../../src/vault/chunk/content.ts';
import type { JournalKeys } from '../../src/vault/journal/journal-keys.ts';
import { Journal } from '../../src/vault/journal/journal.ts';
import { patienceMs } from '../../src/vault/journal/patience.ts';
import { PackStore } from '../../src/vault/pack/pack-store.ts';
import { FakeDisk } from '../world/fake-disk/fake-disk.ts';
import { MemoryStore } from '../world/memory-store.ts';
import { SeededRandom, seedFor } from '../world/seeded-random.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';
import type { SimVault } from './sim-vault.ts';

const passesMax = 12;

/** The process is gone, in the middle of whatever it did. */
class Crash extends Error {
  override readonly name = 'Crash';
}

/** A whole engine over a fake disk and a fake store, and the person who uses its folder. */
export class SimDevice {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly disk: FakeDisk;
  readonly store: MemoryStore;
  readonly events: EngineEvent[] = [];
  readonly #vault: SimVault;
  readonly #keys: JournalKeys;
  #index = SyncIndex.open(':memory:');
  #pin: SeenVector | undefined;
  #starts = 0;
  #isCrashed = false;
  #imageAtCrash: Uint8Array | undefined;

  constructor(vault: SimVault, name: string) {
    this.#vault = vault;
    this.clock = vault.clock;
    this.name = name;
    this.#keys = vault.enrol(name);
    this.disk = new FakeDisk({ clock: this.clock, random: new SeededRandom(seedFor(vault.seed, `disk ${name}`)) });
    this.store = new MemoryStore({
      clock: this.clock,
      random: new SeededRandom(seedFor(vault.seed, `store ${name}`)),
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

  /** Runs the engine until nothing changes any more, as `cachette sync` does. A crash ends it half-way; then true is not returned. */
  async sync(): Promise<boolean> {
    this.#isCrashed = false;
    try {
      const parts = await this.#start();
      const { signal } = new AbortController();
      parts.index.dirty.releaseHeld();
      if (parts.journal.hasPending) await parts.journal.resumePending(signal);
      for (let pass = 0; pass < passesMax; pass += 1) {
        if ((await runPass(parts, signal)).isChanged) continue;
        // As the program does at the end of a run.
        await parts.journal.maybeCheckpoint(signal);
        return true;
      }
      throw new Error(`${this.name} does not come to rest`);
    } catch (error) {
      // Whatever else a dead process's promises still throw is nobody's business.
      if (!this.#isCrashed) throw error;
      return false;
    } finally {
      this.stop();
    }
  }

  /** Runs the engine as a watcher does: somebody said that something may have changed at these paths, and nothing more. */
  async look(...paths: readonly string[]): Promise<void> {
    const parts = await this.#start();
    const { signal } = new AbortController();
    let { isChanged } = await runPass(parts, signal, paths as DiskPath[]);
    for (let pass = 1; isChanged && pass < passesMax; pass += 1) ({ isChanged } = await runPass(parts, signal, []));
    this.stop();
  }

  /** kill -9, at the call during which this is thrown. */
  crash(): Crash {
    this.#isCrashed = true;
    // What the dead process's promises still write is not there any more.
    this.#imageAtCrash = this.#index.serialize();
    return new Crash('killed');
  }

  /** kill -9: the index is as it was at its last commit, the folder as the engine left it. */
  stop(): void {
    this.disk.kill();
    const image = this.#imageAtCrash ?? this.#index.serialize();
    this.#imageAtCrash = undefined;
    this.#index.close();
    this.#index = SyncIndex.restore(image);
  }

  /** The index is lost, as after `rm -r` of the profile's cache. */
  loseIndex(): void {
    this.#index.close();
    this.#index = SyncIndex.open(':memory:');
  }

  async #start(): Promise<EngineParts> {
    const { sealing, epochKeys } = this.#vault;
    this.#starts += 1;
    const random = new SeededRandom(seedFor(this.#vault.seed, `engine ${this.name} ${this.#starts}`));
    const disk = await this.disk.open();
    await disk.clearStaged();
    const index = this.#index;
    const journal = new Journal({
      store: this.store,
      sealing,
      keys: this.#keys,
      book: openJournalBook(index),
      pinCopy: {
        read: () => this.#pin,
        write: (vector) => {
          this.#pin = vector;
          return Promise.resolve();
        },
      },
      listener: baseListener(index),
      snapshotContents: indexContents(index),
      checkpointWorth: this.#vault.checkpointWorth,
      clock: this.clock,
      random,
    });
    return {
      index,
      disk,
      journal,
      random,
      packs: new PackStore(this.store, { clock: this.clock, delaysMs: patienceMs }),
      workshop: new FileReader({ disk, sealing, random, epochKeys: () => epochKeys }),
      clock: this.clock,
      device: { id: this.#keys.device, name: this.name },
      currentEpoch: () => 1,
      rules: new FolderRules(new IgnoreRules([]), { name: ignoreFileName as NodeName, maxBytes: ignoreFileMaxBytes }),
      isExcluded: () => false,
      readChunkList: (content, listed) => chunksOf(sealing.primitives, epochKeys, content, listed),
      emit: (event) => this.events.push(event),
    };
  }
}
