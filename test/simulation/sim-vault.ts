import { toHex } from '../../src/base/bytes.ts';
import { Failure } from '../../src/base/failure.ts';
import { EpochKeys } from '../../src/crypto/epoch-keys.ts';
import { loadPrimitives } from '../../src/crypto/load-primitives.ts';
import { Seals } from '../../src/crypto/seal.ts';
import { parseId, type DeviceId, type KeyListHash } from '../../src/model/ids.ts';
import type { JournalKeyList, JournalKeys } from '../../src/vault/journal/journal-keys.ts';
import { usualPortions } from '../../src/engine/portions.ts';
import type { Sealing } from '../../src/vault/sealing.ts';
import { MemoryMedium } from '../world/memory-medium.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { SeededRandom, seedFor } from '../world/seeded-random.ts';
import type { CheckpointWorth } from '../../src/vault/journal/checkpoint/checkpoint-policy.ts';
import { Trace } from './trace.ts';

const primitives = loadPrimitives('sodium');

/** What the devices of a simulated vault share: a store's objects, and keys that all of them have. */
export class SimVault {
  readonly clock = new VirtualClock();
  readonly trace = new Trace();
  /** What the devices see; another one where the store's owner put a backup back. */
  medium = new MemoryMedium(this.clock);
  /** As usual unless set: a simulated vault is small. */
  checkpointWorth: CheckpointWorth | undefined;
  /** As usual unless set: a simulated folder is small. */
  portions = usualPortions;
  /** Chunks that a file may have; as many as the format allows unless set. */
  fileChunksMax: number | undefined;
  readonly seed: number;
  readonly sealing: Sealing;
  /** Of the first epoch. */
  readonly epochKeys: EpochKeys;
  readonly #signers = new Map<DeviceId, { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array }>();
  readonly #lists: SimKeyList[] = [{ hash: parseId('KeyListHash', '5'.repeat(64)), epoch: 1, removed: new Set(), madeMs: -Infinity }];
  readonly #epochs = new Map<number, EpochKeys>();

  constructor(seed: number) {
    this.seed = seed;
    const random = new SeededRandom(seedFor(seed, 'vault'));
    this.sealing = { primitives, seals: new Seals(primitives, random), vaultId: parseId('VaultId', toHex(random.bytes(32))) };
    this.epochKeys = new EpochKeys(primitives, 1, random.bytes(32));
    this.#epochs.set(1, this.epochKeys);
  }

  /** Keys of an epoch, for who may have them. */
  keysOf(epoch: number): EpochKeys {
    const known = this.#epochs.get(epoch);
    if (known !== undefined) return known;
    const keys = new EpochKeys(primitives, epoch, new SeededRandom(seedFor(this.seed, `epoch ${epoch}`)).bytes(32));
    this.#epochs.set(epoch, keys);
    return keys;
  }

  /** Of the newest list. */
  get epoch(): number {
    return this.#newest().epoch;
  }

  /** The device is removed: a new list, in a new epoch. */
  remove(device: DeviceId): void {
    const { epoch, removed } = this.#newest();
    const number = this.#lists.length;
    const hash = parseId('KeyListHash', number.toString(16).padStart(64, '6'));
    this.#lists.push({ hash, epoch: epoch + 1, removed: new Set([...removed, device]), madeMs: this.clock.nowMs() });
  }

  isRemoved(device: DeviceId): boolean {
    return this.#newest().removed.has(device);
  }

  /**
   * A new device's keys: it is in every key list at once, as enrolment has tests of its own. `listDelayMs`: how late the store
   * it sees lists what was added.
   */
  enrol(name: string, listDelayMs: () => number = () => 0): JournalKeys {
    const random = new SeededRandom(seedFor(this.seed, `device ${name}`));
    const device = parseId('DeviceId', toHex(random.bytes(16)));
    const pair = primitives.signingPair(random.bytes(32));
    this.#signers.set(device, pair);
    let known = this.#lists.length;
    const newest = (): SimKeyList => this.#lists[known - 1] ?? this.#newest();
    return {
      device,
      signingSecret: pair.secretKey,
      current: () => this.#view(newest()),
      findList: (hash) => {
        const list = this.#lists.slice(0, known).find((each) => each.hash === hash);
        return list && this.#view(list);
      },
      signingKey: (id) => this.#signers.get(id)?.publicKey,
      epochKeys: (epoch) => {
        if (epoch > newest().epoch) throw new Failure('E_EPOCH', `no keys of epoch ${epoch}`);
        return this.keysOf(epoch);
      },
      refresh: (_signal, named) => {
        const shownMs = this.clock.nowMs() - listDelayMs();
        const shown = this.#lists.filter(({ madeMs, hash }) => madeMs <= shownMs || hash === named).length;
        known = Math.max(known, shown);
        if (newest().removed.has(device)) return Promise.reject(new Failure('E_REVOKED', 'this device was removed from the vault'));
        return Promise.resolve();
      },
    };
  }

  #newest(): SimKeyList {
    const list = this.#lists.at(-1);
    if (list === undefined) throw new Error('no list');
    return list;
  }

  #view({ hash, epoch, removed }: SimKeyList): JournalKeyList {
    return {
      hash,
      epoch,
      activeDevices: [...this.#signers.keys()].filter((id) => !removed.has(id)),
      signingKeyOf: (id) => (removed.has(id) ? undefined : this.#signers.get(id)?.publicKey),
    };
  }
}

interface SimKeyList {
  readonly hash: KeyListHash;
  readonly epoch: number;
  readonly removed: ReadonlySet<DeviceId>;
  readonly madeMs: number;
}
