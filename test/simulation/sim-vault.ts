import { toHex } from '../../src/base/bytes.ts';
import { EpochKeys } from '../../src/crypto/epoch-keys.ts';
import { loadPrimitives } from '../../src/crypto/load-primitives.ts';
import { Seals } from '../../src/crypto/seal.ts';
import { parseId, type DeviceId } from '../../src/model/ids.ts';
import type { JournalKeyList, JournalKeys } from '../../src/vault/journal/journal-keys.ts';
import type { Sealing } from '../../src/vault/sealing.ts';
import { MemoryMedium } from '../world/memory-medium.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { SeededRandom, seedFor } from '../world/seeded-random.ts';
import type { CheckpointWorth } from '../../src/vault/journal/checkpoint-policy.ts';
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
  readonly seed: number;
  readonly sealing: Sealing;
  readonly epochKeys: EpochKeys;
  readonly #signers = new Map<DeviceId, { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array }>();
  readonly #listHash = parseId('KeyListHash', '5'.repeat(64));

  constructor(seed: number) {
    this.seed = seed;
    const random = new SeededRandom(seedFor(seed, 'vault'));
    this.sealing = { primitives, seals: new Seals(primitives, random), vaultId: parseId('VaultId', toHex(random.bytes(32))) };
    this.epochKeys = new EpochKeys(primitives, 1, random.bytes(32));
  }

  /** A new device's keys: it is in the (only) key list at once. Enrolment has tests of its own. */
  enrol(name: string): JournalKeys {
    const random = new SeededRandom(seedFor(this.seed, `device ${name}`));
    const device = parseId('DeviceId', toHex(random.bytes(16)));
    const pair = primitives.signingPair(random.bytes(32));
    this.#signers.set(device, pair);
    const list = (): JournalKeyList => ({
      hash: this.#listHash,
      epoch: 1,
      activeDevices: [...this.#signers.keys()],
      signingKeyOf: (id) => this.#signers.get(id)?.publicKey,
    });
    return {
      device,
      signingSecret: pair.secretKey,
      current: list,
      findList: (hash) => (hash === this.#listHash ? list() : undefined),
      signingKey: (id) => this.#signers.get(id)?.publicKey,
      epochKeys: () => this.epochKeys,
      refresh: () => Promise.resolve(),
    };
  }
}
